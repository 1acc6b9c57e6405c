/* clock_*. */
#include <time.h>

#include "wasi.h"

static const clockid_t clocks[] = {
    [WASI_CLOCK_REALTIME] = CLOCK_REALTIME,
    [WASI_CLOCK_MONOTONIC] = CLOCK_MONOTONIC,
    [WASI_CLOCK_PROCESS] = CLOCK_PROCESS_CPUTIME_ID,
    [WASI_CLOCK_THREAD] = CLOCK_THREAD_CPUTIME_ID,
};

static uint32_t give(struct w2c_dagger *imports, uint32_t clock, uint32_t at,
                     int (*ask)(clockid_t clock, struct timespec *time))
{
    struct timespec time;
    uint8_t *result = wasi_at(imports, at, 8);
    if (!result)
        return WASI_FAULT;
    if (clock > WASI_CLOCK_THREAD)
        return WASI_INVAL;
    if (ask(clocks[clock], &time) != 0)
        return wasi_from_host(errno);
    if (time.tv_sec < 0)
        return WASI_OVERFLOW; /* before 1970 */
    wasi_put64(result, (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec);
    return WASI_SUCCESS;
}

uint32_t wasi_clock_res_get(struct w2c_dagger *imports, uint32_t clock, uint32_t at)
{
    return give(imports, clock, at, clock_getres);
}

/* `precision` only allows to be less exact. */
uint32_t wasi_clock_time_get(struct w2c_dagger *imports, uint32_t clock, uint64_t precision,
                             uint32_t at)
{
    (void)precision;
    return give(imports, clock, at, clock_gettime);
}
