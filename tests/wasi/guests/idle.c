/* Standard input is a pipe that is open and has nothing in it. */
#include "files.h"

static struct wasi_subscription in[2];
static struct wasi_event out[2];
static u32 n;

static u32 wait_for_input(u64 timeout)
{
    in[0] = (struct wasi_subscription){.userdata = 1, .tag = EVENT_FD_READ, .fd = STDIN};
    in[1] = (struct wasi_subscription){.userdata = 2, .tag = EVENT_CLOCK};
    in[1].clock.id = CLOCK_MONOTONIC;
    in[1].clock.timeout = timeout;
    return wasi_poll_oneoff(in, out, 2, &n);
}

CASE(clock_comes_before_an_idle_pipe)
{
    OK(wait_for_input(2000000));
    EQUAL(n, 1);
    EQUAL(out[0].userdata, 2);
    EQUAL(out[0].type, EVENT_CLOCK);
}

CASE(look_without_waiting)
{
    OK(wait_for_input(0));
    EQUAL(n, 1);
    EQUAL(out[0].userdata, 2);
}

CASE(same_pipe_twice)
{
    OK(wait_for_input(1));
    OK(wait_for_input(1000));
    EQUAL(out[0].userdata, 2);
}

CASE(read_that_must_not_wait)
{
    char data[1];
    u32 done;
    OK(wasi_fd_fdstat_set_flags(STDIN, FD_NONBLOCK));
    EXPECT(read_some(STDIN, data, 1, &done), AGAIN);
    OK(wasi_fd_fdstat_set_flags(STDIN, 0));
}

MAIN();
