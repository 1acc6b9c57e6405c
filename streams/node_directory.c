/* A host directory as a stream with names beneath it: the stream, and what is listed, opened and
 * stat'ed. */
#include "file.h"
#include "node_host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define LISTED 32768 /* bytes of entries asked for at once */

struct directory {
    struct dagger_node node;
    dev_t plain; /* a device that is known not to be procfs */
    bool has_plain;
    uint8_t *entries;  /* LISTED bytes of struct dirent64; NULL before the first listing */
    size_t at, len;    /* of those: where the next entry is, and all */
    uint64_t start;    /* cookie of the first of them */
    uint64_t position; /* cookie of the one that is next */
};

static struct directory *directory_of(struct dagger_stream *stream)
{
    return (struct directory *)stream;
}

static int fd_of(struct dagger_stream *stream)
{
    return directory_of(stream)->node.base.fd;
}

/* --- list ---------------------------------------------------------------------------------- */

static const struct dirent64 *entry_at(const struct directory *dir, size_t at)
{
    return (const struct dirent64 *)(dir->entries + at);
}

/* Makes the entry at `cookie` the next. A cookie is the file system's own offset, which it takes
 * whatever it is: one that was made up is answered by an error or some entry. */
static int move_to(struct directory *dir, uint64_t cookie)
{
    if (cookie == dir->position && (cookie || !dir->len))
        return 0;
    /* 0 is asked for to see the directory as it is now. Others are found in what was read, as a
     * guest whose own buffer was full goes some entries back. */
    uint64_t position = dir->start;
    size_t at = 0;
    while (cookie && at < dir->len && position != cookie) {
        position = (uint64_t)entry_at(dir, at)->d_off;
        at += entry_at(dir, at)->d_reclen;
    }
    if (!cookie || position != cookie) {
        if (lseek(dir->node.base.fd, (off_t)cookie, SEEK_SET) < 0)
            return -errno;
        at = dir->len = 0;
        dir->start = cookie;
    }
    dir->at = at;
    dir->position = cookie;
    return 0;
}

/* Reads on behind the last entry. Returns 1, or 0 at the end. */
static int read_entries(struct directory *dir)
{
    void *entries = dir->entries; /* C libraries differ in what they take a pointer to */
    ssize_t count = TEMP_FAILURE_RETRY(getdents64(dir->node.base.fd, entries, LISTED));
    if (count < 0)
        return errno == ENOENT ? 0 : -errno; /* it was removed */
    if (count == 0)
        return 0;
    dir->start = dir->position;
    dir->at = 0;
    dir->len = (size_t)count;
    return 1;
}

static int directory_list(struct dagger_stream *stream, uint64_t cookie, struct dagger_entry *entry)
{
    struct directory *dir = directory_of(stream);
    if (!dir->entries && !(dir->entries = malloc(LISTED)))
        return -ENOMEM;
    int error = move_to(dir, cookie);
    if (error)
        return error;
    if (dir->at == dir->len) {
        int more = read_entries(dir);
        if (more <= 0)
            return more;
    }
    const struct dirent64 *found = entry_at(dir, dir->at);
    dir->at += found->d_reclen;
    dir->position = (uint64_t)found->d_off;
    *entry = (struct dagger_entry){
        .name = found->d_name,
        .len = strlen(found->d_name),
        .inode = found->d_ino,
        .next = dir->position,
        .type = found->d_type,
    };
    return 1;
}

/* --- open and stat ------------------------------------------------------------------------- */

static int directory_new(const struct directory *made, struct dagger_stream **out);

#define CHANGING (O_CREAT | O_TRUNC)
#define KNOWN                                                                                      \
    (O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_DIRECTORY | O_NOFOLLOW | O_APPEND | O_NONBLOCK |   \
     O_DSYNC | O_SYNC)

static int check_flags(const struct directory *dir, int flags)
{
    /* O_CREAT with O_DIRECTORY makes no directory, and before Linux 6.4 a file. */
    if ((flags & ~KNOWN) || (flags & O_ACCMODE) == O_ACCMODE ||
        ((flags & O_CREAT) && (flags & O_DIRECTORY)))
        return -EINVAL;
    if (dir->node.read_only && ((flags & O_ACCMODE) != O_RDONLY || (flags & CHANGING)))
        return -EROFS;
    return 0;
}

/* EPERM for what is of procfs: /proc/self/mem would hand the guest its own runtime. Another file on
 * the directory's device needs no question. */
static int check_target(const struct directory *dir, int fd, struct stat *st)
{
    struct statfs fs;
    if (fstat(fd, st) < 0)
        return -errno;
    if (dir->has_plain && st->st_dev == dir->plain)
        return 0;
    if (TEMP_FAILURE_RETRY(fstatfs(fd, &fs)) < 0)
        return -errno;
    return fs.f_type == PROC_SUPER_MAGIC ? -EPERM : 0;
}

