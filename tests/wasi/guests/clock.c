/* clock_time_get, clock_res_get, sched_yield. */
#include "files.h"

static u64 time, later;

CASE(day)
{
    OK(wasi_clock_time_get(CLOCK_REALTIME, 0, &time));
    TRUE(time > 1600000000000000000);
    TRUE(time < 7000000000000000000);
}

CASE(monotonic_never_goes_back)
{
    OK(wasi_clock_time_get(CLOCK_MONOTONIC, 0, &time));
    for (u32 i = 0; i < 1000; i++) {
        OK(wasi_clock_time_get(CLOCK_MONOTONIC, 0, &later));
        TRUE(later >= time);
        time = later;
    }
}

CASE(monotonic_goes_on)
{
    OK(wasi_clock_time_get(CLOCK_MONOTONIC, 0, &time));
    do
        OK(wasi_clock_time_get(CLOCK_MONOTONIC, 0, &later));
    while (later == time);
    TRUE(later > time);
}

CASE(precision_is_a_hint)
{
    OK(wasi_clock_time_get(CLOCK_MONOTONIC, 1, &time));
    OK(wasi_clock_time_get(CLOCK_MONOTONIC, UINT64_MAX, &later));
    TRUE(later >= time);
}

CASE(processor_clocks)
{
    OK(wasi_clock_time_get(CLOCK_PROCESS, 0, &time));
    OK(wasi_clock_time_get(CLOCK_THREAD, 0, &later));
    TRUE(time > 0 && later > 0);
}

CASE(resolutions)
{
    for (u32 id = CLOCK_REALTIME; id <= CLOCK_THREAD; id++) {
        time = 0;
        OK(wasi_clock_res_get(id, &time));
        TRUE(time > 0 && time <= 1000000000);
    }
}

CASE(unknown_clocks)
{
    static const u32 ids[] = {4, 100, 0x80000000, UINT32_MAX};
    for (u32 i = 0; i < sizeof ids / sizeof *ids; i++) {
        time = 5;
        EXPECT(wasi_clock_time_get(ids[i], 0, &time), INVAL);
        EXPECT(wasi_clock_res_get(ids[i], &time), INVAL);
        EQUAL(time, 5);
    }
}

CASE(yield)
{
    OK(wasi_sched_yield());
}

MAIN();
