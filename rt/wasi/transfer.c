/* Reading and writing: fd_read, fd_write, fd_pread, fd_pwrite, sock_recv, sock_send. */
#include <fcntl.h>
#include <limits.h>

#include "wasi.h"

enum { IOVEC_SIZE = 8, VECTORS_MAX = IOV_MAX, OWN_POSITION = -1 };
_Static_assert(IOV_MAX == 1024, "the vectors fit the stack");

struct transfer {
    struct wasi_file file;
    struct dagger_process *process;
    struct dagger_slot *slot;
    struct iovec data[VECTORS_MAX];
    int count;
    uint8_t *done; /* where the guest wants the number of bytes */
};

/* The guest's vectors as the host's, without empty ones, each checked. What is beyond 2^31-1 bytes
 * in all, or beyond what the host takes at once, is left out: a transfer may always be shorter. */
static enum wasi_errno take_vectors(struct w2c_dagger *imports, struct transfer *transfer,
                                    uint32_t vectors, uint32_t count)
{
    const uint8_t *at = wasi_array(imports, vectors, count, IOVEC_SIZE);
    size_t room = INT32_MAX;
    if (!at)
        return WASI_FAULT;
    transfer->count = 0;
    for (; count > 0; count--, at += IOVEC_SIZE) {
        uint32_t len = wasi_get32(at + 4);
        uint8_t *data = wasi_at(imports, wasi_get32(at), len);
        if (!data)
            return WASI_FAULT;
        size_t part = len < room ? len : room;
        if (part > 0 && transfer->count < VECTORS_MAX)
            transfer->data[transfer->count++] = (struct iovec){data, part};
        room -= part;
    }
    return WASI_SUCCESS;
}

static enum wasi_errno prepare(struct w2c_dagger *imports, struct transfer *transfer, uint32_t fd,
                               uint64_t rights, uint32_t vectors, uint32_t count, uint32_t done_at)
{
    enum wasi_errno error = wasi_find(imports, fd, 0, &transfer->file);
    if (error)
        return error;
    if (transfer->file.stream->ops->directory)
        return WASI_ISDIR;
    if (rights & WASI_RIGHT(FD_SEEK) && !wasi_can_seek(&transfer->file))
        return WASI_SPIPE;
    if (rights & ~transfer->file.base)
        return WASI_NOTCAPABLE;
    transfer->process = &imports->process;
    transfer->slot = dagger_process_slot(transfer->process, fd);
    transfer->done = wasi_at(imports, done_at, 4);
    if (!transfer->done)
        return WASI_FAULT;
    return take_vectors(imports, transfer, vectors, count);
}

/* By the operations that every stream has. A read takes what is there, one vector's worth. */
static int64_t plain_read(const struct transfer *transfer)
{
    return dagger_stream_read(transfer->file.stream, transfer->data[0].iov_base,
                              transfer->data[0].iov_len);
}

static int64_t plain_write(const struct transfer *transfer)
{
    int64_t done = 0;
    for (int i = 0; i < transfer->count; i++) {
        int64_t count = dagger_stream_write(transfer->file.stream, transfer->data[i].iov_base,
                                            transfer->data[i].iov_len);
        if (count < 0)
            return done > 0 ? done : count;
        done += count;
        if ((size_t)count < transfer->data[i].iov_len)
            break;
    }
    /* The guest's library has gathered already, and WASI has no call that says "now". */
    int error = dagger_stream_drain(transfer->file.stream);
    return error ? error : done;
}

static enum wasi_errno finish(const struct transfer *transfer, int64_t count)
{
    wasi_put32(transfer->done, (uint32_t)count);
    return WASI_SUCCESS;
}

/* Leaves out what is beyond the limit of the stream's bytes. False: all of it. */
static bool cut(struct transfer *transfer)
{
    size_t len = 0;
    for (int i = 0; i < transfer->count; i++)
        len += transfer->data[i].iov_len;
    size_t room = dagger_process_room(transfer->process, transfer->slot, len);
    for (int i = 0; i < transfer->count; i++) {
        if (transfer->data[i].iov_len > room)
            transfer->data[i].iov_len = room;
        room -= transfer->data[i].iov_len;
        if (transfer->data[i].iov_len == 0)
            transfer->count = i;
    }
    return transfer->count > 0;
}

static enum wasi_errno move(struct transfer *transfer, bool write, int64_t offset)
{
    const struct dagger_node_ops *node = transfer->file.node;
    int64_t (*vector)(struct dagger_stream *, const struct iovec *, int, int64_t) =
        write ? node->write_vector : node->read_vector;
    if (transfer->count == 0)
        return finish(transfer, 0);
    if (!vector && offset != OWN_POSITION)
        return WASI_SPIPE;
    if (!cut(transfer))
        return write ? WASI_NOSPC : WASI_PERM;
    int64_t count = vector  ? vector(transfer->file.stream, transfer->data, transfer->count, offset)
                    : write ? plain_write(transfer)
                            : plain_read(transfer);
    struct dagger_stream *stream = transfer->file.stream;
    dagger_process_count(stream, write ? &stream->written : &stream->read,
                         vector && count < 0 ? dagger_error_from_errno((int)-count) : count);
    if (count < 0)
        return vector ? wasi_from_host(count) : wasi_from_stream(count);
    return finish(transfer, count);
}

uint32_t wasi_fd_read(struct w2c_dagger *imports, uint32_t fd, uint32_t vectors, uint32_t count,
                      uint32_t done)
{
    struct transfer transfer;
    enum wasi_errno error =
        prepare(imports, &transfer, fd, WASI_RIGHT(FD_READ), vectors, count, done);
    return error ? error : move(&transfer, false, OWN_POSITION);
}

