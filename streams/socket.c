#include "socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "node.h"
#include "retry.h"
#include "wait.h"

enum { IDLE_TIMEOUT_MS = 60 * 1000 };

static struct dagger_socket *socket_of(struct dagger_stream *stream)
{
    return (struct dagger_socket *)stream;
}

int dagger_idle_timeout(const struct dagger_host *host)
{
    return host->idle_timeout_ms > 0 ? host->idle_timeout_ms : IDLE_TIMEOUT_MS;
}

static int wait_for(const struct dagger_socket *socket, short events)
{
    return dagger_wait(&socket->base, socket->fd, events, socket->idle_timeout_ms);
}

/* --- reading --------------------------------------------------------------------------------- */

/* As the transport's, but an end stays one: the kernel tells of a reset only once. */
static int64_t receive_now(struct dagger_socket *socket, void *data, size_t len)
{
    if (socket->ended)
        return socket->end;
    int64_t count = socket->transport->receive(socket, data, len);
    if (count <= 0 && count != DAGGER_NOT_YET) {
        socket->ended = true;
        socket->end = (int)count;
    }
    return count;
}

static int64_t receive(struct dagger_socket *socket, void *data, size_t len)
{
    int64_t count;
    while ((count = receive_now(socket, data, len)) == DAGGER_NOT_YET) {
        int error = wait_for(socket, POLLIN);
        if (error)
            return error;
    }
    return count;
}

/* `take`: how more is received, where nothing is there that was read ahead. */
static int64_t read_by(struct dagger_socket *socket, void *data, size_t len,
                       int64_t (*take)(struct dagger_socket *, void *, size_t))
{
    if (socket->at == socket->len) {
        if (len >= DAGGER_SOCKET_AHEAD)
            return take(socket, data, len);
        int64_t count = take(socket, socket->ahead, DAGGER_SOCKET_AHEAD);
        if (count <= 0)
            return count;
        socket->at = 0;
        socket->len = (size_t)count;
    }
    if (len > socket->len - socket->at)
        len = socket->len - socket->at;
    memcpy(data, socket->ahead + socket->at, len);
    socket->at += len;
    return (int64_t)len;
}

int64_t dagger_socket_read(struct dagger_stream *stream, void *data, size_t len)
{
    return read_by(socket_of(stream), data, len, receive);
}

/* --- writing --------------------------------------------------------------------------------- */

static int end_writing(struct dagger_socket *socket, int error)
{
    socket->write_error = error;
    socket->base.out = NULL;
    return error;
}

/* As the transport's, but an error stays one. */
static int64_t send_now(struct dagger_socket *socket, const void *data, size_t len)
{
    if (socket->write_error)
        return socket->write_error;
    int64_t count = socket->transport->send(socket, data, len);
    if (count < 0 && count != DAGGER_NOT_YET)
        end_writing(socket, (int)count);
    return count;
}

int64_t dagger_socket_write(struct dagger_stream *stream, const void *data, size_t len)
{
    struct dagger_socket *socket = socket_of(stream);
    int64_t count;
    while ((count = send_now(socket, data, len)) == DAGGER_NOT_YET) {
        int error = wait_for(socket, POLLOUT);
        if (error)
            return end_writing(socket, error);
    }
    return count;
}

int dagger_socket_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    (void)ending;
    struct dagger_socket *socket = socket_of(stream);
    socket->transport->release(socket);
    free(socket);
    return 0;
}

/* --- node.h ---------------------------------------------------------------------------------- */

static int socket_stat(struct dagger_stream *stream, struct stat *st)
{
    return fstat(socket_of(stream)->fd, st) ? -errno : 0;
}

/* What TLS holds decrypted, poll(2) knows nothing of: it is taken out. The end and errors are ready
 * to be read, too, as 0 bytes. */
static int64_t socket_ready(struct dagger_stream *stream, short event, int *fd)
{
    struct dagger_socket *socket = socket_of(stream);
    *fd = socket->fd;
    if (event != POLLIN)
        return -EAGAIN;
    if (socket->at == socket->len) {
        if (!stream->pending)
            stream->pending = dagger_stream_drain(stream);
        int64_t count =
            stream->pending ? 0 : receive_now(socket, socket->ahead, DAGGER_SOCKET_AHEAD);
        if (count == DAGGER_NOT_YET)
            return -EAGAIN;
        socket->at = 0;
        socket->len = count > 0 ? (size_t)count : 0;
    }
    return (int64_t)(socket->len - socket->at);
}

/* A count, or the errno value for an error. */
static int64_t host_result(int64_t count)
{
    switch (count) {
    case DAGGER_NOT_YET:
        return -EAGAIN;
    case DAGGER_PIPE:
        return -EPIPE;
    case DAGGER_TIMEOUT:
        return -ETIMEDOUT;
    case DAGGER_NOMEM:
        return -ENOMEM;
    default:
        return count < 0 ? -EIO : count;
    }
}

