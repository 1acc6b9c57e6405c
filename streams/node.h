/* Optional operations of streams, beyond the five calls: for what seeks, is stat'ed, listed, waited
 * for, or has names beneath it. The terms are POSIX's. A kind that has none of them leaves
 * dagger_stream_ops.node and .directory NULL; a single operation that is NULL is not there either.
 *
 * Results are 0 or a count, or a *negative errno value*, since callers (rt/wasi) tell more apart
 * than enum dagger_error does. EINTR is retried within an operation, but for poll's.
 */
#ifndef DAGGER_STREAMS_NODE_H
#define DAGGER_STREAMS_NODE_H

#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>

#include "stream.h"

struct dagger_node_ops {
    int (*stat)(struct dagger_stream *stream, struct stat *st);

    /* whence as lseek(2)'s. Returns the new offset from the start. */
    int64_t (*seek)(struct dagger_stream *stream, int64_t offset, int whence);

    /* As preadv2(2) and pwritev2(2): offset -1 is the stream's own position, which moves. `count`
     * is 1 to IOV_MAX, the sum of the lengths at most 2^31-1. */
    int64_t (*read_vector)(struct dagger_stream *stream, const struct iovec *data, int count,
                           int64_t offset);
    int64_t (*write_vector)(struct dagger_stream *stream, const struct iovec *data, int count,
                            int64_t offset);

    /* EPERM for a standard stream that the user lets append only (">>"). */
    int (*set_size)(struct dagger_stream *stream, int64_t size);
    /* EOPNOTSUPP where the file system can't. */
    int (*allocate)(struct dagger_stream *stream, int64_t offset, int64_t len);
    int (*advise)(struct dagger_stream *stream, int64_t offset, int64_t len, int advice);

    /* As futimens(2): access and modification, UTIME_NOW and UTIME_OMIT allowed. */
    int (*set_times)(struct dagger_stream *stream, const struct timespec times[2]);
    int (*sync)(struct dagger_stream *stream, bool data_only);

    /* O_APPEND, O_NONBLOCK, O_DSYNC, O_SYNC and the access mode, as fcntl(2)'s F_GETFL has them.
     * set_flags takes O_APPEND and O_NONBLOCK only: EINVAL for others that would change; the access
     * mode is not looked at. A standard stream's O_APPEND is the user's: EINVAL, too; and its
     * O_NONBLOCK is this stream's alone, not that of others over the descriptor. */
    int (*get_flags)(struct dagger_stream *stream);
    int (*set_flags)(struct dagger_stream *stream, int flags);

    /* For POLLIN or POLLOUT in `event`: the bytes that can be read or written at once (0: at the
     * end of a file, where a read does not wait either); or -EAGAIN and the host descriptor in *fd
     * to ask poll(2) for. */
    int64_t (*ready)(struct dagger_stream *stream, short event, int *fd);

    /* Sockets. shutdown(2); accept gives a new stream for flags 0 or O_NONBLOCK. */
    int (*shutdown)(struct dagger_stream *stream, int how);
    int (*accept)(struct dagger_stream *stream, int flags, struct dagger_stream **out);
};

/* An entry of a directory. */
struct dagger_entry {
    const char *name; /* NUL-terminated; good until the next call for the stream */
    size_t len;
    uint64_t inode;
    uint64_t next;      /* where the entry after this one is found */
    unsigned char type; /* DT_REG and so on, DT_UNKNOWN if the file system does not say */
};

/* Names beneath a directory. A path is relative to it and NUL-terminated; one that would leave the
 * directory, by "..", by a "/" at its start or through a symbolic link, gets -EPERM and nothing is
 * touched, whatever others rename meanwhile. Links of procfs that lead to objects: -ELOOP; to open
 * anything of procfs: -EPERM. A read-only directory, and all that is opened beneath it, refuses
 * with -EROFS what would change anything. `follow`: a symbolic link as the last name is followed.
 * Else paths mean and give what they do for Linux. */
struct dagger_directory_ops {
    /* The entry at `cookie`, 0 for the first, else `next` of another. "." and ".." are among them.
     * 0 starts anew, so that it sees what has changed. Other numbers give -EINVAL or some entry.
     * Returns 1, or 0 at the end. */
    int (*list)(struct dagger_stream *dir, uint64_t cookie, struct dagger_entry *entry);

    /* flags: an access mode, O_CREAT, O_EXCL, O_TRUNC, O_DIRECTORY, O_NOFOLLOW, O_APPEND,
     * O_NONBLOCK, O_DSYNC, O_SYNC. New files get 0666 less the umask. Never waits for the other end
     * of a FIFO, which is the first read's without O_NONBLOCK. O_CREAT with O_DIRECTORY: -EINVAL.
     * The new stream has node operations and, if it is a directory, these. */
    int (*open)(struct dagger_stream *dir, const char *path, int flags, struct dagger_stream **out);

    int (*stat)(struct dagger_stream *dir, const char *path, bool follow, struct stat *st);
    int (*set_times)(struct dagger_stream *dir, const char *path, bool follow,
                     const struct timespec times[2]);
    int (*make_directory)(struct dagger_stream *dir, const char *path); /* 0777 less the umask */
    int (*remove_directory)(struct dagger_stream *dir, const char *path);
    int (*unlink)(struct dagger_stream *dir, const char *path);

    /* Both directories have these operations; another kind's: -EXDEV. */
    int (*rename)(struct dagger_stream *dir, const char *path, struct dagger_stream *new_dir,
                  const char *new_path);
    int (*link)(struct dagger_stream *dir, const char *path, bool follow,
                struct dagger_stream *new_dir, const char *new_path);

    /* A target that is absolute: -EPERM, as nothing could ever follow it. */
    int (*make_symlink)(struct dagger_stream *dir, const char *target, const char *path);

    /* As readlink(2): at most `size` bytes, without a NUL. Returns their number. */
    int64_t (*read_link)(struct dagger_stream *dir, const char *path, char *target, size_t size);
};

/* A stream over the host's directory at `path`, resolved by the host as the user means it: by
 * symbolic links and from the working directory. Returns 0 or a negative errno value. */
int dagger_directory_open(const char *path, bool read_only, struct dagger_stream **out);

/* The host's descriptor of a stream that is such a directory, and whether it is read-only; -1 for
 * other streams. */
int dagger_directory_descriptor(const struct dagger_stream *stream, bool *read_only);

/* The standard stream of descriptor `fd`, 0, 1 or 2, with node operations. Shares its buffer with
 * streams that stdin:// and so on opened, but what is written to it is handed on at once. Returns 0
 * or a negative errno value: EBADF if it was closed when the program started, EACCES if it is open
 * for the other direction only. */
int dagger_standard_open(int fd, struct dagger_stream **out);

#endif
