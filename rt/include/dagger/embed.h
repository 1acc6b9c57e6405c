/* WebAssembly modules inside a C or C++ program, as `daggercc --emit=archive` compiles them. The
 * header of a module, which has this text in it, adds one function for each function it exports.
 *
 * An instance of a module has its own memory, globals, tables, streams and stack. It is used by one
 * thread at a time, different instances by different threads at once. Guest code can harm neither
 * the program nor other instances: what WebAssembly forbids ends the call with a result that says
 * so, and the instance can be used further, as far as the guest itself can after being interrupted.
 *
 * Functions that return an int return an enum dagger_result: 0 if all went well. docs/embedding.md
 * has more of it all.
 */
#ifndef DAGGER_EMBED_H
#define DAGGER_EMBED_H
#define DAGGER_EMBED_VERSION 3

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct dagger_module;   /* what was compiled: constant, for any number of instances */
struct dagger_instance; /* made by dagger_instance_new, freed by dagger_instance_free */

enum dagger_result {
    DAGGER_RESULT_OK = 0,

    /* Traps: the guest's code did what WebAssembly forbids. */
    DAGGER_RESULT_OUT_OF_BOUNDS = 1, /* memory; also of the functions below */
    DAGGER_RESULT_INTEGER_OVERFLOW = 2,
    DAGGER_RESULT_DIVIDE_BY_ZERO = 3,
    DAGGER_RESULT_INVALID_CONVERSION = 4,
    DAGGER_RESULT_UNREACHABLE = 5,   /* also what AssemblyScript's abort comes to */
    DAGGER_RESULT_CALL_INDIRECT = 6, /* of no function, or one of another type */
    DAGGER_RESULT_NULL_REFERENCE = 7,
    DAGGER_RESULT_UNCAUGHT_EXCEPTION = 8,
    DAGGER_RESULT_UNALIGNED = 9,
    DAGGER_RESULT_STACK_EXHAUSTED = 10, /* of the instance's own stack of 16 MiB */
    DAGGER_RESULT_TABLE_OUT_OF_BOUNDS = 11,
    DAGGER_RESULT_OUT_OF_FUEL = 12, /* no trap but a limit: see dagger_fuel_set */
    DAGGER_RESULT_UNDEFINED = 13,   /* of --allow-undefined-imports; dagger_message names it */

    /* All else: no code of the guest ran, or it ended in good order. */
    DAGGER_RESULT_FAILED = 64, /* the host can't provide something: dagger_message says what */
    DAGGER_RESULT_BUSY = 65,   /* another thread is in this instance */
    DAGGER_RESULT_WRONG_MODULE = 66, /* the instance is of another module */
    DAGGER_RESULT_VERSION = 67, /* modules in this program are of different versions of daggercc */
    DAGGER_RESULT_PROCESSOR = 68,   /* compiled for another processor than this one */
    DAGGER_RESULT_UNDELIVERED = 69, /* not all that the guest wrote to its streams got there */
    DAGGER_RESULT_EXITED = 70,      /* the guest has ended itself: dagger_instance_exit_status */
};

/* A short English text of a result; static. */
const char *dagger_result_text(int result);

/* What the last function of this thread that did not return 0 had to say: the text of its result,
 * or more. Valid until the next one fails in this thread. */
const char *dagger_message(void);

/* How an instance is made. Zeroed, or NULL in its place, is good for most. Strings are copied. */
struct dagger_options {
    /* The most bytes of linear memory the instance may have, over all its memories; 0: as the
     * module and --max-memory say, whose limits hold in any case. */
    uint64_t max_memory;

    /* The same of the elements of all its tables, of the streams it has open at once (with WASI
     * three from the start and one for each directory), and of the bytes that are read and written
     * by each stream; 0: as --max-table, --max-streams and --max-stream-bytes say. */
    uint64_t max_table;
    uint64_t max_streams;
    uint64_t max_stream_bytes;

    /* Of a module compiled with --fuel=N: the instructions it may run, those included that making
     * the instance takes; at most INT64_MAX, 0: N. Another module is FAILED. */
    uint64_t fuel;

