/* files.h: what cases about files have in common. Helpers give the errno of the first call that
 * failed. */
#ifndef FILES_H
#define FILES_H

#include "case.h"

#define UNUSED_OK static inline __attribute__((unused))

/* Opens with what is usual: links are followed, no flags of the descriptor. */
UNUSED_OK u32 open_as(u32 dir, const char *path, u32 oflags, wasi_rights base, u32 *fd)
{
    *fd = UNKNOWN_FD;
    return wasi_path_open(dir, FOLLOW, path, length(path), oflags, base, 0, 0, fd);
}

UNUSED_OK u32 open_read(const char *path, u32 *fd)
{
    return open_as(ROOT, path, 0, READ_RIGHTS, fd);
}

/* A file, made or emptied, to read and write. */
UNUSED_OK u32 open_new(const char *path, u32 *fd)
{
    return open_as(ROOT, path, O_CREATE | O_TRUNCATE, FILE_RIGHTS, fd);
}

UNUSED_OK u32 open_dir(const char *path, u32 *fd)
{
    *fd = UNKNOWN_FD;
    return wasi_path_open(ROOT, FOLLOW, path, length(path), O_DIR, DIR_RIGHTS,
                          DIR_RIGHTS | FILE_RIGHTS, 0, fd);
}

/* The errno of opening it for reading, and nothing left open. */
UNUSED_OK u32 try_open(u32 dir, u32 lookup, const char *path, u32 len)
{
    u32 fd;
    u32 error = wasi_path_open(dir, lookup, path, len, 0, READ_RIGHTS, 0, 0, &fd);
    return error ? error : wasi_fd_close(fd);
}

UNUSED_OK u32 read_some(u32 fd, void *data, u32 len, u32 *done)
{
    struct wasi_iovec to = {data, len};
    *done = 0;
    return wasi_fd_read(fd, &to, 1, done);
}

UNUSED_OK u32 write_text(u32 fd, const char *text)
{
    struct wasi_iovec from = {(char *)text, length(text)};
    u32 done = 0;
    u32 error = wasi_fd_write(fd, &from, 1, &done);
    return error == WASI_SUCCESS && done != from.len ? WASI_IO : error;
}

/* A file with that text. */
UNUSED_OK u32 make_file(const char *path, const char *text)
{
    u32 fd;
    u32 error = open_new(path, &fd);
    if (error == WASI_SUCCESS)
        error = write_text(fd, text);
    return error ? error : wasi_fd_close(fd);
}

UNUSED_OK u32 make_dir(const char *path)
{
    return wasi_path_create_directory(ROOT, path, length(path));
}

/* SUCCESS if the file holds that text, IO if another. */
UNUSED_OK u32 has_text(const char *path, const char *text)
{
    char data[256];
    u32 fd, done;
    u32 error = open_read(path, &fd);
    if (error)
        return error;
    error = read_some(fd, data, sizeof data, &done);
    if (error == WASI_SUCCESS && (done != length(text) || !same(data, text, done)))
        error = WASI_IO;
    u32 closed = wasi_fd_close(fd);
    return error ? error : closed;
}

UNUSED_OK u32 stat_of(u32 lookup, const char *path, struct wasi_filestat *stat)
{
    return wasi_path_filestat_get(ROOT, lookup, path, length(path), stat);
}

/* The errno of asking for what the name itself is: NOENT when it is gone. */
UNUSED_OK u32 exists(const char *path)
{
    struct wasi_filestat stat;
    return stat_of(NO_FOLLOW, path, &stat);
}

UNUSED_OK u32 position(u32 fd)
{
    u64 at = 0;
    return wasi_fd_tell(fd, &at) == WASI_SUCCESS ? (u32)at : UINT32_MAX;
}

#endif
