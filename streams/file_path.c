/* Paths that can't leave their root.
 *
 * Linux resolves them itself since 5.6: openat2(). Where that is missing, a walk name by name does
 * the same. What would leave the root is kept in it or refused, see enum dagger_file_bounds.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#define LINKS_MAX 40      /* symbolic links followed for one path, as in the kernel */
#define DEPTH_MAX 256     /* directories the walk holds open; the kernel has no such limit */
#define AGAIN_MAX 32      /* openat2 gives up (EAGAIN) whenever something is renamed meanwhile */
#define MORE      INT_MIN /* of a step of the walk: no error and not at the end; no errno value */

struct dagger_file_lacks dagger_file_lacks;

/* --- the kernel's way ---------------------------------------------------------------------- */

static int open_by_kernel(int root, enum dagger_file_bounds bounds, const char *path, int flags,
                          mode_t mode)
{
    uint64_t resolve = bounds == DAGGER_FILE_BENEATH ? RESOLVE_BENEATH : RESOLVE_IN_ROOT;
    if (bounds == DAGGER_FILE_NO_LINKS)
        resolve |= RESOLVE_NO_SYMLINKS;
    struct open_how how = {
        .flags = (uint64_t)flags,
        .mode = (flags & O_CREAT) ? mode : 0,
        .resolve = resolve | RESOLVE_NO_MAGICLINKS,
    };
    long fd = syscall(SYS_openat2, root, path, &how, sizeof how);
    return fd < 0 ? -errno : (int)fd;
}

/* EPERM may be the file's or the word of a seccomp filter; a call that nothing else can refuse
 * tells. */
static bool openat2_is_missing(int root, int error)
{
    if (error == -ENOSYS)
        return true;
    if (error != -EPERM)
        return false;
    int fd = open_by_kernel(root, DAGGER_FILE_IN_ROOT, ".", O_PATH | O_CLOEXEC, 0);
    if (fd >= 0)
        close(fd);
    return fd == -EPERM || fd == -ENOSYS;
}

/* --- the walk ------------------------------------------------------------------------------ */

/* Every directory on the way is held open, so that ".." goes back to the one we came from. Asking
 * the kernel for ".." would go wherever somebody has moved the directory to by then. */
struct walk {
    enum dagger_file_bounds bounds;
    int dirs[DEPTH_MAX]; /* dirs[0] is the root, borrowed */
    size_t depth;        /* index of the directory we are in */
    int links;           /* symbolic links followed */
    char rest[PATH_MAX]; /* what is still to be resolved */
};

/* To the directory before, and from the root to where the bounds say: there or nowhere. */
static int walk_up(struct walk *w)
{
    if (w->depth == 0)
        return w->bounds == DAGGER_FILE_BENEATH ? -EPERM : 0;
    close(w->dirs[w->depth--]);
    return 0;
}

static int walk_to_root(struct walk *w)
{
    if (w->bounds == DAGGER_FILE_BENEATH)
        return -EPERM;
    while (w->depth > 0)
        walk_up(w);
    return 0;
}

