#include "fdio.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "error.h"

/* After a failed transfer: 0 if it is to be tried again, now that `fd` is ready, or the error. */
static int wait_or_error(int fd, short events)
{
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return dagger_error_from_errno(errno);
    struct pollfd wait = {.fd = fd, .events = events};
    return poll(&wait, 1, -1) < 0 ? dagger_error_from_errno(errno) : 0;
}

int64_t dagger_fd_read(int fd, void *data, size_t len)
{
    for (;;) {
        ssize_t count = read(fd, data, len);
        if (count >= 0)
            return count;
        int error = wait_or_error(fd, POLLIN);
        if (error)
            return error;
    }
}

int64_t dagger_fd_write(int fd, const void *data, size_t len)
{
    for (;;) {
        ssize_t count = write(fd, data, len);
        if (count >= 0)
            return count;
        int error = wait_or_error(fd, POLLOUT);
        if (error)
            return error;
    }
}

int64_t dagger_fd_write_vector(int fd, const struct iovec *data, int count)
{
    for (;;) {
        ssize_t written = writev(fd, data, count);
        if (written >= 0)
            return written;
        int error = wait_or_error(fd, POLLOUT);
        if (error)
            return error;
    }
}
