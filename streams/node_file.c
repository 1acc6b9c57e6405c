/* Files that are opened beneath a directory: nothing is gathered or read ahead. */
#include "node_host.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

static struct dagger_node *node_of(struct dagger_stream *stream)
{
    return (struct dagger_node *)stream;
}

static int fd_of(struct dagger_stream *stream)
{
    return node_of(stream)->base.fd;
}

/* --- operations of any descriptor ---------------------------------------------------------- */

int dagger_node_stat(struct dagger_stream *stream, struct stat *st)
{
    return fstat(fd_of(stream), st) < 0 ? -errno : 0;
}

int dagger_node_set_size(struct dagger_stream *stream, int64_t size)
{
    if (node_of(stream)->read_only)
        return -EROFS;
    return TEMP_FAILURE_RETRY(ftruncate(fd_of(stream), size)) < 0 ? -errno : 0;
}

/* Not posix_fallocate(): where the file system can't, that writes block by block, for as long as a
 * guest likes to have it. */
int dagger_node_allocate(struct dagger_stream *stream, int64_t offset, int64_t len)
{
    if (node_of(stream)->read_only)
        return -EROFS;
    return TEMP_FAILURE_RETRY(fallocate(fd_of(stream), 0, offset, len)) < 0 ? -errno : 0;
}

int dagger_node_advise(struct dagger_stream *stream, int64_t offset, int64_t len, int advice)
{
    return -posix_fadvise(fd_of(stream), offset, len, advice);
}

int dagger_node_set_times(struct dagger_stream *stream, const struct timespec times[2])
{
    if (node_of(stream)->read_only)
        return -EROFS;
    return TEMP_FAILURE_RETRY(futimens(fd_of(stream), times)) < 0 ? -errno : 0;
}

int dagger_node_sync(struct dagger_stream *stream, bool data_only)
{
    int fd = fd_of(stream);
    return TEMP_FAILURE_RETRY(data_only ? fdatasync(fd) : fsync(fd)) < 0 ? -errno : 0;
}

int dagger_node_get_flags(struct dagger_stream *stream)
{
    int flags = fcntl(fd_of(stream), F_GETFL);
    if (flags < 0)
        return -errno;
    return (flags & (O_ACCMODE | O_APPEND | O_DSYNC | O_SYNC)) |
           (node_of(stream)->nonblock ? O_NONBLOCK : 0);
}

int dagger_node_check_flags(struct dagger_stream *stream, int flags)
{
    int now = dagger_node_get_flags(stream);
    if (now < 0)
        return now;
    return (flags ^ now) & ~(O_APPEND | O_NONBLOCK | O_ACCMODE) ? -EINVAL : 0;
}

/* --- transfers ----------------------------------------------------------------------------- */

/* A FIFO opened without waiting reads as ended until its first writer comes; wait here as open() of
 * a FIFO otherwise does. */
static int await_writer(struct dagger_node *node)
{
    struct pollfd poller = {.fd = node->base.fd, .events = POLLIN};
    if (!node->unconnected || node->nonblock)
        return 0;
    int ready;
    do
        ready = poll(&poller, 1, -1);
    while (ready < 0 && errno == EINTR && !dagger_streams_stop);
    if (ready < 0)
        return -errno;
    node->unconnected = false;
    return 0;
}

static int64_t file_read(struct dagger_stream *stream, void *data, size_t len)
{
    int error = await_writer(node_of(stream));
    return error ? dagger_error_from_errno(-error) : dagger_fd_read(fd_of(stream), data, len);
}

static int64_t file_write(struct dagger_stream *stream, const void *data, size_t len)
{
    return dagger_fd_write(fd_of(stream), data, len);
}

static int64_t file_read_vector(struct dagger_stream *stream, const struct iovec *data, int count,
                                int64_t offset)
{
    int error = await_writer(node_of(stream));
    if (error)
        return error;
    int fd = fd_of(stream);
    ssize_t done =
        TEMP_FAILURE_RETRY(offset == -1 ? readv(fd, data, count) : preadv(fd, data, count, offset));
    return done < 0 ? -errno : done;
}

