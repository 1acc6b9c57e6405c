/* clock://: stamps, and waiting for them. No test waits for time to pass but one, for a
 * millisecond; how long a sleep is to be is seen by what the kernel is asked. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <criterion/criterion.h>

#include "faults.h"
#include "std_fixture.h"

/* Linked with --wrap=clock_nanosleep,clock_gettime: a clock that stands still but while asleep. */
static bool scripted;
static int64_t times[3] = {1000000000123456789, 5000000000, 70}; /* by clockid_t: 0, 1, 2 */
static struct {
    size_t calls;
    clockid_t id;
    int64_t until;
    int interruptions; /* to come */
    int failure;       /* of all calls */
    void (*asleep)(void);
} sleeper;

int __real_clock_gettime(clockid_t id, struct timespec *time);
int __wrap_clock_gettime(clockid_t id, struct timespec *time);
int __wrap_clock_gettime(clockid_t id, struct timespec *time)
{
    if (!scripted)
        return __real_clock_gettime(id, time);
    cr_assert_leq(id, CLOCK_PROCESS_CPUTIME_ID);
    *time = (struct timespec){times[id] / 1000000000, times[id] % 1000000000};
    return 0;
}

int __real_clock_nanosleep(clockid_t id, int flags, const struct timespec *time,
                           struct timespec *left);
int __wrap_clock_nanosleep(clockid_t id, int flags, const struct timespec *time,
                           struct timespec *left);
int __wrap_clock_nanosleep(clockid_t id, int flags, const struct timespec *time,
                           struct timespec *left)
{
    cr_expect_eq(flags, TIMER_ABSTIME);
    sleeper.calls++;
    sleeper.id = id;
    sleeper.until = (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
    if (sleeper.asleep)
        sleeper.asleep();
    if (!scripted)
        return __real_clock_nanosleep(id, flags, time, left);
    if (sleeper.failure)
        return sleeper.failure;
    if (sleeper.interruptions && sleeper.interruptions--) {
        times[CLOCK_REALTIME] += 100;
        times[CLOCK_MONOTONIC] += 100;
        return EINTR;
    }
    uint64_t slept = (uint64_t)(sleeper.until - times[id]); /* to the end of all time, too */
    times[CLOCK_REALTIME] = (int64_t)((uint64_t)times[CLOCK_REALTIME] + slept);
    times[CLOCK_MONOTONIC] = (int64_t)((uint64_t)times[CLOCK_MONOTONIC] + slept);
    return 0;
}

static void start_script(void)
{
    scripted = true;
}

TestSuite(clock, .init = start_script);

static int64_t value_of(const uint8_t stamp[8])
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value |= (uint64_t)stamp[i] << 8 * i;
    return (int64_t)value;
}

static int64_t next(struct dagger_stream *stream)
{
    uint8_t stamp[8];
    cr_assert_eq(dagger_stream_read(stream, stamp, sizeof stamp), 8);
    return value_of(stamp);
}

static void end(struct dagger_stream *stream)
{
    cr_expect_eq(dagger_stream_close(stream, DAGGER_END_NORMAL), 0);
}

Test(clock, each_read_is_the_time)
{
    static const char *const urls[] = {"clock://realtime", "clock://monotonic", "clock://cpu"};
    for (int i = 0; i < 3; i++) {
        struct dagger_stream *clock = std_stream(urls[i]);
        cr_expect_eq(next(clock), times[i], "%s", urls[i]);
        times[i] += 5;
        cr_expect_eq(next(clock), times[i], "%s", urls[i]);
        cr_expect_eq(dagger_stream_write(clock, "x", 1), DAGGER_NOTSUP);
        cr_expect_eq(dagger_stream_flush(clock), 0);
        end(clock);
    }
    cr_expect_eq(sleeper.calls, 0);
}

Test(clock, is_little_endian_and_no_more_than_eight_bytes)
{
    uint8_t data[17];
    memset(data, 0x55, sizeof data);
    times[1] = 0x0102030405060708;
    struct dagger_stream *clock = std_stream("CLOCK://monotonic/?");
    cr_expect_eq(dagger_stream_read(clock, data, sizeof data), 8);
    cr_expect_arr_eq(data, "\x08\x07\x06\x05\x04\x03\x02\x01\x55", 9);
    end(clock);
}

