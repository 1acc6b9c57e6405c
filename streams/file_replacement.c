/* A file that appears under its name whole or not at all.
 *
 * It is made with O_TMPFILE and has no name while it is written, so that nothing has to be cleaned
 * up even after SIGKILL. linkat() can't replace a file, rename() can: at the end it gets an odd
 * name beside the old file and takes that one's name from there. Without O_TMPFILE it has the odd
 * name from the start.
 *
 * The owner and the mode of an old file are kept; its hard links stay with the old content,
 * extended attributes are not carried over.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES_MAX 100 /* random names tried before the directory is thought hopeless */

struct descriptor_path {
    char text[sizeof "/proc/self/fd/" + 3 * sizeof(int)];
};

static struct descriptor_path descriptor_path(int fd)
{
    struct descriptor_path path;
    snprintf(path.text, sizeof path.text, "/proc/self/fd/%d", fd);
    return path;
}

/* Finds a name that nobody can have guessed and that `take` can take. */
static int take_temp_name(struct dagger_file_replacement *r,
                          int (*take)(struct dagger_file_replacement *r, int arg), int arg)
{
    for (int i = 0; i < NAMES_MAX; i++) {
        uint64_t random;
        if (getrandom(&random, sizeof random, 0) != sizeof random)
            return -EIO;
        snprintf(r->temp, sizeof r->temp, ".dagger-%016jx", (uintmax_t)random);
        int result = take(r, arg);
        if (result >= 0)
            return result;
        int error = errno;
        r->temp[0] = '\0';
        if (error != EEXIST)
            return -error;
    }
    return -EEXIST;
}

static int take_by_creating(struct dagger_file_replacement *r, int mode)
{
    return openat(r->dir, r->temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                  (mode_t)mode);
}

static int take_by_linking(struct dagger_file_replacement *r, int fd)
{
    return linkat(AT_FDCWD, descriptor_path(fd).text, r->dir, r->temp, AT_SYMLINK_FOLLOW);
}

/* A file without a name, or -1 where it could not be made or not be given one later. */
static int open_unnamed(struct dagger_file_replacement *r, mode_t mode)
{
    if (dagger_file_lacks.tmpfile)
        return -1;
    int fd = openat(r->dir, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, mode);
    if (fd >= 0 && access(descriptor_path(fd).text, F_OK) < 0) {
        close(fd); /* no /proc */
        fd = -1;
    }
    return fd;
}

/* Only a regular file can be replaced by one, and only one that could be written as well: what may
 * be renamed in a directory is another permission than what may be written. */
static int check_old(const struct dagger_file_replacement *r, const struct stat *old)
{
    if (S_ISDIR(old->st_mode))
        return -EISDIR;
    if (S_ISLNK(old->st_mode))
        return -ELOOP; /* it was none when the path was resolved */
    if (!S_ISREG(old->st_mode))
        return -EOPNOTSUPP;
    if (faccessat(r->dir, r->name, W_OK, AT_EACCESS | AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    return 0;
}

/* The old file's owner and mode, as far as we may. A group that can't be kept loses its rights
 * rather than another getting them; set-user-ID and the like end with a write anyway. */
static int adopt(int fd, const struct stat *old)
{
    mode_t mode = old->st_mode & 0777;
    if (fchown(fd, old->st_uid, old->st_gid) < 0 && fchown(fd, (uid_t)-1, old->st_gid) < 0)
        mode &= ~(mode_t)070 | ((mode & 07) << 3);
    return fchmod(fd, mode) < 0 ? -errno : 0;
}

int dagger_file_replacement_open(struct dagger_file_replacement *r, int root,
                                 enum dagger_file_bounds bounds, const char *path)
{
    struct stat old;
    int fd = -1;
    r->temp[0] = '\0';
    r->dir = dagger_file_parent(root, bounds, path, r->name);
    if (r->dir < 0)
        return r->dir;

    bool exists = fstatat(r->dir, r->name, &old, AT_SYMLINK_NOFOLLOW) == 0;
    int error = exists ? check_old(r, &old) : errno == ENOENT ? 0 : -errno;
    if (error)
        goto fail;
    mode_t mode = exists ? 0600 : 0666;
    fd = open_unnamed(r, mode);
    if (fd < 0)
        fd = take_temp_name(r, take_by_creating, (int)mode);
    error = fd < 0 ? fd : exists ? adopt(fd, &old) : 0;
    if (error)
        goto fail;
    return fd;

fail:
    if (fd >= 0)
        close(fd);
    dagger_file_replacement_release(r);
    return error;
}

int dagger_file_replacement_publish(struct dagger_file_replacement *r, int fd)
{
    if (!r->temp[0]) {
        int error = take_temp_name(r, take_by_linking, fd);
        if (error < 0)
            return error;
    }
    if (renameat(r->dir, r->temp, r->dir, r->name) < 0)
        return -errno;
    r->temp[0] = '\0';
    return 0;
}

void dagger_file_replacement_release(struct dagger_file_replacement *r)
{
    if (r->temp[0])
        unlinkat(r->dir, r->temp, 0);
    if (r->dir >= 0)
        close(r->dir);
    r->temp[0] = '\0';
    r->dir = -1;
}
