/* libc.h: for cases that are written against wasi-libc, whose names some of ours would take. */
#ifndef LIBC_H
#define LIBC_H

#define O_CREATE        WASI_O_CREATE
#define CLOCK_REALTIME  WASI_CLOCK_REALTIME
#define CLOCK_MONOTONIC WASI_CLOCK_MONOTONIC
#define CLOCK_PROCESS   WASI_CLOCK_PROCESS
#define CLOCK_THREAD    WASI_CLOCK_THREAD
#include "case.h"
#undef O_CREATE
#undef CLOCK_REALTIME
#undef CLOCK_MONOTONIC
#undef CLOCK_PROCESS
#undef CLOCK_THREAD

#include <errno.h>
#include <string.h>

/* Of two errnos that are both right, the one that is there. */
#define EITHER_OF(one, other) (errno == (other) ? (other) : (one))

/* The call gives -1 and that errno; with 0 it does not fail. wasi-libc's numbers are WASI's. */
#define FAILS(call, number)                                                                        \
    do {                                                                                           \
        errno = 0;                                                                                 \
        if ((call) != -1)                                                                          \
            errno = 0;                                                                             \
        CHECK(case_expect((u64)errno, (u64)(number), 1, __FILE__, __LINE__));                      \
    } while (0)

#endif