static int64_t file_write_vector(struct dagger_stream *stream, const struct iovec *data, int count,
                                 int64_t offset)
{
    int fd = fd_of(stream);
    ssize_t done = TEMP_FAILURE_RETRY(offset == -1 ? writev(fd, data, count)
                                                   : pwritev(fd, data, count, offset));
    return done < 0 ? -errno : done;
}

static int64_t file_seek(struct dagger_stream *stream, int64_t offset, int whence)
{
    off_t now = lseek(fd_of(stream), offset, whence);
    return now < 0 ? -errno : now;
}

static int file_set_flags(struct dagger_stream *stream, int flags)
{
    struct dagger_node *node = node_of(stream);
    int error = dagger_node_check_flags(stream, flags);
    if (error)
        return error;
    if (fcntl(node->base.fd, F_SETFL, flags) < 0)
        return -errno;
    node->nonblock = flags & O_NONBLOCK;
    return 0;
}

static int64_t file_ready(struct dagger_stream *stream, short event, int *fd)
{
    struct dagger_node *node = node_of(stream);
    *fd = node->base.fd;
    if (!node->regular || event != POLLIN)
        return -EAGAIN;
    struct stat st;
    off_t at = lseek(*fd, 0, SEEK_CUR);
    if (at < 0 || fstat(*fd, &st) < 0)
        return -errno;
    return at < st.st_size ? st.st_size - at : 0;
}

/* The descriptor is gone whatever close says; it may tell of a write that failed late (NFS). */
static int file_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    (void)ending;
    int fd = fd_of(stream);
    free(stream);
    return close(fd) < 0 && errno != EINTR ? dagger_error_from_errno(errno) : 0;
}

static const struct dagger_node_ops node_ops = {
    .stat = dagger_node_stat,
    .seek = file_seek,
    .read_vector = file_read_vector,
    .write_vector = file_write_vector,
    .set_size = dagger_node_set_size,
    .allocate = dagger_node_allocate,
    .advise = dagger_node_advise,
    .set_times = dagger_node_set_times,
    .sync = dagger_node_sync,
    .get_flags = dagger_node_get_flags,
    .set_flags = file_set_flags,
    .ready = file_ready,
};

/* By access mode. */
static const struct dagger_stream_ops file_ops[] = {
    [O_RDONLY] = {.kind = "file", .read = file_read, .close = file_close, .node = &node_ops},
    [O_WRONLY] = {.kind = "file", .write = file_write, .close = file_close, .node = &node_ops},
    [O_RDWR] = {.kind = "file",
                .read = file_read,
                .write = file_write,
                .close = file_close,
                .node = &node_ops},
};

/* Only the opening must not wait. To regular files O_NONBLOCK means nothing: it stays, which saves
 * a call. */
static int may_wait(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0 ? -errno : 0;
}

int dagger_node_file_new(int fd, int flags, const struct stat *st, bool read_only,
                         struct dagger_stream **out)
{
    bool regular = S_ISREG(st->st_mode), nonblock = flags & O_NONBLOCK;
    struct dagger_node *node = calloc(1, sizeof *node);
    int error = node ? 0 : -ENOMEM;
    if (!error && !regular && !nonblock)
        error = may_wait(fd);
    if (error) {
        close(fd);
        free(node);
        return error;
    }
    *node = (struct dagger_node){
        .base = {.stream = {.ops = &file_ops[flags & O_ACCMODE]}, .fd = fd},
        .read_only = read_only,
        .nonblock = nonblock,
        .regular = regular,
        .unconnected = S_ISFIFO(st->st_mode) && (flags & O_ACCMODE) == O_RDONLY,
    };
    *out = &node->base.stream;
    return 0;
}
