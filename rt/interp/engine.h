/* wabt's interpreter, behind plain C. One guest a process; nothing of it is ever freed, since the
 * process ends with the guest.
 *
 * The module has been read by compiler/module.h and this is its clean copy, which wabt reads and
 * validates again. What wabt 1.0.32 is known to do wrong is kept from it or put right here:
 *   a call_indirect that exhausts its stack of frames goes on as if the function had returned;
 *   its stack of values has no limit, and its list of references on that stack only grows;
 *   an exception from a call just before a try is caught by that try;
 *   a catch takes the locals of its function off the stack;
 *   exceptions that were thrown are never freed.
 */
#ifndef DAGGER_RT_INTERP_ENGINE_H
#define DAGGER_RT_INTERP_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dagger/imports.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ENGINE_NONE UINT32_MAX /* no such function or memory */

struct engine_module {
    const uint8_t *bytes; /* the clean copy */
    size_t size;
    bool multi_memory, extended_const, exceptions; /* it uses them */
    uint32_t memory;                               /* that the calls work on */
    uint64_t max_pages;    /* of 64 KiB, for each memory, whatever the module says */
    uint64_t max_elements; /* for each table */
    uint32_t fuel_global;  /* the i64 that holds what is left of the fuel; ENGINE_NONE: none does */
};

/* A call of the guest's to an import: number of `calls` below, or their count for one that is not
 * among them, which has this `name`. Arguments are as wide as they are, `memory` is of `size`
 * bytes, may move when the guest runs, and is NULL if the guest has none. Returns NULL, or the
 * words of a trap, which live on. */
struct engine_call {
    size_t number;
    const char *name;
    const uint64_t *arguments;
    uint8_t *memory;
    uint64_t size;
};

struct engine_host {
    const struct dagger_import *calls; /* by name, what may be imported from "dagger" */
    size_t call_count;
    const char *(*call)(const struct engine_call *call, uint32_t *result);
    bool (*is_over)(void); /* asked now and then: true ends it by a trap, "stopped" */
};

enum engine_ending {
    ENGINE_RETURNED,
    ENGINE_TRAPPED,
    ENGINE_FAILED, /* not the guest's fault: the host is out of memory */
};

struct engine_outcome {
    enum engine_ending ending;
    const char *message; /* of a trap or failure, wabt's words; lives as long as the process */
};

/* Reads and validates. Returns 0, or -1 and *message, which may hold text of the module. Both
 * structures are copied, the bytes are borrowed until it returns. */
int engine_load(const struct engine_module *module, const struct engine_host *host,
                const char **message);

/* Makes the instance, without its start function, which is run like any other. */
struct engine_outcome engine_instantiate(void);

enum { ENGINE_VALUES_MAX = 32 };

/* Runs function `index` of the guest's own with as many arguments as it takes; it gives results as
 * its type says, both at most ENGINE_VALUES_MAX numbers, each in the low bits. How many of wabt's
 * own instructions it took is added to `*instructions`. */
struct engine_outcome engine_run(uint32_t index, const uint64_t *arguments, uint64_t *results,
                                 uint64_t *instructions);

/* Of an instance with fuel_global. */
int64_t engine_fuel_left(void);
void engine_set_fuel(uint64_t left);

/* After a trap: the functions that were active, innermost first. Of a very deep recursion only the
 * ends are right. */
void engine_frames(void (*frame)(void *argument, uint32_t function), void *argument);

/* Bytes of the memory that the calls work on. */
uint64_t engine_memory_size(void);

#ifdef __cplusplus
}
#endif

#endif