/* "." and ".." are names in a directory, that only who may search it finds. */
static int walk_dots(struct walk *w, bool up)
{
    int fd = openat(w->dirs[w->depth], ".", O_PATH | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    close(fd);
    return up ? walk_up(w) : 0;
}

static int walk_down(struct walk *w, const char *name)
{
    if (w->depth + 1 == DEPTH_MAX)
        return -ENAMETOOLONG;
    int fd = openat(w->dirs[w->depth], name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    w->dirs[++w->depth] = fd;
    return 0;
}

/* Links of procfs that are no text but lead straight to an object ("magic links"). The plain ones
 * there are relative: "self", "mounts", "net". */
static bool link_is_magic(int dir, const char *text)
{
    struct statfs fs;
    if (text[0] != '/' && !strpbrk(text, ":("))
        return false;
    return fstatfs(dir, &fs) < 0 || fs.f_type == PROC_SUPER_MAGIC;
}

ssize_t dagger_file_read_link(int dir, const char *name, char text[PATH_MAX])
{
    ssize_t len = readlinkat(dir, name, text, PATH_MAX);
    if (len < 0)
        return -errno;
    if (len == PATH_MAX)
        return -ENAMETOOLONG;
    text[len] = '\0';
    return link_is_magic(dir, text) ? -ELOOP : len;
}

/* Puts a link's text in place of the name it was read from; `after` follows the name. */
static int walk_link(struct walk *w, const char *text, size_t text_len, const char *after)
{
    size_t after_len = strlen(after);
    if (w->bounds == DAGGER_FILE_NO_LINKS || ++w->links > LINKS_MAX)
        return -ELOOP;
    if (text_len + after_len >= sizeof w->rest)
        return -ENAMETOOLONG;
    memmove(w->rest + text_len, after, after_len + 1);
    memcpy(w->rest, text, text_len);
    return text[0] == '/' ? walk_to_root(w) : 0;
}

/* Opens the last name of the path. ELOOP: it is a symbolic link by now, look again. */
static int walk_last(struct walk *w, const char *name, bool slash, int flags, mode_t mode)
{
    bool follow = !(flags & O_NOFOLLOW);
    flags |= O_NOFOLLOW | (slash ? O_DIRECTORY : 0);
    int fd = openat(w->dirs[w->depth], name, flags, mode);
    if (fd < 0)
        return -errno;
    /* O_PATH opens even links. */
    struct stat st;
    if (follow && (flags & O_PATH) && (fstat(fd, &st) < 0 || S_ISLNK(st.st_mode))) {
        close(fd);
        return -ELOOP;
    }
    return fd;
}

/* Resolves the next name. Returns the file's descriptor, MORE, or a negative errno. */
static int walk_step(struct walk *w, int flags, mode_t mode)
{
    char name[NAME_MAX + 1], text[PATH_MAX];
    const char *start = w->rest + strspn(w->rest, "/");
    size_t len = strcspn(start, "/");
    const char *after = start + len;
    const char *next = after + strspn(after, "/");
    bool last = !*next;

    if (len > NAME_MAX)
        return -ENAMETOOLONG;
    memcpy(name, start, len);
    name[len] = '\0';
    if (len == 0) {
        int fd = openat(w->dirs[w->depth], ".", flags, mode);
        return fd < 0 ? -errno : fd;
    }

    int error = 0;
    if (strcmp(name, "..") == 0 || strcmp(name, ".") == 0) {
        error = walk_dots(w, name[1] == '.');
    } else {
        /* O_EXCL does not follow a link, it finds the name taken. With a "/" after it, a link is
         * no file's name but a directory's. */
        bool slash = after < next;
        if (last && slash && (flags & O_CREAT))
            return -EISDIR;
        bool follow = !last || !(flags & (slash ? O_EXCL : O_EXCL | O_NOFOLLOW));
        ssize_t link = follow ? dagger_file_read_link(w->dirs[w->depth], name, text) : -EINVAL;
        if (link >= 0) {
            error = walk_link(w, text, (size_t)link, after);
            return error ? error : MORE;
        }
        if (link != -EINVAL && link != -ENOENT)
            return (int)link;
        if (last) {
            int fd = walk_last(w, name, slash, flags, mode);
            return fd == -ELOOP && follow && ++w->links <= LINKS_MAX ? MORE : fd;
        }
        error = walk_down(w, name);
    }
    memmove(w->rest, next, strlen(next) + 1);
    return error ? error : MORE;
}

static int open_by_walk(int root, enum dagger_file_bounds bounds, const char *path, int flags,
                        mode_t mode)
{
    struct walk w;
    size_t len = strlen(path);
    if (len == 0)
        return -ENOENT;
    if (len >= sizeof w.rest)
        return -ENAMETOOLONG;
    w.bounds = bounds;
    w.dirs[0] = root;
    w.depth = 0;
    w.links = 0;
    memcpy(w.rest, path, len + 1);

    int fd = path[0] == '/' ? walk_to_root(&w) : 0;
    if (fd == 0)
        do
            fd = walk_step(&w, flags, mode);
        while (fd == MORE);
    while (w.depth > 0)
        walk_up(&w);
    return fd;
}

/* --- either -------------------------------------------------------------------------------- */

int dagger_file_root(const struct dagger_host *host)
{
    int fd = open(host->root ? host->root : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int dagger_file_openat(int root, enum dagger_file_bounds bounds, const char *path, int flags,
                       mode_t mode)
{
    flags |= O_CLOEXEC | ((flags & O_PATH) ? 0 : O_NOCTTY);
    for (int again = 0; again < AGAIN_MAX && !dagger_file_lacks.openat2;) {
        int fd = open_by_kernel(root, bounds, path, flags, mode);
        if (fd == -EAGAIN)
            again++;
        else if (openat2_is_missing(root, fd))
            dagger_file_lacks.openat2 = true;
        else if (fd != -EINTR)
            return fd == -EXDEV ? -EPERM : fd; /* the path leaves its bounds, as the walk says it */
    }
    /* The walk does not mind renames, so that nobody can keep us from opening by renaming things.
     */
    return open_by_walk(root, bounds, path, flags, mode);
}

int dagger_file_parent(int root, enum dagger_file_bounds bounds, const char *path,
                       char name[NAME_MAX + 1])
{
    char full[PATH_MAX], text[PATH_MAX];
    size_t len = strlen(path);
    if (len >= sizeof full)
        return -ENAMETOOLONG;
    memcpy(full, path, len + 1);

    for (int links = 0; links <= LINKS_MAX; links++) {
        char *slash = strrchr(full, '/');
        char *last = slash ? slash + 1 : full;
        if (!*last || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
            return -EISDIR;
        size_t last_len = strlen(last);
        if (last_len > NAME_MAX)
            return -ENAMETOOLONG;
        memcpy(name, last, last_len + 1);

        *last = '\0';
        int dir = dagger_file_openat(root, bounds, *full ? full : ".", O_PATH | O_DIRECTORY, 0);
        if (dir < 0)
            return dir;
        ssize_t link = dagger_file_read_link(dir, name, text);
        if (link == -EINVAL || link == -ENOENT)
            return dir;
        close(dir);
        if (link < 0)
            return (int)link;
        if (bounds == DAGGER_FILE_NO_LINKS)
            return -ELOOP;
        size_t keep = text[0] == '/' ? 0 : (size_t)(last - full);
        if (keep + (size_t)link >= sizeof full)
            return -ENAMETOOLONG;
        memcpy(full + keep, text, (size_t)link + 1);
    }
    return -ELOOP;
}

int dagger_file_sync_directory(int dir)
{
    int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int error;
    do
        error = fsync(fd) < 0 ? -errno : 0;
    while (error == -EINTR);
    close(fd);
    return error;
}
