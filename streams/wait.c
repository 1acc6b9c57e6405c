#include "wait.h"

#include <errno.h>
#include <limits.h>

#include "now.h"

static const int64_t never = INT64_MAX, millisecond = 1000000; /* in nanoseconds */

int dagger_wait_until(int fd, short events, int64_t end)
{
    for (bool late = false;; late = true) {
        int64_t left = end == never ? never : end - dagger_now(CLOCK_MONOTONIC);
        if (left <= 0 && late)
            return DAGGER_TIMEOUT;
        int timeout = left <= 0                       ? 0
                      : end == never                  ? -1
                      : left / millisecond >= INT_MAX ? INT_MAX
                                                      : (int)(left / millisecond) + 1;
        struct pollfd wait = {.fd = fd, .events = events};
        int count = poll(&wait, 1, timeout);
        if (count > 0)
            return 0;
        if (dagger_streams_stop)
            return DAGGER_TIMEOUT;
        if (count < 0 && errno != EINTR)
            return dagger_error_from_errno(errno);
    }
}

int dagger_wait(const struct dagger_stream *stream, int fd, short events, int most_ms)
{
    int64_t end = stream->deadline ? stream->deadline : never;
    if (most_ms >= 0) {
        int64_t idle = dagger_deadline(most_ms);
        end = idle < end ? idle : end;
    }
    return dagger_wait_until(fd, events, end);
}

int dagger_wait_in_time(const struct dagger_stream *stream, int fd, short events, size_t *len)
{
    if (!stream->deadline)
        return 0;
    if (events == POLLOUT && *len > PIPE_BUF)
        *len = PIPE_BUF;
    return dagger_wait(stream, fd, events, -1);
}