static int socket_shutdown(struct dagger_stream *stream, int how)
{
    struct dagger_socket *socket = socket_of(stream);
    if (socket->transport->ends_whole)
        return -EOPNOTSUPP;
    bool writes = how == SHUT_WR || how == SHUT_RDWR;
    int error = writes ? dagger_stream_drain(stream) : 0;
    if (error)
        return (int)host_result(error);
    if (shutdown(socket->fd, how))
        return -errno;
    if (writes)
        end_writing(socket, DAGGER_PIPE);
    return 0;
}

int dagger_socket_end_writing(struct dagger_stream *stream)
{
    int error = socket_shutdown(stream, SHUT_WR);
    return error ? dagger_error_from_errno(-error) : 0;
}

static int socket_get_flags(struct dagger_stream *stream)
{
    return O_RDWR | (socket_of(stream)->nonblock ? O_NONBLOCK : 0);
}

static int socket_set_flags(struct dagger_stream *stream, int flags)
{
    if (flags & ~(O_NONBLOCK | O_ACCMODE))
        return -EINVAL;
    socket_of(stream)->nonblock = flags & O_NONBLOCK;
    return 0;
}

/* One piece is enough: a read may be shorter. */
static int64_t socket_read_vector(struct dagger_stream *stream, const struct iovec *data, int count,
                                  int64_t offset)
{
    struct dagger_socket *socket = socket_of(stream);
    (void)count;
    if (offset != -1)
        return -ESPIPE;
    if (!socket->nonblock || !data->iov_len)
        return host_result(dagger_stream_read(stream, data->iov_base, data->iov_len));
    int error = dagger_stream_drain(stream);
    return host_result(error ? error : read_by(socket, data->iov_base, data->iov_len, receive_now));
}

/* Whoever writes by vectors has gathered already. */
static int64_t write_all_pieces(struct dagger_stream *stream, const struct iovec *data, int count)
{
    int64_t done = 0;
    for (int i = 0; i < count; i++) {
        int64_t part = dagger_stream_write(stream, data[i].iov_base, data[i].iov_len);
        if (part < 0)
            return done ? done : host_result(part);
        done += part;
        if ((size_t)part < data[i].iov_len)
            break;
    }
    int error = dagger_stream_drain(stream);
    return error ? host_result(error) : done;
}

static int64_t socket_write_vector(struct dagger_stream *stream, const struct iovec *data,
                                   int count, int64_t offset)
{
    struct dagger_socket *socket = socket_of(stream);
    if (offset != -1)
        return -ESPIPE;
    if (!socket->nonblock || !data->iov_len)
        return write_all_pieces(stream, data, count);
    /* What dagger.write has gathered comes first; who mixes the two may have to wait. */
    int error = dagger_stream_drain(stream);
    return host_result(error ? error : send_now(socket, data->iov_base, data->iov_len));
}

const struct dagger_node_ops dagger_socket_node = {
    .stat = socket_stat,
    .read_vector = socket_read_vector,
    .write_vector = socket_write_vector,
    .get_flags = socket_get_flags,
    .set_flags = socket_set_flags,
    .ready = socket_ready,
    .shutdown = socket_shutdown,
};

/* --- sockets of the kernel ------------------------------------------------------------------- */

static int64_t plain_receive(struct dagger_socket *socket, void *data, size_t len)
{
    ssize_t count = TEMP_FAILURE_RETRY(recv(socket->fd, data, len, MSG_DONTWAIT));
    if (count > 0)
        return count;
    if (count == 0)
        return socket->cut ? DAGGER_IO : 0;
    return errno == EAGAIN ? DAGGER_NOT_YET : DAGGER_IO;
}

static int64_t plain_send(struct dagger_socket *socket, const void *data, size_t len)
{
    ssize_t count = TEMP_FAILURE_RETRY(send(socket->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL));
    if (count > 0)
        return count;
    if (count == 0 || errno == EAGAIN)
        return DAGGER_NOT_YET;
    socket->cut = errno == ECONNRESET; /* EPIPE comes after a proper end, too */
    return DAGGER_PIPE;
}

static void plain_release(struct dagger_socket *socket)
{
    close(socket->fd);
}

static const struct dagger_transport plain_transport = {
    .receive = plain_receive,
    .send = plain_send,
    .release = plain_release,
};

static const struct dagger_stream_ops socket_ops = {
    .kind = "socket",
    .read = dagger_socket_read,
    .write = dagger_socket_write,
    .end_writing = dagger_socket_end_writing,
    .close = dagger_socket_close,
    .node = &dagger_socket_node,
};

void dagger_socket_init(struct dagger_socket *socket, const struct dagger_stream_ops *ops,
                        const struct dagger_transport *transport, int fd,
                        const struct dagger_host *host)
{
    socket->base.ops = ops;
    socket->base.out = &socket->out;
    socket->out.data = socket->gathered;
    socket->out.cap = DAGGER_SOCKET_GATHERED;
    socket->transport = transport;
    socket->fd = fd;
    socket->idle_timeout_ms = dagger_idle_timeout(host);
}

int dagger_socket_new(int fd, const struct dagger_host *host, struct dagger_stream **out)
{
    struct dagger_socket *socket = calloc(1, sizeof *socket);
    if (!socket) {
        close(fd);
        return DAGGER_NOMEM;
    }
    dagger_socket_init(socket, &socket_ops, &plain_transport, fd, host);
    *out = &socket->base;
    return 0;
}
