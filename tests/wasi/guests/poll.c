/* poll_oneoff: clocks and descriptors, alone and together. Standard input is a pipe that is closed
 * and holds 10 bytes. No case says how long something may last, only how long it must. */
#include "files.h"

static struct wasi_subscription in[8];
static struct wasi_event out[8];
static u32 n, fd;

static void clear(void)
{
    for (u32 i = 0; i < 8; i++) {
        in[i] = (struct wasi_subscription){0};
        out[i] = (struct wasi_event){.userdata = 77, .error = 77};
    }
    n = 77;
}

static void on_clock(u32 i, u64 userdata, u32 id, u64 timeout, u32 flags)
{
    in[i].userdata = userdata;
    in[i].tag = EVENT_CLOCK;
    in[i].clock.id = id;
    in[i].clock.timeout = timeout;
    in[i].clock.flags = (uint16_t)flags;
}

static void on_fd(u32 i, u64 userdata, u32 tag, u32 of)
{
    in[i].userdata = userdata;
    in[i].tag = (uint8_t)tag;
    in[i].fd = of;
}

static u64 now(u32 id)
{
    u64 time = 0;
    return wasi_clock_time_get(id, 0, &time) == WASI_SUCCESS ? time : 0;
}

/* A wrong subscription may fail the call or give an event with the error. */
static u32 outcome(u32 count)
{
    u32 error = wasi_poll_oneoff(in, out, count, &n);
    return error == WASI_SUCCESS && n == 1 ? out[0].error : error;
}

#define LONG_TIME 3600000000000

CASE(nothing_to_wait_for)
{
    EXPECT(wasi_poll_oneoff(in, out, 0, &n), INVAL);
}

CASE(relative_clock)
{
    u64 before = now(CLOCK_MONOTONIC);
    clear();
    on_clock(0, 0x123456789abcdef0, CLOCK_MONOTONIC, 3000000, 0);
    OK(wasi_poll_oneoff(in, out, 1, &n));
    TRUE(now(CLOCK_MONOTONIC) - before >= 3000000);
    EQUAL(n, 1);
    EQUAL(out[0].userdata, 0x123456789abcdef0);
    EQUAL(out[0].error, 0);
    EQUAL(out[0].type, EVENT_CLOCK);
}

CASE(relative_clock_of_the_day)
{
    u64 before = now(CLOCK_MONOTONIC);
    clear();
    on_clock(0, 1, CLOCK_REALTIME, 2000000, 0);
    OK(wasi_poll_oneoff(in, out, 1, &n));
    TRUE(now(CLOCK_MONOTONIC) - before >= 2000000);
    EQUAL(n, 1);
}

CASE(no_time)
{
    clear();
    on_clock(0, 1, CLOCK_MONOTONIC, 0, 0);
    OK(wasi_poll_oneoff(in, out, 1, &n));
    EQUAL(n, 1);
}

CASE(absolute_clock)
{
    u64 until = now(CLOCK_MONOTONIC) + 3000000;
    clear();
    on_clock(0, 1, CLOCK_MONOTONIC, until, CLOCK_ABSTIME);
    OK(wasi_poll_oneoff(in, out, 1, &n));
    TRUE(now(CLOCK_MONOTONIC) >= until);
    EQUAL(n, 1);
    EQUAL(out[0].error, 0);
}

CASE(absolute_clock_of_the_day)
{
    u64 until = now(CLOCK_REALTIME) + 2000000;
    clear();
    on_clock(0, 1, CLOCK_REALTIME, until, CLOCK_ABSTIME);
    OK(wasi_poll_oneoff(in, out, 1, &n));
    TRUE(now(CLOCK_REALTIME) >= until);
}

CASE(absolute_clock_that_is_past)
{
    clear();
    on_clock(0, 1, CLOCK_REALTIME, 1, CLOCK_ABSTIME);
    on_clock(1, 2, CLOCK_MONOTONIC, 1, CLOCK_ABSTIME);
    OK(wasi_poll_oneoff(in, out, 2, &n));
    EQUAL(n, 2);
}

CASE(first_of_several_clocks)
{
    clear();
    on_clock(0, 10, CLOCK_MONOTONIC, LONG_TIME, 0);
    on_clock(1, 11, CLOCK_MONOTONIC, 1000000, 0);
    on_clock(2, 12, CLOCK_REALTIME, UINT64_MAX, 0);
    on_clock(3, 13, CLOCK_MONOTONIC, UINT64_MAX, CLOCK_ABSTIME);
    OK(wasi_poll_oneoff(in, out, 4, &n));
    EQUAL(n, 1);
    EQUAL(out[0].userdata, 11);
}

CASE(unknown_clock)
{
    clear();
    on_clock(0, 1, 4, 1, 0);
    EXPECT(outcome(1), INVAL);
    on_clock(0, 1, UINT32_MAX, 1, 0);
    EXPECT(outcome(1), INVAL);
}

CASE(unknown_flag_of_a_clock)
{
    clear();
    on_clock(0, 1, CLOCK_MONOTONIC, 1, 2);
    EXPECT(outcome(1), INVAL);
}

