/* file://: files, directories, and what else has a name in the file system.
 *
 * Regular files and block devices gather small writes and read ahead for small reads; FIFOs and
 * character devices do neither, since somebody is at the other end. Sockets can't be opened, and
 * nothing of procfs may be: /proc/self/mem would hand the guest its own runtime.
 */
#include "file.h"
#include "kinds.h"
#include "wait.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define BUFFER 32768        /* bytes gathered or read ahead */
#define SMALL  (BUFFER / 4) /* shorter reads are served from what was read ahead */

struct file {
    struct dagger_stream stream;
    int fd;
    int error;        /* the first failed write or sync; what is not whole is not published */
    bool seekable;    /* it has a position: gather, read ahead */
    bool unconnected; /* a FIFO that may not have had a writer yet */
    bool sync;
    int parent; /* with sync: the directory that has a name to be synced, or -1 */
    struct dagger_buffer out;
    uint8_t *ahead;             /* BUFFER bytes, or NULL */
    size_t ahead_at, ahead_len; /* of those: read by the guest, and all */
    bool atomic;
    struct dagger_file_replacement replacement; /* if atomic */
};

/* --- operations ---------------------------------------------------------------------------- */

static int keep_error(struct file *file, int errno_value)
{
    int error = dagger_error_from_errno(errno_value);
    if (error != DAGGER_INTERRUPTED && !file->error)
        file->error = error;
    return error;
}

/* A FIFO opened without waiting reads as ended until its first writer comes; wait here as open() of
 * a FIFO otherwise does. */
static int await_writer(struct file *file)
{
    int error = dagger_wait(&file->stream, file->fd, POLLIN, -1);
    file->unconnected = error != 0;
    return error;
}

static int64_t read_direct(struct file *file, void *data, size_t len)
{
    int error = dagger_wait_in_time(&file->stream, file->fd, POLLIN, &len);
    if (error)
        return error;
    ssize_t count = read(file->fd, data, len);
    return count < 0 ? dagger_error_from_errno(errno) : count;
}

static int64_t file_read(struct dagger_stream *stream, void *data, size_t len)
{
    struct file *file = (struct file *)stream;
    if (file->unconnected) {
        int error = await_writer(file);
        if (error)
            return error;
    }
    if (file->ahead_at == file->ahead_len) {
        if (!file->seekable || len >= SMALL)
            return read_direct(file, data, len);
        if (!file->ahead && !(file->ahead = malloc(BUFFER)))
            return read_direct(file, data, len);
        int64_t count = read_direct(file, file->ahead, BUFFER);
        if (count <= 0)
            return count;
        file->ahead_at = 0;
        file->ahead_len = (size_t)count;
    }
    size_t part = file->ahead_len - file->ahead_at;
    if (part > len)
        part = len;
    memcpy(data, file->ahead + file->ahead_at, part);
    file->ahead_at += part;
    return (int64_t)part;
}

/* The guest has one position to read and write at: what was read ahead is given back. */
static int forget_ahead(struct file *file)
{
    off_t unread = (off_t)(file->ahead_len - file->ahead_at);
    file->ahead_at = file->ahead_len = 0;
    if (unread && lseek(file->fd, -unread, SEEK_CUR) < 0)
        return keep_error(file, errno);
    return 0;
}

static int64_t file_write(struct dagger_stream *stream, const void *data, size_t len)
{
    struct file *file = (struct file *)stream;
    int error = forget_ahead(file);
    if (!error)
        error = dagger_wait_in_time(stream, file->fd, POLLOUT, &len);
    if (error)
        return error;
    ssize_t count = write(file->fd, data, len);
    return count < 0 ? keep_error(file, errno) : count;
}