uint32_t wasi_fd_write(struct w2c_dagger *imports, uint32_t fd, uint32_t vectors, uint32_t count,
                       uint32_t done)
{
    struct transfer transfer;
    enum wasi_errno error =
        prepare(imports, &transfer, fd, WASI_RIGHT(FD_WRITE), vectors, count, done);
    return error ? error : move(&transfer, true, OWN_POSITION);
}

static uint32_t at_offset(struct w2c_dagger *imports, uint32_t fd, uint32_t vectors, uint32_t count,
                          uint64_t offset, uint32_t done, bool write)
{
    struct transfer transfer;
    uint64_t rights = WASI_RIGHT(FD_SEEK) | (write ? WASI_RIGHT(FD_WRITE) : WASI_RIGHT(FD_READ));
    enum wasi_errno error = prepare(imports, &transfer, fd, rights, vectors, count, done);
    if (error)
        return error;
    return offset > INT64_MAX ? WASI_INVAL : move(&transfer, write, (int64_t)offset);
}

uint32_t wasi_fd_pread(struct w2c_dagger *imports, uint32_t fd, uint32_t vectors, uint32_t count,
                       uint64_t offset, uint32_t done)
{
    return at_offset(imports, fd, vectors, count, offset, done, false);
}

uint32_t wasi_fd_pwrite(struct w2c_dagger *imports, uint32_t fd, uint32_t vectors, uint32_t count,
                        uint64_t offset, uint32_t done)
{
    return at_offset(imports, fd, vectors, count, offset, done, true);
}

/* ---- Sockets ----------------------------------------------------------------------------------
 */

static bool is_socket(const struct wasi_file *file)
{
    return file->node->shutdown || file->node->accept;
}

static enum wasi_errno find_socket(struct w2c_dagger *imports, uint32_t fd, uint64_t rights,
                                   struct wasi_file *file)
{
    enum wasi_errno error = wasi_find(imports, fd, 0, file);
    if (error)
        return error;
    if (!is_socket(file))
        return WASI_NOTSOCK;
    return rights & ~file->base ? WASI_NOTCAPABLE : WASI_SUCCESS;
}

/* The flags, to look without taking and to wait for all, can't be had from a stream. */
uint32_t wasi_sock_recv(struct w2c_dagger *imports, uint32_t fd, uint32_t vectors, uint32_t count,
                        uint32_t flags, uint32_t done, uint32_t flags_at)
{
    enum { RECV_FLAGS = 3 };
    struct transfer transfer;
    struct wasi_file file;
    enum wasi_errno error = find_socket(imports, fd, WASI_RIGHT(FD_READ), &file);
    if (error)
        return error;
    uint8_t *out_flags = wasi_at(imports, flags_at, 2);
    if (flags & ~(uint32_t)RECV_FLAGS)
        return WASI_INVAL;
    if (flags)
        return WASI_NOTSUP;
    error = prepare(imports, &transfer, fd, WASI_RIGHT(FD_READ), vectors, count, done);
    if (!error && !out_flags)
        error = WASI_FAULT;
    if (!error)
        error = move(&transfer, false, OWN_POSITION);
    if (!error)
        memset(out_flags, 0, 2);
    return error;
}

uint32_t wasi_sock_send(struct w2c_dagger *imports, uint32_t fd, uint32_t vectors, uint32_t count,
                        uint32_t flags, uint32_t done)
{
    struct transfer transfer;
    struct wasi_file file;
    enum wasi_errno error = find_socket(imports, fd, WASI_RIGHT(FD_WRITE), &file);
    if (!error && flags)
        error = WASI_INVAL;
    if (!error)
        error = prepare(imports, &transfer, fd, WASI_RIGHT(FD_WRITE), vectors, count, done);
    return error ? error : move(&transfer, true, OWN_POSITION);
}

uint32_t wasi_sock_shutdown(struct w2c_dagger *imports, uint32_t fd, uint32_t how)
{
    static const int hows[] = {[1] = 0 /* SHUT_RD */, [2] = 1 /* SHUT_WR */, [3] = 2};
    struct wasi_file file;
    enum wasi_errno error = find_socket(imports, fd, WASI_RIGHT(SOCK_SHUTDOWN), &file);
    if (error)
        return error;
    if (how == 0 || how > 3)
        return WASI_INVAL;
    return file.node->shutdown ? wasi_result(file.node->shutdown(file.stream, hows[how]))
                               : WASI_NOTCONN;
}

uint32_t wasi_sock_accept(struct w2c_dagger *imports, uint32_t fd, uint32_t flags, uint32_t at)
{
    struct wasi_file file;
    enum wasi_errno error = find_socket(imports, fd, WASI_RIGHT(SOCK_ACCEPT), &file);
    uint8_t *result = wasi_at(imports, at, 4);
    if (error)
        return error;
    if (!result)
        return WASI_FAULT;
    if (flags & ~(uint32_t)WASI_FDFLAG_NONBLOCK)
        return WASI_INVAL;
    if (!file.node->accept)
        return WASI_INVAL; /* it does not listen */
    struct dagger_stream *stream;
    int host = file.node->accept(file.stream, flags ? O_NONBLOCK : 0, &stream);
    if (host < 0)
        return wasi_from_host(host);
    uint32_t number;
    error = wasi_add(imports, stream, file.base, 0, &number);
    if (!error)
        wasi_put32(result, number);
    return error;
}
