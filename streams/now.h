/* The time of a clock, as one number of nanoseconds. */
#ifndef DAGGER_STREAMS_NOW_H
#define DAGGER_STREAMS_NOW_H

#include <stdint.h>
#include <time.h>

enum { DAGGER_SECOND = 1000000000 }; /* in nanoseconds */

/* Nanoseconds by CLOCK_REALTIME, CLOCK_MONOTONIC or CLOCK_PROCESS_CPUTIME_ID, which never fail. */
static inline int64_t dagger_now(clockid_t id)
{
    struct timespec time;
    clock_gettime(id, &time);
    return (int64_t)time.tv_sec * DAGGER_SECOND + time.tv_nsec;
}

/* The moment of CLOCK_MONOTONIC that is `ms` milliseconds away, INT64_MAX for never. */
static inline int64_t dagger_deadline(int64_t ms)
{
    int64_t end;
    return __builtin_mul_overflow(ms, DAGGER_SECOND / 1000, &end) ||
                   __builtin_add_overflow(end, dagger_now(CLOCK_MONOTONIC), &end)
               ? INT64_MAX
               : end;
}

#endif
