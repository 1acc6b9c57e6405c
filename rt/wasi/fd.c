/* What can be done with one descriptor, but for reading, writing and what is known of it. */
#include <fcntl.h>
#include <unistd.h>

#include "wasi.h"

uint32_t wasi_fd_close(struct w2c_dagger *imports, uint32_t fd)
{
    int32_t error = dagger_process_close(&imports->process, fd);
    return error ? wasi_from_stream(error) : WASI_SUCCESS;
}

/* Both must be open; what was at `to` is closed. */
uint32_t wasi_fd_renumber(struct w2c_dagger *imports, uint32_t from, uint32_t to)
{
    struct wasi_file file;
    enum wasi_errno error = wasi_find(imports, from, 0, &file);
    if (!error)
        error = wasi_find(imports, to, 0, &file);
    if (error || from == to)
        return error;
    int32_t closed = dagger_process_move(&imports->process, from, to);
    return closed ? wasi_from_stream(closed) : WASI_SUCCESS;
}

static uint32_t seek(struct w2c_dagger *imports, uint32_t fd, uint64_t rights, int64_t offset,
                     int whence, uint32_t at)
{
    struct wasi_file file;
    enum wasi_errno error = wasi_find(imports, fd, 0, &file);
    uint8_t *result = wasi_at(imports, at, 8);
    if (error)
        return error;
    if (file.stream->ops->directory)
        return WASI_ISDIR;
    if (!wasi_can_seek(&file))
        return WASI_SPIPE;
    if (rights & ~file.base)
        return WASI_NOTCAPABLE;
    if (!result)
        return WASI_FAULT;
    if (whence < 0)
        return WASI_INVAL;
    int64_t position = file.node->seek(file.stream, offset, whence);
    if (position < 0)
        return wasi_from_host(position);
    wasi_put64(result, (uint64_t)position);
    return WASI_SUCCESS;
}

/* To ask for the position needs less than to change it. */
static uint32_t seek_by(struct w2c_dagger *imports, uint32_t fd, uint64_t offset, int whence,
                        uint32_t at)
{
    bool asks = whence == SEEK_CUR && offset == 0;
    return seek(imports, fd, asks ? WASI_RIGHT(FD_TELL) : WASI_RIGHT(FD_SEEK), (int64_t)offset,
                whence, at);
}

uint32_t wasi_fd_seek(struct w2c_dagger *imports, uint32_t fd, uint64_t offset, uint32_t whence,
                      uint32_t at)
{
    static const int whences[] = {SEEK_SET, SEEK_CUR, SEEK_END};
    return seek_by(imports, fd, offset, whence < 3 ? whences[whence] : -1, at);
}

uint32_t wasi_unstable_fd_seek(struct w2c_dagger *imports, uint32_t fd, uint64_t offset,
                               uint32_t whence, uint32_t at)
{
    static const int whences[] = {SEEK_CUR, SEEK_END, SEEK_SET};
    return seek_by(imports, fd, offset, whence < 3 ? whences[whence] : -1, at);
}

uint32_t wasi_fd_tell(struct w2c_dagger *imports, uint32_t fd, uint32_t at)
{
    return seek(imports, fd, WASI_RIGHT(FD_TELL), 0, SEEK_CUR, at);
}

static uint32_t sync_stream(struct w2c_dagger *imports, uint32_t fd, bool data_only)
{
    struct wasi_file file;
    uint64_t rights = data_only ? WASI_RIGHT(FD_DATASYNC) : WASI_RIGHT(FD_SYNC);
    enum wasi_errno error = wasi_find(imports, fd, rights, &file);
    if (error)
        return error;
    int flushed = dagger_stream_flush(file.stream);
    if (flushed)
        return wasi_from_stream(flushed);
    return file.node->sync ? wasi_result(file.node->sync(file.stream, data_only)) : WASI_SUCCESS;
}

uint32_t wasi_fd_datasync(struct w2c_dagger *imports, uint32_t fd)
{
    return sync_stream(imports, fd, true);
}

uint32_t wasi_fd_sync(struct w2c_dagger *imports, uint32_t fd)
{
    return sync_stream(imports, fd, false);
}

uint32_t wasi_fd_advise(struct w2c_dagger *imports, uint32_t fd, uint64_t offset, uint64_t len,
                        uint32_t advice)
{
    static const int advices[] = {POSIX_FADV_NORMAL,   POSIX_FADV_SEQUENTIAL, POSIX_FADV_RANDOM,
                                  POSIX_FADV_WILLNEED, POSIX_FADV_DONTNEED,   POSIX_FADV_NOREUSE};
    struct wasi_file file;
    enum wasi_errno error = wasi_find(imports, fd, WASI_RIGHT(FD_ADVISE), &file);
    if (error)
        return error;
    if (advice >= sizeof advices / sizeof *advices || offset > INT64_MAX || len > INT64_MAX)
        return WASI_INVAL;
    if (!file.node->advise)
        return file.stream->ops->directory ? WASI_SUCCESS : WASI_SPIPE;
    return wasi_result(
        file.node->advise(file.stream, (int64_t)offset, (int64_t)len, advices[advice]));
}

uint32_t wasi_fd_allocate(struct w2c_dagger *imports, uint32_t fd, uint64_t offset, uint64_t len)
{
    struct wasi_file file;
    enum wasi_errno error = wasi_find(imports, fd, WASI_RIGHT(FD_ALLOCATE), &file);
    int64_t end;
    if (error)
        return error;
    if (offset > INT64_MAX || len > INT64_MAX || len == 0)
        return WASI_INVAL;
    if (__builtin_add_overflow((int64_t)offset, (int64_t)len, &end))
        return WASI_FBIG;
    if (!file.node->allocate)
        return WASI_SPIPE;
    return wasi_result(file.node->allocate(file.stream, (int64_t)offset, (int64_t)len));
}
