/* Standard streams with node operations.
 *
 * What is written goes to the host before the call returns, behind what other streams have gathered
 * for the descriptor. The descriptor's flags are others' too, who share it: O_NONBLOCK is kept
 * here, and the call looks first whether it would wait.
 */
#include "node_host.h"
#include "std.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static struct dagger_node *node_of(struct dagger_stream *stream)
{
    return (struct dagger_node *)stream;
}

static int fd_of(struct dagger_stream *stream)
{
    return node_of(stream)->base.fd;
}

/* Whether a call that may not wait would: -EAGAIN, or 0. */
static int would_wait(const struct dagger_node *node, short event)
{
    struct pollfd poller = {.fd = node->base.fd, .events = event};
    return node->nonblock && poll(&poller, 1, 0) <= 0 ? -EAGAIN : 0;
}

/* The bytes that are gathered for standard output come before what is done to it now. */
static int drain(struct dagger_stream *stream)
{
    errno = 0;
    int error = fd_of(stream) == STDOUT_FILENO ? dagger_std_drain() : 0;
    if (error)
        return errno ? -errno : -EIO;
    return 0;
}

/* --- standard input ------------------------------------------------------------------------ */

/* The first piece may wait; the others get what was read ahead with it. */
static int64_t input_read_next(struct dagger_stream *stream, const struct iovec *data, int count)
{
    int64_t done = 0;
    for (int i = 0; i < count; i++) {
        int64_t part;
        if (data[i].iov_len == 0)
            continue;
        if (done > 0 && !dagger_std_ahead())
            break;
        do
            part = dagger_std_read(stream, data[i].iov_base, data[i].iov_len);
        while (part == DAGGER_INTERRUPTED);
        if (part < 0)
            return -errno;
        done += part;
        if ((size_t)part < data[i].iov_len)
            break;
    }
    return done;
}

static int64_t input_read_vector(struct dagger_stream *stream, const struct iovec *data, int count,
                                 int64_t offset)
{
    if (offset == -1) {
        int error = dagger_std_ahead() ? 0 : would_wait(node_of(stream), POLLIN);
        return error ? error : input_read_next(stream, data, count);
    }
    ssize_t done = TEMP_FAILURE_RETRY(preadv(fd_of(stream), data, count, offset));
    return done < 0 ? -errno : done;
}

/* The guest's position is before what was read ahead. */
static int64_t input_seek(struct dagger_stream *stream, int64_t offset, int whence)
{
    int64_t ahead = (int64_t)dagger_std_ahead();
    bool tells = whence == SEEK_CUR && offset == 0;
    if (whence == SEEK_CUR && !tells && __builtin_sub_overflow(offset, ahead, &offset))
        return -EINVAL;
    off_t now = lseek(fd_of(stream), offset, whence);
    if (now < 0)
        return -errno;
    if (tells)
        return now - ahead;
    dagger_std_forget();
    return now;
}

static int64_t input_ready(struct dagger_stream *stream, short event, int *fd)
{
    *fd = fd_of(stream);
    if (event == POLLIN && dagger_std_ahead())
        return (int64_t)dagger_std_ahead();
    if (event == POLLIN)
        dagger_std_prompt();
    return -EAGAIN;
}

/* --- standard output and error ------------------------------------------------------------- */

static int64_t output_write(struct dagger_stream *stream, const void *data, size_t len)
{
    int error = fd_of(stream) == STDOUT_FILENO ? dagger_std_drain() : 0;
    return error ? error : dagger_fd_write(fd_of(stream), data, len);
}

static int output_flush(struct dagger_stream *stream)
{
    return fd_of(stream) == STDOUT_FILENO ? dagger_std_drain() : 0;
}

/* Of a pipe that is ready, only so much is promised not to wait. */
static int64_t write_some(int fd, const struct iovec *data, int count)
{
    struct iovec some = {0};
    for (int i = 0; i < count && !some.iov_len; i++)
        some = data[i];
    if (some.iov_len > PIPE_BUF)
        some.iov_len = PIPE_BUF;
    return dagger_fd_write_vector(fd, &some, 1);
}