static int directory_open(struct dagger_stream *stream, const char *path, int flags,
                          struct dagger_stream **out)
{
    struct directory *dir = directory_of(stream);
    bool read_only = dir->node.read_only;
    int error = check_flags(dir, flags);
    if (error)
        return error;
    /* Alone, O_EXCL means nothing but to block devices. */
    int host_flags = (flags & O_CREAT) ? flags : flags & ~O_EXCL;
    int fd;
    do
        fd = dagger_file_openat(dir->node.base.fd, DAGGER_FILE_BENEATH, path,
                                host_flags | O_NONBLOCK, 0666);
    while (fd == -EINTR);
    if (fd < 0)
        return fd;

    struct stat st;
    error = check_target(dir, fd, &st);
    if (error) {
        close(fd);
        return error;
    }
    if (!S_ISDIR(st.st_mode))
        return dagger_node_file_new(fd, flags, &st, read_only, out);
    bool nonblock = flags & O_NONBLOCK;
    return directory_new(
        &(struct directory){
            .node = {.base.fd = fd, .read_only = read_only, .nonblock = nonblock},
            .plain = st.st_dev,
            .has_plain = true,
        },
        out);
}

/* Not "", "." or "..", and without a slash. */
static bool is_name(const char *path)
{
    return path[0] && !strchr(path, '/') && strcmp(path, ".") != 0 && strcmp(path, "..") != 0;
}

static int directory_stat(struct dagger_stream *stream, const char *path, bool follow,
                          struct stat *st)
{
    /* The short way of most. */
    if (is_name(path)) {
        if (fstatat(fd_of(stream), path, st, AT_SYMLINK_NOFOLLOW) < 0)
            return -errno;
        if (!follow || !S_ISLNK(st->st_mode))
            return 0;
    }
    int fd;
    do
        fd = dagger_file_openat(fd_of(stream), DAGGER_FILE_BENEATH, path,
                                O_PATH | (follow ? 0 : O_NOFOLLOW), 0);
    while (fd == -EINTR);
    if (fd < 0)
        return fd;
    int error = fstat(fd, st) < 0 ? -errno : 0;
    close(fd);
    return error;
}

/* --- the stream ---------------------------------------------------------------------------- */

static int directory_set_flags(struct dagger_stream *stream, int flags)
{
    int error = dagger_node_check_flags(stream, flags);
    if (!error && fcntl(fd_of(stream), F_SETFL, flags) < 0)
        return -errno;
    if (!error)
        directory_of(stream)->node.nonblock = flags & O_NONBLOCK;
    return error;
}

static int directory_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    struct directory *dir = directory_of(stream);
    (void)ending;
    close(dir->node.base.fd);
    free(dir->entries);
    free(dir);
    return 0;
}

static const struct dagger_node_ops node_ops = {
    .stat = dagger_node_stat,
    .set_times = dagger_node_set_times,
    .sync = dagger_node_sync,
    .get_flags = dagger_node_get_flags,
    .set_flags = directory_set_flags,
};

static const struct dagger_directory_ops directory_ops = {
    .list = directory_list,
    .open = directory_open,
    .stat = directory_stat,
    .set_times = dagger_names_set_times,
    .make_directory = dagger_names_make_directory,
    .remove_directory = dagger_names_remove_directory,
    .unlink = dagger_names_unlink,
    .rename = dagger_names_rename,
    .link = dagger_names_link,
    .make_symlink = dagger_names_make_symlink,
    .read_link = dagger_names_read_link,
};

static const struct dagger_stream_ops stream_ops = {
    .kind = "directory",
    .close = directory_close,
    .node = &node_ops,
    .directory = &directory_ops,
};

/* Makes the stream that `made` is but for its operations. Takes the descriptor over, also when it
 * fails. */
static int directory_new(const struct directory *made, struct dagger_stream **out)
{
    struct directory *dir = malloc(sizeof *dir);
    if (!dir) {
        close(made->node.base.fd);
        return -ENOMEM;
    }
    *dir = *made;
    dir->node.base.stream.ops = &stream_ops;
    *out = &dir->node.base.stream;
    return 0;
}

int dagger_directory_open(const char *path, bool read_only, struct dagger_stream **out)
{
    int fd = TEMP_FAILURE_RETRY(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd < 0)
        return -errno;
    struct directory made = {.node = {.base.fd = fd, .read_only = read_only}};
    struct stat st;
    int error = check_target(&made, fd, &st);
    /* The user may give a directory of procfs; what is in it is refused when it is opened. */
    if (error && error != -EPERM) {
        close(fd);
        return error;
    }
    made.plain = st.st_dev;
    made.has_plain = !error;
    return directory_new(&made, out);
}

int dagger_directory_descriptor(const struct dagger_stream *stream, bool *read_only)
{
    if (stream->ops != &stream_ops)
        return -1;
    const struct directory *dir = (const struct directory *)stream;
    *read_only = dir->node.read_only;
    return dir->node.base.fd;
}
