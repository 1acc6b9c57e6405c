/* Traps: the end of a guest that did what WebAssembly forbids. */
#ifndef DAGGER_RT_TRAP_H
#define DAGGER_RT_TRAP_H

#include <stdbool.h>

#include "arch.h"
#include "frames.h"

/* Why, in the words of the specification's tests (assert_trap) where they have some. wasm2c's
 * reasons first, in the order of wasm_rt_trap_t; then what the runtime can tell apart itself. */
#define DAGGER_TRAPS(X)                                                                            \
    X(NONE, "unknown reason")                                                                      \
    X(OUT_OF_BOUNDS, "out of bounds memory access")                                                \
    X(INTEGER_OVERFLOW, "integer overflow")                                                        \
    X(DIVIDE_BY_ZERO, "integer divide by zero")                                                    \
    X(INVALID_CONVERSION, "invalid conversion to integer")                                         \
    X(UNREACHABLE, "unreachable")                                                                  \
    X(CALL_INDIRECT, "undefined element or indirect call type mismatch")                           \
    X(NULL_REFERENCE, "null reference")                                                            \
    X(UNCAUGHT_EXCEPTION, "uncaught exception")                                                    \
    X(UNALIGNED, "unaligned atomic")                                                               \
    X(STACK_EXHAUSTED, "call stack exhausted")                                                     \
    X(TABLE_OUT_OF_BOUNDS, "out of bounds table access")                                           \
    X(OUT_OF_FUEL, "out of fuel")                                                                  \
    X(UNDEFINED, "an import that is not there was called")

/* What ends a guest from outside; OUT_OF_FUEL is one of them, too. */
#define DAGGER_TIME_LIMITS(X)                                                                      \
    X(OUT_OF_CPU_TIME, "out of processor time")                                                    \
    X(OUT_OF_TIME, "out of time")

enum dagger_trap {
#define X(name, text) DAGGER_TRAP_##name,
    DAGGER_TRAPS(X)
#undef X
        DAGGER_TRAP_COUNT,
    DAGGER_TRAP_BEFORE_LIMITS = DAGGER_TRAP_COUNT - 1,
#define X(name, text) DAGGER_TRAP_##name,
    DAGGER_TIME_LIMITS(X)
#undef X
};

const char *dagger_trap_text(enum dagger_trap reason);

/* Is it the end by a limit, which has a status and the word "limit" instead of "trap"? */
bool dagger_trap_is_limit(enum dagger_trap reason);

struct dagger_trap_record {
    enum dagger_trap reason;
    struct dagger_registers registers; /* where the guest was */
};

/* The end of a guest that trapped, whoever ran it: delivers the streams, says what happened on
 * standard error, with the frames that `list` adds, and ends the process. An unreachable without
 * fuel is out of fuel. */
_Noreturn void dagger_trap_end(enum dagger_trap reason,
                               void (*list)(struct dagger_frames *frames, const void *argument),
                               const void *argument);

/* A list without any. */
void dagger_no_frames(struct dagger_frames *frames, const void *argument);

/* Delivers the streams, says what happened on standard error and ends the process. `record` is a
 * struct dagger_trap_record; runs on any stack but the guest's. */
void dagger_trap_finish(void *record);

/* What a trap's line has after its reason, ": " and this: text that is shown as it is. NULL, the
 * default: nothing. */
extern const char *dagger_trap_detail;

/* A trap from C: takes the caller's registers and finishes on the host's stack. */
_Noreturn void dagger_trap(enum dagger_trap reason);

#endif