    /* For modules that open streams. The folder that file:// is looked up beneath (NULL: the
     * working directory), a file of certificates to trust for https (NULL: the system's), and
     * limits in milliseconds for http and https (0: 10,000 and 60,000). The variables DAGGER_... of
     * the environment have no effect. */
    const char *root;
    const char *ca_file;
    int connect_timeout_ms;
    int idle_timeout_ms;

    /* Says whether the guest may open a URL, given as the guest gave it but with the scheme in
     * lower case; NULL: every one that its kind allows. Called on the guest's stack, of which 200
     * KiB are free; it may call functions of this or other instances, but must return. */
    bool (*allowed)(void *context, const char *url);
    void *context;

    /* For modules that import WASI, or open args:// and env://. Lists end with NULL; NULL in place
     * of one is an empty one: a guest has what is given here and nothing else. The arguments, the
     * guest's name first; variables, "NAME=VALUE" each; and directories, "HOST" (which the guest
     * knows by the same name), "HOST::GUEST", or "HOST::GUEST::ro" to have nothing changed in it.
     * HOST is looked up here and now, from the working directory. */
    const char *const *arguments;
    const char *const *environment;
    const char *const *directories;

    /* WASI's descriptors 0, 1 and 2 are the program's standard streams. Else input is empty, and
     * what is written to the others goes nowhere. */
    bool standard_streams;
};

/* Makes an instance: its memory, tables and segments, its start function, and the exported function
 * "_initialize" if there is one. On success *instance is to be freed by dagger_instance_free; else
 * it is NULL and nothing is left of it. `options` may be NULL. */
int dagger_instance_new(const struct dagger_module *module, const struct dagger_options *options,
                        struct dagger_instance **instance);

/* Delivers and closes its streams and gives all it has back to the system. NULL is nothing. BUSY,
 * and nothing has happened, while a call of the instance runs; else the instance is gone, whatever
 * is returned: 0 or UNDELIVERED. */
int dagger_instance_free(struct dagger_instance *instance);

/* The status with which the guest ended itself: WASI's proc_exit, which exit() of C comes to. All
 * calls of the instance return EXITED from then on; its memory can still be read. 0 before. */
int32_t dagger_instance_exit_status(const struct dagger_instance *instance);

/* Fuel, of a module compiled with --fuel; any other is FAILED. A call that needs more than is left
 * ends with OUT_OF_FUEL; so does each later one, without any code of the guest being run, until it
 * is given more. A call costs 1 for each instruction; docs/limits.md has it all. To limit each
 * call, set it before each. Also within a call, by dagger_options.allowed; BUSY while another
 * thread is in the instance. */
int dagger_fuel_set(struct dagger_instance *instance, uint64_t fuel); /* at most INT64_MAX */
int dagger_fuel_add(struct dagger_instance *instance, uint64_t more); /* at most to INT64_MAX */
int dagger_fuel_left(struct dagger_instance *instance, uint64_t *left);

/* The instance's memory: the one exported as "memory", or the only one. Addresses are the guest's:
 * an i32 that a function gave or takes. What is outside the memory as large as it is now is
 * OUT_OF_BOUNDS, and nothing was copied. A module without memory has 0 bytes of it. */
uint64_t dagger_memory_size(const struct dagger_instance *instance); /* bytes */
int dagger_memory_read(const struct dagger_instance *instance, uint32_t address, void *data,
                       size_t len);
int dagger_memory_write(struct dagger_instance *instance, uint32_t address, const void *data,
                        size_t len);

/* The same memory without a copy: `len` bytes from `address` on, NULL if they are not all inside.
 * Memory never moves nor shrinks, so the pointer is good until the instance is freed; but the guest
 * may change what is there whenever it runs. */
void *dagger_memory_at(struct dagger_instance *instance, uint32_t address, size_t len);

/* Adds pages of 65,536 bytes. *before, which may be NULL, gets the number there was. FAILED, and
 * nothing has changed, when the limits or the host do not allow it. */
int dagger_memory_grow(struct dagger_instance *instance, uint32_t pages, uint32_t *before);

#ifdef __cplusplus
}
#endif
#endif