Test(clock, a_stamp_read_in_parts_is_one_stamp)
{
    uint8_t stamp[9];
    struct dagger_stream *clock = std_stream("clock://monotonic?after=10");
    int64_t first = times[1] + 10;
    cr_expect_eq(dagger_stream_read(clock, stamp, 3), 3);
    times[1] += 1000;
    cr_expect_eq(dagger_stream_read(clock, stamp + 3, 1), 1);
    cr_expect_eq(dagger_stream_read(clock, stamp + 4, 0), 0);
    cr_expect_eq(dagger_stream_read(clock, stamp + 4, 5), 4, "not the next stamp's");
    cr_expect_eq(value_of(stamp), first);
    cr_expect_eq(sleeper.calls, 1, "once a stamp");
    cr_expect_eq(next(clock), first + 1010);
    cr_expect_eq(sleeper.calls, 2);
    end(clock);
}

Test(clock, until)
{
    struct dagger_stream *clock = std_stream("clock://monotonic?until=6000000007");
    sleeper.interruptions = 3;
    cr_expect_eq(next(clock), 6000000007);
    cr_expect_eq(sleeper.calls, 4, "interruptions are slept through, to the same time");
    cr_expect_eq(sleeper.id, CLOCK_MONOTONIC);
    cr_expect_eq(sleeper.until, 6000000007);
    cr_expect_eq(next(clock), 6000000007, "it is time already");
    cr_expect_eq(sleeper.calls, 4);
    end(clock);
}

Test(clock, until_by_the_clock_on_the_wall)
{
    struct dagger_stream *clock = std_stream("clock://realtime?until=1000000001000000000");
    cr_expect_eq(next(clock), 1000000001000000000);
    cr_expect_eq(sleeper.id, CLOCK_REALTIME);
    cr_expect_eq(sleeper.until, 1000000001000000000);
    end(clock);
}

/* Somebody may set the wall clock meanwhile: a length of time is measured by the other. */
Test(clock, after)
{
    struct dagger_stream *clock = std_stream("clock://realtime?after=1500000000");
    int64_t before = times[0];
    cr_expect_eq(next(clock), before + 1500000000);
    cr_expect_eq(sleeper.id, CLOCK_MONOTONIC);
    cr_expect_eq(sleeper.until, 6500000000);
    cr_expect_eq(next(clock), before + 3000000000, "each read");
    cr_expect_eq(sleeper.until, 8000000000);
    end(clock);
    clock = std_stream("clock://monotonic?after=0");
    cr_expect_eq(next(clock), times[1]);
    cr_expect_eq(sleeper.calls, 2);
    end(clock);
}

Test(clock, after_is_not_prolonged_by_interruptions)
{
    struct dagger_stream *clock = std_stream("clock://monotonic?after=1000");
    int64_t before = times[CLOCK_MONOTONIC];
    sleeper.interruptions = 3;
    cr_expect_eq(next(clock), before + 1000);
    cr_expect_eq(sleeper.calls, 4);
    end(clock);
}

Test(clock, a_time_that_does_not_come)
{
    static const char *const urls[] = {
        "clock://monotonic?after=9223372036854775807",
        "clock://monotonic?after=99999999999999999999",
        "clock://monotonic?until=9223372036854775807",
        "clock://monotonic?until=99999999999999999999",
    };
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        times[1] = 5;
        struct dagger_stream *clock = std_stream(urls[i]);
        next(clock);
        cr_expect_eq(sleeper.until, INT64_MAX, "%s", urls[i]);
        end(clock);
    }
}

Test(clock, a_sleep_that_fails)
{
    uint8_t stamp[8];
    sleeper.failure = EINVAL;
    struct dagger_stream *clock = std_stream("clock://monotonic?after=1");
    cr_expect_eq(dagger_stream_read(clock, stamp, sizeof stamp), DAGGER_IO);
    sleeper.failure = 0;
    cr_expect_eq(next(clock), times[1]);
    end(clock);
}