CASE(unknown_kind)
{
    clear();
    on_fd(0, 1, 3, STDOUT);
    EXPECT(outcome(1), INVAL);
    on_fd(0, 1, 255, STDOUT);
    EXPECT(outcome(1), INVAL);
}

CASE(file_is_ready_with_what_is_left)
{
    char data[4];
    u32 done;
    OK(open_read("file", &fd));
    OK(read_some(fd, data, 4, &done));
    clear();
    on_fd(0, 21, EVENT_FD_READ, fd);
    OK(wasi_poll_oneoff(in, out, 1, &n));
    EQUAL(n, 1);
    EQUAL(out[0].userdata, 21);
    EQUAL(out[0].error, 0);
    EQUAL(out[0].type, EVENT_FD_READ);
    EQUAL(out[0].nbytes, 6);
    OK(wasi_fd_close(fd));
}

CASE(file_at_its_end_is_ready)
{
    OK(open_read("empty", &fd));
    clear();
    on_fd(0, 1, EVENT_FD_READ, fd);
    OK(wasi_poll_oneoff(in, out, 1, &n));
    EQUAL(n, 1);
    EQUAL(out[0].error, 0);
    EQUAL(out[0].nbytes, 0);
    OK(wasi_fd_close(fd));
}

CASE(file_is_ready_to_be_written)
{
    OK(open_new("poll-write", &fd));
    clear();
    on_fd(0, 31, EVENT_FD_WRITE, fd);
    OK(wasi_poll_oneoff(in, out, 1, &n));
    EQUAL(n, 1);
    EQUAL(out[0].userdata, 31);
    EQUAL(out[0].type, EVENT_FD_WRITE);
    OK(wasi_fd_close(fd));
}

CASE(what_is_ready_comes_before_the_clock)
{
    clear();
    on_clock(0, 1, CLOCK_MONOTONIC, LONG_TIME, 0);
    on_fd(1, 2, EVENT_FD_WRITE, STDOUT);
    OK(wasi_poll_oneoff(in, out, 2, &n));
    EQUAL(n, 1);
    EQUAL(out[0].userdata, 2);
    EQUAL(out[0].type, EVENT_FD_WRITE);
}

CASE(all_that_are_ready_are_told)
{
    OK(open_read("file", &fd));
    clear();
    on_fd(0, 1, EVENT_FD_READ, fd);
    on_fd(1, 2, EVENT_FD_WRITE, STDOUT);
    on_fd(2, 3, EVENT_FD_READ, fd);
    OK(wasi_poll_oneoff(in, out, 3, &n));
    EQUAL(n, 3);
    EQUAL(out[0].userdata + out[1].userdata + out[2].userdata, 6);
    OK(wasi_fd_close(fd));
}

CASE(unknown_descriptor)
{
    clear();
    on_fd(0, 1, EVENT_FD_READ, UNKNOWN_FD);
    EXPECT(outcome(1), BADF);
}

CASE(unknown_descriptor_does_not_wait_for_the_clock)
{
    clear();
    on_fd(0, 1, EVENT_FD_READ, UNKNOWN_FD);
    on_clock(1, 2, CLOCK_MONOTONIC, LONG_TIME, 0);
    EXPECT(outcome(2), BADF);
}

CASE(right_to_poll)
{
    OK(open_as(ROOT, "file", 0, RIGHT(FD_READ) | RIGHT(FD_TELL), &fd));
    clear();
    on_fd(0, 1, EVENT_FD_READ, fd);
    EXPECT(outcome(1), NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

/* More than a page of subscriptions; the events take their place. */
CASE(very_many)
{
    static struct wasi_subscription asked[1000];
    static struct wasi_event events[1000];
    for (u32 i = 0; i < 1000; i++) {
        asked[i].userdata = i;
        asked[i].tag = EVENT_FD_WRITE;
        asked[i].fd = STDOUT;
    }
    OK(wasi_poll_oneoff(asked, events, 1000, &n));
    EQUAL(n, 1000);
    u64 sum = 0;
    for (u32 i = 0; i < n; i++)
        sum += events[i].userdata;
    EQUAL(sum, 499500);
}

CASE(pipe_with_bytes)
{
    clear();
    on_fd(0, 1, EVENT_FD_READ, STDIN);
    OK(wasi_poll_oneoff(in, out, 1, &n));
    EQUAL(n, 1);
    EQUAL(out[0].error, 0);
    EQUAL(out[0].nbytes, 10);
}

CASE(closed_pipe_hangs_up)
{
    char data[16];
    u32 done;
    OK(read_some(STDIN, data, sizeof data, &done));
    clear();
    on_fd(0, 1, EVENT_FD_READ, STDIN);
    on_clock(1, 2, CLOCK_MONOTONIC, LONG_TIME, 0);
    OK(wasi_poll_oneoff(in, out, 2, &n));
    EQUAL(n, 1);
    EQUAL(out[0].userdata, 1);
    EQUAL(out[0].error, 0);
    EQUAL(out[0].nbytes, 0);
    EQUAL(out[0].flags & EVENT_HANGUP, EVENT_HANGUP);
}

MAIN();
