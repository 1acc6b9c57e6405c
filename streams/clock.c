/* clock://realtime, clock://monotonic and clock://cpu: each read gives the time of a clock, and may
 * wait for it first. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "now.h"
#include "std.h"

struct clock {
    struct dagger_stream base;
    clockid_t id;
    bool has_until, has_after;
    int64_t until, after; /* nanoseconds */
    uint8_t stamp[8];
    size_t left; /* bytes of the stamp that were not read yet, its last ones */
};

/* Returns 0 or a negative error. */
static int sleep_until(clockid_t id, int64_t until)
{
    struct timespec time = {.tv_sec = until / DAGGER_SECOND, .tv_nsec = until % DAGGER_SECOND};
    int failed;
    do
        failed = clock_nanosleep(id, TIMER_ABSTIME, &time, NULL);
    while (failed == EINTR && !dagger_streams_stop);
    if (failed == EINTR)
        return DAGGER_TIMEOUT;
    return failed ? dagger_error_from_errno(failed) : 0;
}

/* A length of time does not change when somebody sets the clock: CLOCK_MONOTONIC measures it. What
 * was printed is seen while the guest sleeps. */
static int wait_first(const struct clock *clock)
{
    if (!clock->has_until && !clock->has_after)
        return 0;
    clockid_t id = clock->has_until ? clock->id : CLOCK_MONOTONIC;
    int64_t now = dagger_now(id), until = clock->until;
    if (clock->has_after && __builtin_add_overflow(now, clock->after, &until))
        until = INT64_MAX;
    if (now >= until)
        return 0;
    dagger_std_drain();
    int64_t deadline = clock->base.deadline;
    if (!deadline || until - now <= deadline - dagger_now(CLOCK_MONOTONIC))
        return sleep_until(id, until);
    int error = sleep_until(CLOCK_MONOTONIC, deadline);
    return error ? error : DAGGER_TIMEOUT;
}

static int64_t clock_read(struct dagger_stream *stream, void *data, size_t len)
{
    struct clock *clock = (struct clock *)stream;
    if (!clock->left) {
        int error = wait_first(clock);
        if (error)
            return error;
        uint64_t time = (uint64_t)dagger_now(clock->id);
        clock->left = sizeof clock->stamp;
        for (size_t i = 0; i < sizeof clock->stamp; i++)
            clock->stamp[i] = (uint8_t)(time >> 8 * i);
    }
    if (len > clock->left)
        len = clock->left;
    memcpy(data, clock->stamp + sizeof clock->stamp - clock->left, len);
    clock->left -= len;
    return (int64_t)len;
}

static int clock_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    (void)ending;
    free(stream);
    return 0;
}

static const struct dagger_stream_ops clock_ops = {
    .kind = "clock",
    .read = clock_read,
    .close = clock_close,
};

static bool set_clock(struct clock *clock, struct dagger_slice name)
{
    static const struct {
        const char *name;
        clockid_t id;
    } clocks[] = {
        {"realtime", CLOCK_REALTIME},
        {"monotonic", CLOCK_MONOTONIC},
        {"cpu", CLOCK_PROCESS_CPUTIME_ID},
    };
    for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
        clock->id = clocks[i].id;
        if (dagger_slice_is(name, clocks[i].name))
            return true;
    }
    return false;
}

/* One key at most, and none for the processor's time, which stands still while one waits. */
static bool set_wait(struct clock *clock, struct dagger_slice query)
{
    struct dagger_query_pair pair;
    while (dagger_query_next(&query, &pair)) {
        int64_t time = dagger_slice_decimal(pair.value);
        if (time < 0 || clock->has_until || clock->has_after ||
            clock->id == CLOCK_PROCESS_CPUTIME_ID)
            return false;
        clock->has_until = dagger_slice_is(pair.key, "until");
        clock->has_after = dagger_slice_is(pair.key, "after");
        if (!clock->has_until && !clock->has_after)
            return false;
        *(clock->has_until ? &clock->until : &clock->after) = time;
    }
    return true;
}

int dagger_clock_open(const struct dagger_host *host, const struct dagger_url *url,
                      struct dagger_stream **out)
{
    (void)host;
    struct clock wanted = {.base.ops = &clock_ops};
    if (!dagger_url_is_plain(url, true, true) || !set_clock(&wanted, url->host) ||
        !set_wait(&wanted, url->query))
        return DAGGER_BADINPUT;
    struct clock *clock = calloc(1, sizeof *clock);
    if (!clock)
        return DAGGER_NOMEM;
    *clock = wanted;
    *out = &clock->base;
    return 0;
}