static int file_flush(struct dagger_stream *stream)
{
    struct file *file = (struct file *)stream;
    if (!file->sync)
        return 0;
    /* A file with a new name needs all of its inode there, another one just its data. */
    bool named = file->atomic || file->parent >= 0;
    if ((named ? fsync(file->fd) : fdatasync(file->fd)) < 0)
        return keep_error(file, errno);
    if (file->parent >= 0) {
        int error = dagger_file_sync_directory(file->parent);
        if (error)
            return keep_error(file, -error);
        close(file->parent);
        file->parent = -1;
    }
    return 0;
}

/* Lets the content appear if all that the guest wrote is in it and the guest got to its end. */
static int publish(struct file *file, enum dagger_ending ending)
{
    if (ending != DAGGER_END_NORMAL)
        return 0;
    if (file->error)
        return file->error;
    if (file->out.len)
        return DAGGER_IO;
    int error;
    do
        error = dagger_file_replacement_publish(&file->replacement, file->fd);
    while (error == -EINTR);
    if (!error && file->sync)
        error = dagger_file_sync_directory(file->replacement.dir);
    return error ? dagger_error_from_errno(-error) : 0;
}

static int file_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    struct file *file = (struct file *)stream;
    int error = 0;
    if (file->atomic) {
        error = publish(file, ending);
        dagger_file_replacement_release(&file->replacement);
    }
    /* The descriptor is gone whatever close says; it may tell of a write that failed late (NFS). */
    if (file->fd >= 0 && close(file->fd) < 0 && errno != EINTR && !error)
        error = dagger_error_from_errno(errno);
    if (file->parent >= 0)
        close(file->parent);
    free(file->ahead);
    free(file->out.data);
    free(file);
    return error;
}

static const struct dagger_stream_ops read_ops = {
    .kind = "file",
    .read = file_read,
    .close = file_close,
};

static const struct dagger_stream_ops write_ops = {
    .kind = "file",
    .write = file_write,
    .flush = file_flush,
    .close = file_close,
};

static const struct dagger_stream_ops read_write_ops = {
    .kind = "file",
    .read = file_read,
    .write = file_write,
    .flush = file_flush,
    .close = file_close,
};

/* --- open ---------------------------------------------------------------------------------- */

static const struct {
    int flags;
    const struct dagger_stream_ops *ops;
} modes[] = {
    [DAGGER_FILE_READ] = {O_RDONLY, &read_ops},
    [DAGGER_FILE_WRITE] = {O_WRONLY | O_CREAT | O_TRUNC, &write_ops},
    [DAGGER_FILE_APPEND] = {O_WRONLY | O_CREAT | O_APPEND, &write_ops},
    [DAGGER_FILE_CREATE] = {O_WRONLY | O_CREAT | O_EXCL, &write_ops},
    [DAGGER_FILE_READ_WRITE] = {O_RDWR | O_CREAT, &read_write_ops},
};

/* ENXIO is the answer for a FIFO that nobody reads, for every socket, and for a device that is not
 * there. */
static int explain_enxio(int root, enum dagger_file_bounds bounds, const char *path)
{
    struct stat st;
    int fd = dagger_file_openat(root, bounds, path, O_PATH, 0);
    if (fd < 0)
        return dagger_error_from_errno(-fd);
    int error = fstat(fd, &st) < 0 ? errno : ENXIO;
    close(fd);
    if (error == ENXIO && S_ISFIFO(st.st_mode))
        return DAGGER_PIPE;
    if (error == ENXIO && S_ISSOCK(st.st_mode))
        return DAGGER_NOTSUP;
    return dagger_error_from_errno(error);
}