Test(clock, what_names_none)
{
    static const char *const bad[] = {
        "clock://",
        "clock:///",
        "clock:///monotonic",
        "clock://Monotonic",
        "clock://mono",
        "clock://monotonic/x",
        "clock://monotonic:1",
        "clock://u@monotonic",
        "clock://monotonic#",
        "clock://monotonic?x",
        "clock://monotonic?x=1",
        "clock://monotonic?until",
        "clock://monotonic?until=",
        "clock://monotonic?until=-1",
        "clock://monotonic?until=+1",
        "clock://monotonic?until=01",
        "clock://monotonic?until=1s",
        "clock://monotonic?until=1.5",
        "clock://monotonic?until=%31",
        "clock://monotonic?until=1&until=1",
        "clock://monotonic?until=1&after=1",
        "clock://monotonic?after=1&until=1",
        "clock://monotonic?after=1&x=1",
        "clock://monotonic?Until=1",
        "clock://monotonic?after",
        "clock://cpu?until=1",
        "clock://cpu?after=1",
        "clock://cpu?x",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(std_open_error(bad[i]), DAGGER_BADINPUT, "%s", bad[i]);
}

Test(clock, no_memory)
{
    faults.no_memory = true;
    cr_expect_eq(std_open_error("clock://cpu"), DAGGER_NOMEM);
}

/* --- what was printed before ------------------------------------------------------------------ */

static int reader;
static char seen[8];

static void look(void)
{
    snprintf(seen, sizeof seen, "%s", std_arrived(reader));
}

Test(clock, what_was_printed_is_seen_before_the_sleep)
{
    reader = std_pipe(1);
    struct dagger_stream *out = std_stream("stdout://");
    struct dagger_stream *clock = std_stream("clock://monotonic?after=1");
    cr_expect_eq(dagger_stream_write(out, "abc", 3), 3);
    sleeper.asleep = look;
    next(clock);
    cr_expect_str_eq(seen, "abc");
    end(clock);
    end(out);
}

Test(clock, without_a_sleep_nothing_is_flushed)
{
    reader = std_pipe(1);
    struct dagger_stream *out = std_stream("stdout://");
    cr_expect_eq(dagger_stream_write(out, "abc", 3), 3);
    static const char *const urls[] = {"clock://monotonic", "clock://monotonic?until=5",
                                       "clock://realtime?after=0"};
    for (int i = 0; i < 3; i++) {
        struct dagger_stream *clock = std_stream(urls[i]);
        next(clock);
        end(clock);
    }
    cr_expect_str_eq(std_arrived(reader), "");
    end(out);
}

/* --- the kernel's clocks ---------------------------------------------------------------------- */

Test(kernel_clock, agrees_with_the_c_library)
{
    static const struct {
        const char *url;
        clockid_t id;
    } rows[] = {{"clock://realtime", CLOCK_REALTIME},
                {"clock://monotonic", CLOCK_MONOTONIC},
                {"clock://cpu", CLOCK_PROCESS_CPUTIME_ID}};
    for (int i = 0; i < 3; i++) {
        struct dagger_stream *clock = std_stream(rows[i].url);
        struct timespec before, after;
        clock_gettime(rows[i].id, &before);
        int64_t time = next(clock);
        clock_gettime(rows[i].id, &after);
        cr_expect_geq(time, (int64_t)before.tv_sec * 1000000000 + before.tv_nsec);
        cr_expect_leq(time, (int64_t)after.tv_sec * 1000000000 + after.tv_nsec);
        end(clock);
    }
}

Test(kernel_clock, is_not_back_before_its_time)
{
    struct dagger_stream *clock = std_stream("clock://monotonic?after=1000000");
    struct timespec before;
    clock_gettime(CLOCK_MONOTONIC, &before);
    cr_expect_geq(next(clock), (int64_t)before.tv_sec * 1000000000 + before.tv_nsec + 1000000);
    cr_expect_eq(sleeper.calls, 1);
    end(clock);
}
