#include "faults.h"

#include <errno.h>
#include <unistd.h>

struct faults faults;

ssize_t __real_read(int fd, void *data, size_t len);
ssize_t __real_write(int fd, const void *data, size_t len);
int __real_poll(struct pollfd *fds, nfds_t count, int timeout);
void *__real_calloc(size_t count, size_t size);
ssize_t __wrap_read(int fd, void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);
void *__wrap_calloc(size_t count, size_t size);

static void note(char call)
{
    if (faults.order_len + 1 < sizeof faults.order)
        faults.order[faults.order_len++] = call;
}

/* Takes the next step of *script: shortens *len, or returns false with errno set. */
static bool passes(const struct fault **script, size_t *len)
{
    const struct fault *step = *script;
    if (!step || (!step->errno_value && !step->most))
        return true;
    ++*script;
    if (step->errno_value) {
        errno = step->errno_value;
        return false;
    }
    if (*len > step->most)
        *len = step->most;
    return true;
}

ssize_t __wrap_read(int fd, void *data, size_t len)
{
    faults.read_calls++;
    faults.read_into = data;
    note('r');
    return passes(&faults.reads, &len) ? __real_read(fd, data, len) : -1;
}

ssize_t __wrap_write(int fd, const void *data, size_t len)
{
    faults.write_calls++;
    note('w');
    return passes(&faults.writes, &len) ? __real_write(fd, data, len) : -1;
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
    faults.poll_calls++;
    note('p');
    void (*before_poll)(const struct pollfd *) = faults.before_poll;
    faults.before_poll = NULL; /* it may poll itself */
    if (before_poll)
        before_poll(fds);
    faults.before_poll = before_poll;
    if (faults.poll_error) {
        errno = faults.poll_error;
        return -1;
    }
    return __real_poll(fds, count, timeout);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return faults.no_memory ? NULL : __real_calloc(count, size);
}