static int64_t output_write_vector(struct dagger_stream *stream, const struct iovec *data,
                                   int count, int64_t offset)
{
    int fd = fd_of(stream);
    int64_t done;
    int error = offset == -1 ? would_wait(node_of(stream), POLLOUT) : 0;
    if (!error)
        error = drain(stream);
    if (error)
        return error;
    do {
        if (offset != -1)
            done = TEMP_FAILURE_RETRY(pwritev(fd, data, count, offset));
        else if (node_of(stream)->nonblock)
            done = write_some(fd, data, count);
        else
            done = dagger_fd_write_vector(fd, data, count);
    } while (done == DAGGER_INTERRUPTED);
    return done < 0 ? -errno : done;
}

static int64_t output_seek(struct dagger_stream *stream, int64_t offset, int whence)
{
    int error = drain(stream);
    if (error)
        return error;
    off_t now = lseek(fd_of(stream), offset, whence);
    return now < 0 ? -errno : now;
}

/* Who redirects with ">>" lets the guest add to a file, not take from it. */
static int output_set_size(struct dagger_stream *stream, int64_t size)
{
    int flags = fcntl(fd_of(stream), F_GETFL);
    if (flags < 0)
        return -errno;
    if (flags & O_APPEND)
        return -EPERM;
    int error = drain(stream);
    return error ? error : dagger_node_set_size(stream, size);
}

static int output_sync(struct dagger_stream *stream, bool data_only)
{
    int error = drain(stream);
    return error ? error : dagger_node_sync(stream, data_only);
}

static int64_t output_ready(struct dagger_stream *stream, short event, int *fd)
{
    (void)event;
    *fd = fd_of(stream);
    return -EAGAIN;
}

/* --- either -------------------------------------------------------------------------------- */

/* O_APPEND would be changed for all who share the descriptor, and let go of what ">>" guards. */
static int std_set_flags(struct dagger_stream *stream, int flags)
{
    int now = dagger_node_get_flags(stream);
    if (now < 0)
        return now;
    if ((flags ^ now) & ~(O_NONBLOCK | O_ACCMODE))
        return -EINVAL;
    node_of(stream)->nonblock = flags & O_NONBLOCK;
    return 0;
}

static const struct dagger_node_ops input_node_ops = {
    .stat = dagger_node_stat,
    .seek = input_seek,
    .read_vector = input_read_vector,
    .advise = dagger_node_advise,
    .sync = dagger_node_sync,
    .get_flags = dagger_node_get_flags,
    .set_flags = std_set_flags,
    .ready = input_ready,
};

static const struct dagger_node_ops output_node_ops = {
    .stat = dagger_node_stat,
    .seek = output_seek,
    .write_vector = output_write_vector,
    .set_size = output_set_size,
    .allocate = dagger_node_allocate,
    .advise = dagger_node_advise,
    .set_times = dagger_node_set_times,
    .sync = output_sync,
    .get_flags = dagger_node_get_flags,
    .set_flags = std_set_flags,
    .ready = output_ready,
};

static const struct dagger_stream_ops input_ops = {
    .kind = "std",
    .read = dagger_std_read,
    .close = dagger_std_close,
    .node = &input_node_ops,
};

static const struct dagger_stream_ops output_ops = {
    .kind = "std",
    .write = output_write,
    .flush = output_flush,
    .close = dagger_std_close,
    .node = &output_node_ops,
};

int dagger_standard_open(int fd, struct dagger_stream **out)
{
    const struct dagger_stream_ops *ops = fd == STDIN_FILENO ? &input_ops : &output_ops;
    switch (dagger_std_new(fd, ops, sizeof(struct dagger_node), out)) {
    case 0:
        return 0;
    case DAGGER_NOENT:
        return -EBADF;
    case DAGGER_PERM:
        return -EACCES;
    case DAGGER_NOMEM:
        return -ENOMEM;
    default:
        return -EIO;
    }
}
