/* poll_oneoff: waits for clocks and descriptors. */
#include <poll.h>
#include <sys/ioctl.h>
#include <time.h>

#include "wasi.h"

enum {
    SUBSCRIPTION_SIZE = 48,
    UNSTABLE_SUBSCRIPTION_SIZE = 56, /* a clock has an identifier before its other members */
    EVENT_SIZE = 32,
    EVENT_CLOCK = 0,
    EVENT_READ = 1,
    EVENT_WRITE = 2,
    CLOCK_ABSOLUTE = 1,
    EVENT_HANGUP = 1,
    HOSTS_MAX = 1024, /* as many as the process may have streams */
};

static const int64_t never = INT64_MAX; /* nanoseconds; 292 years */

/* What one subscription asks for. */
struct wish {
    uint64_t userdata;
    uint8_t type;
    enum wasi_errno error; /* of the event that it gets at once; SUCCESS: none yet */
    int64_t left;          /* of a clock: nanoseconds until it is due; 0 or less: it is */
    int64_t bytes;         /* of a descriptor: what is ready, or -EAGAIN */
    int host;              /* host descriptor to wait for */
};

/* One call: the guest's arrays, and the time it began at. */
struct poll_call {
    struct w2c_dagger *imports;
    const uint8_t *subscriptions;
    uint8_t *events;
    uint32_t count, event_count;
    bool unstable;
    int64_t began[2]; /* by enum wasi_clock */
    struct pollfd hosts[HOSTS_MAX];
    uint32_t host_count;
};

static int64_t now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* A time of the guest's, which has 64 bits without a sign. */
static int64_t limited(uint64_t nanoseconds)
{
    return nanoseconds < (uint64_t)never ? (int64_t)nanoseconds : never;
}

static void read_clock(const struct poll_call *call, const uint8_t *at, struct wish *wish)
{
    static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC};
    at += call->unstable ? 8 : 0;
    uint32_t clock = wasi_get32(at), flags = at[24] | (unsigned)at[25] << 8;
    int64_t due = limited(wasi_get64(at + 8));
    if (clock > WASI_CLOCK_MONOTONIC || flags & ~(uint32_t)CLOCK_ABSOLUTE) {
        wish->error =
            clock == WASI_CLOCK_PROCESS || clock == WASI_CLOCK_THREAD ? WASI_NOTSUP : WASI_INVAL;
        return;
    }
    if (!(flags & CLOCK_ABSOLUTE) && __builtin_add_overflow(due, call->began[clock], &due))
        due = never;
    wish->left = due == never ? never : due - now(clocks[clock]);
}

static void read_descriptor(const struct poll_call *call, const uint8_t *at, struct wish *wish)
{
    struct wasi_file file;
    wish->error = wasi_find(call->imports, wasi_get32(at), WASI_RIGHT(POLL_FD_READWRITE), &file);
    if (wish->error)
        return;
    short event = wish->type == EVENT_READ ? POLLIN : POLLOUT;
    wish->bytes = 0;
    if (!file.node->ready)
        return; /* who can't say is asked by the call itself */
    wish->bytes = file.node->ready(file.stream, event, &wish->host);
    if (wish->bytes < 0 && wish->bytes != -EAGAIN)
        wish->error = wasi_from_host(wish->bytes);
}

/* Subscription `i` as it is now: the guest's memory may have events in its place by then, when they
 * overlap, and then something harmless is read. */
static void read_wish(const struct poll_call *call, uint32_t i, struct wish *wish)
{
    uint32_t size = call->unstable ? UNSTABLE_SUBSCRIPTION_SIZE : SUBSCRIPTION_SIZE;
    const uint8_t *at = call->subscriptions + (size_t)i * size;
    *wish = (struct wish){.userdata = wasi_get64(at), .type = at[8], .left = never, .host = -1};
    if (wish->type == EVENT_CLOCK)
        read_clock(call, at + 16, wish);
    else if (wish->type <= EVENT_WRITE)
        read_descriptor(call, at + 16, wish);
    else
        wish->error = WASI_INVAL;
}

static bool is_due(const struct wish *wish)
{
    return wish->error || (wish->type == EVENT_CLOCK ? wish->left <= 0 : wish->bytes >= 0);
}

