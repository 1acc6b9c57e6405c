/* The time of a clock, as one number. */
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

#endif
