/* What executables may be made for other than this machine, and what that takes: docs/cross.md. */
#ifndef DAGGER_COMPILER_TARGET_H
#define DAGGER_COMPILER_TARGET_H

#include <stdbool.h>

#include "args.h"
#include "places.h"

/* X(triple as Debian's cross compilers have it, Debian packages of compiler and C library).
 * scripts/target reads the rows, too. */
#define TARGETS(X)                                                                                 \
    X("aarch64-linux-gnu", "gcc-aarch64-linux-gnu libc6-dev-arm64-cross")                          \
    X("x86_64-linux-gnu", "gcc-x86-64-linux-gnu libc6-dev-amd64-cross")                            \
    X("x86_64-linux-musl", "musl-tools")
#define TARGET_NAME(triple, packages) " " triple

/* In the temporary folder: headers that the target's compiler lacks. */
#define TARGET_INCLUDE "target-include"

struct target {
    const char *triple, *packages;
};

/* The row of a triple, or NULL after a message that begins with `option`. */
const struct target *target_find(const char *option, const char *triple);

/* Its compiler's name; allocated. */
char *target_compiler(const struct target *target);

/* Its C library is musl; false of NULL, this machine. */
bool target_is_musl(const struct target *target);

/* The macro that its compilers define; allocated. */
char *target_macro(const struct target *target);

/* Its folder of runtime archives instead of this machine's: places->library. */
void target_set_places(const struct target *target, struct places *places);

/* Is the runtime there? Returns 0, or -1 after a message. */
int target_check_runtime(const struct target *target, const struct places *places);

/* What links a static-PIE: arguments before the objects, and behind all. */
void target_add_static(const struct target *target, struct args *argv);
void target_add_static_end(const struct target *target, struct args *argv);

#endif