/* Until when may be waited, and for which descriptors. */
static enum wasi_errno gather(struct poll_call *call, int64_t *wait)
{
    *wait = never;
    call->host_count = 0;
    for (uint32_t i = 0; i < call->count; i++) {
        struct wish wish;
        read_wish(call, i, &wish);
        if (is_due(&wish))
            *wait = 0;
        else if (wish.type == EVENT_CLOCK && wish.left < *wait)
            *wait = wish.left;
        else if (wish.type != EVENT_CLOCK && call->host_count == HOSTS_MAX)
            return WASI_NOMEM;
        else if (wish.type != EVENT_CLOCK)
            call->hosts[call->host_count++] = (struct pollfd){
                .fd = wish.host, .events = wish.type == EVENT_READ ? POLLIN : POLLOUT};
    }
    return WASI_SUCCESS;
}

static void put_event(struct poll_call *call, const struct wish *wish, uint64_t bytes,
                      uint16_t flags)
{
    uint8_t *out = call->events + (size_t)call->event_count++ * EVENT_SIZE;
    uint16_t error = (uint16_t)wish->error;
    memset(out, 0, EVENT_SIZE);
    wasi_put64(out, wish->userdata);
    memcpy(out + 8, &error, sizeof error);
    out[10] = wish->type;
    wasi_put64(out + 16, bytes);
    memcpy(out + 24, &flags, sizeof flags);
}

static void put_ready(struct poll_call *call, const struct wish *wish, const struct pollfd *host)
{
    int waiting = 0;
    struct wish ended = *wish;
    if (wish->type == EVENT_READ && ioctl(host->fd, FIONREAD, &waiting) != 0)
        waiting = 0;
    if (host->revents & POLLNVAL)
        ended.error = WASI_BADF;
    put_event(call, &ended, waiting > 0 ? (uint64_t)waiting : 0,
              host->revents & (POLLHUP | POLLERR) ? EVENT_HANGUP : 0);
}

/* Writes the events of all that is due now. */
static void answer(struct poll_call *call)
{
    uint32_t host = 0;
    for (uint32_t i = 0; i < call->count; i++) {
        struct wish wish;
        read_wish(call, i, &wish);
        if (is_due(&wish))
            put_event(call, &wish, wish.bytes > 0 ? (uint64_t)wish.bytes : 0, 0);
        else if (wish.type != EVENT_CLOCK && host < call->host_count) {
            if (call->hosts[host].fd == wish.host && call->hosts[host].revents)
                put_ready(call, &wish, &call->hosts[host]);
            host++;
        }
    }
}

static enum wasi_errno wait_for(struct poll_call *call, int64_t wait)
{
    struct timespec time = {wait / 1000000000, wait % 1000000000};
    dagger_wait_begin();
    int ready = ppoll(call->hosts, call->host_count, wait == never ? NULL : &time, NULL);
    dagger_wait_end();
    if (dagger_streams_stop) /* the process ends before the guest sees it */
        return WASI_INTR;
    return ready < 0 && errno != EINTR ? wasi_from_host(errno) : WASI_SUCCESS;
}

static uint32_t poll_all(struct w2c_dagger *imports, uint32_t in, uint32_t out, uint32_t count,
                         uint32_t count_at, bool unstable)
{
    struct poll_call call = {
        .imports = imports,
        .subscriptions = wasi_array(imports, in, count,
                                    unstable ? UNSTABLE_SUBSCRIPTION_SIZE : SUBSCRIPTION_SIZE),
        .events = wasi_array(imports, out, count, EVENT_SIZE),
        .count = count,
        .unstable = unstable,
        .began = {now(CLOCK_REALTIME), now(CLOCK_MONOTONIC)},
    };
    uint8_t *event_count = wasi_at(imports, count_at, 4);
    if (count == 0)
        return WASI_INVAL;
    if (!call.subscriptions || !call.events || !event_count)
        return WASI_FAULT;
    while (call.event_count == 0) {
        int64_t wait;
        enum wasi_errno error = gather(&call, &wait);
        if (!error)
            error = wait_for(&call, wait);
        if (error)
            return error;
        answer(&call);
    }
    wasi_put32(event_count, call.event_count);
    return WASI_SUCCESS;
}

uint32_t wasi_poll_oneoff(struct w2c_dagger *imports, uint32_t in, uint32_t out, uint32_t count,
                          uint32_t count_at)
{
    return poll_all(imports, in, out, count, count_at, false);
}

uint32_t wasi_unstable_poll_oneoff(struct w2c_dagger *imports, uint32_t in, uint32_t out,
                                   uint32_t count, uint32_t count_at)
{
    return poll_all(imports, in, out, count, count_at, true);
}
