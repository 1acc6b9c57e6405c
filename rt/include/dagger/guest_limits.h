/* Limits of a guest, but for fuel: one table of what they are called. docs/limits.md has what each
 * does. */
#ifndef DAGGER_GUEST_LIMITS_H
#define DAGGER_GUEST_LIMITS_H

#include <stdint.h>

/* X(member of struct dagger_limits, variable of the environment that narrows it, kind of its value:
 * SIZE: bytes, NUMBER, SECONDS: kept in milliseconds) */
#define DAGGER_LIMITS(X)                                                                           \
    X(memory, "DAGGER_MAX_MEMORY", SIZE)             /* bytes, over all memories */                \
    X(table, "DAGGER_MAX_TABLE", NUMBER)             /* elements, over all tables */               \
    X(streams, "DAGGER_MAX_STREAMS", NUMBER)         /* open at once */                            \
    X(stream_bytes, "DAGGER_MAX_STREAM_BYTES", SIZE) /* read and written, of each stream */        \
    X(cpu_time, "DAGGER_MAX_CPU_TIME", SECONDS)      /* that the process keeps processors busy */  \
    X(time, "DAGGER_MAX_TIME", SECONDS)              /* that pass */

/* 0: no limit but those that hold for all guests. */
struct dagger_limits {
#define X(member, ...) uint64_t member;
    DAGGER_LIMITS(X)
#undef X
};

/* The longest time a limit can have. */
#define DAGGER_LIMIT_MILLISECONDS UINT64_C(2000000000)

#endif