/* What is open now decides what can be done with it. */
static int check_target(struct file *file, const struct dagger_file_request *request,
                        const struct stat *st)
{
    struct statfs fs;
    if (fstatfs(file->fd, &fs) < 0)
        return dagger_error_from_errno(errno);
    if (fs.f_type == PROC_SUPER_MAGIC)
        return DAGGER_PERM;

    file->seekable = S_ISREG(st->st_mode) || S_ISBLK(st->st_mode);
    if (!file->seekable && (request->offset || request->sync))
        return DAGGER_NOTSUP;
    /* POSIX leaves a FIFO that is read and written through one descriptor undefined. */
    if (S_ISFIFO(st->st_mode) && request->mode == DAGGER_FILE_READ_WRITE)
        return DAGGER_NOTSUP;
    file->unconnected = S_ISFIFO(st->st_mode) && request->mode == DAGGER_FILE_READ;
    return 0;
}

/* Brings the open file to where the request wants it. */
static int prepare(struct file *file, const struct dagger_file_request *request)
{
    /* Only the opening must not wait. */
    if (!file->seekable) {
        int flags = fcntl(file->fd, F_GETFL);
        if (flags < 0 || fcntl(file->fd, F_SETFL, flags & ~O_NONBLOCK) < 0)
            return dagger_error_from_errno(errno);
    }
    if (request->offset && lseek(file->fd, request->offset, SEEK_SET) < 0)
        return errno == EINVAL ? DAGGER_BADINPUT : dagger_error_from_errno(errno);

    file->stream.ops = modes[request->mode].ops;
    if (file->seekable && request->mode != DAGGER_FILE_READ) {
        file->out.data = malloc(BUFFER);
        if (!file->out.data)
            return DAGGER_NOMEM;
        file->out.cap = BUFFER;
        file->stream.out = &file->out;
    }
    return 0;
}

/* Opens what the request names and stores it in `file`. */
static int open_target(struct file *file, int root, enum dagger_file_bounds bounds,
                       const struct dagger_file_request *request)
{
    if (request->atomic) {
        file->fd = dagger_file_replacement_open(&file->replacement, root, bounds, request->path);
        file->atomic = file->fd >= 0;
    } else {
        /* Not to wait for the other end of a FIFO or for a line; no effect on files. */
        int flags = modes[request->mode].flags | O_NONBLOCK;
        do
            file->fd = dagger_file_openat(root, bounds, request->path, flags, 0666);
        while (file->fd == -EINTR);
    }
    if (file->fd == -ENXIO)
        return explain_enxio(root, bounds, request->path);
    if (file->fd < 0)
        return dagger_error_from_errno(-file->fd);

    file->sync = request->sync;
    if (request->sync && !request->atomic) {
        char name[NAME_MAX + 1];
        file->parent = dagger_file_parent(root, bounds, request->path, name);
        if (file->parent < 0)
            return dagger_error_from_errno(-file->parent);
    }
    return 0;
}

/* Opens the target and gets it ready; `st` tells what it is. */
static int open_file(struct file *file, const struct dagger_host *host,
                     const struct dagger_file_request *request, struct stat *st)
{
    int root = dagger_file_root(host);
    if (root < 0)
        return dagger_error_from_errno(-root);
    int error = open_target(file, root, host->no_links ? DAGGER_FILE_NO_LINKS : DAGGER_FILE_IN_ROOT,
                            request);
    close(root);
    if (!error && fstat(file->fd, st) < 0)
        error = dagger_error_from_errno(errno);
    if (!error)
        error = check_target(file, request, st);
    return error ? error : prepare(file, request);
}

int dagger_file_open(const struct dagger_host *host, const struct dagger_url *url,
                     struct dagger_stream **out)
{
    struct dagger_file_request request;
    struct stat st;
    int error = dagger_file_request(&request, url);
    if (error)
        return error;
    struct file *file = calloc(1, sizeof *file);
    if (!file)
        return DAGGER_NOMEM;
    file->fd = file->parent = -1;
    error = open_file(file, host, &request, &st);
    if (!error && !S_ISDIR(st.st_mode)) {
        *out = &file->stream;
        return 0;
    }
    if (!error) {
        error = dagger_directory_new(file->fd, out);
        file->fd = -1;
    }
    file_close(&file->stream, DAGGER_END_TRAP);
    return error;
}
