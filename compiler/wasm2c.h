/* Which wasm2c to use, and what each version is trusted with. */
#ifndef DAGGER_COMPILER_WASM2C_H
#define DAGGER_COMPILER_WASM2C_H

#include <stdbool.h>

#include "args.h"
#include "module_features.h"
#include "places.h"

/* The C that wasm2c writes is a contract with one wasm-rt.h, so only versions that were looked into
 * are used. X(patch: version 1.0.patch, features trusted). Not trusted in any:
 *   tail calls: the instance pointer is used uninitialised;
 *   64-bit memories before 1.0.42: address plus offset can wrap, out of the memory;
 *   exceptions in 1.0.36: no exnref, and locals lose values across a catch;
 *   a catch_all after a catch: an else without braces covers its first statement only;
 *   code after a rethrow: it is translated with more values popped than there are.
 * Before 1.0.40 the result of a select with a type passes for any type: see clean_code.h. */
#define WASM2C_BASIC      (FEATURE(SIMD) | FEATURE(MULTI_MEMORY) | FEATURE(EXTENDED_CONST))
#define WASM2C_EXCEPTIONS (FEATURE(EXCEPTIONS) | FEATURE(EXCEPTIONS_LEGACY))
#define WASM2C_VERSIONS(X)                                                                         \
    X(36, WASM2C_BASIC)                                                                            \
    X(37, WASM2C_BASIC | WASM2C_EXCEPTIONS)                                                        \
    X(38, WASM2C_BASIC | WASM2C_EXCEPTIONS)                                                        \
    X(39, WASM2C_BASIC | WASM2C_EXCEPTIONS)                                                        \
    X(40, WASM2C_BASIC | WASM2C_EXCEPTIONS)                                                        \
    X(41, WASM2C_BASIC | WASM2C_EXCEPTIONS)                                                        \
    X(42, WASM2C_BASIC | WASM2C_EXCEPTIONS)

struct wasm2c_version {
    const char *text; /* "1.0.39" */
    int number;       /* 1039, as -DDAGGER_WASM2C_VERSION hands it to the runtime's headers */
    feature_set trusted;
};

struct wasm2c {
    char *path;
    const struct wasm2c_version *version;
    char *node, *runner; /* the npm package's is a script: node and what runs it there; else NULL */
};

/* Finds it: `wanted` (--wasm2c, may be NULL), DAGGER_WASM2C, PATH if supported, the one in
 * places->share. Returns 0, or -1 after a message that says what is wrong with each. `verbose`: say
 * also why one was passed over. */
int wasm2c_find(struct wasm2c *wasm2c, const char *wanted, const struct places *places,
                bool verbose);
void wasm2c_release(struct wasm2c *wasm2c);

/* Starts an argument vector that runs wasm2c, or its neighbour wat2wasm. */
void wasm2c_command(const struct wasm2c *wasm2c, struct args *argv);

/* wat2wasm beside the chosen wasm2c, else on PATH. Returns 0 and the start of an argument vector,
 * or -1 after a message. */
int wasm2c_wat2wasm_command(const struct wasm2c *wasm2c, struct args *argv);

#endif
