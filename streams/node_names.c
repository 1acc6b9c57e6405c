/* A directory's operations on names beneath it.
 *
 * Each resolves, by file_path.c, the directory that holds the name and holds that by a descriptor.
 * The one call that then acts gets this and the last name alone, which it never follows: whatever
 * others put there meanwhile, nothing outside is touched.
 */
#include "file.h"
#include "node_host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A name and the directory that holds it. */
struct place {
    int dir;
    bool borrowed;           /* dir is the stream's own */
    bool dots;               /* the path ended in ".." */
    char name[NAME_MAX + 2]; /* with a "/" after it if the path had one */
};

static struct dagger_node *node_of(struct dagger_stream *stream)
{
    return (struct dagger_node *)stream;
}

static int result_of(int returned)
{
    return returned < 0 ? -errno : 0;
}

/* Puts the directory at `path` into `place`, as "." in itself. */
static int find_directory(int root, const char *path, struct place *place)
{
    do
        place->dir = dagger_file_openat(root, DAGGER_FILE_BENEATH, path, O_PATH | O_DIRECTORY, 0);
    while (place->dir == -EINTR);
    memcpy(place->name, ".", 2);
    return place->dir < 0 ? place->dir : 0;
}

/* Finds the name itself: what it names is not looked at, and need not be there. A "/" after it is
 * left to the call that acts. Those that make, remove and rename names follow no link for that, as
 * others do (lookup_last() of Linux), which must use find_file. */
static int find_name(int root, const char *path, struct place *place)
{
    char parent[PATH_MAX];
    size_t end = strlen(path);
    bool slash = false;
    *place = (struct place){.dir = -1};
    if (end == 0)
        return -ENOENT;
    if (end >= sizeof parent)
        return -ENAMETOOLONG;
    for (; end > 0 && path[end - 1] == '/'; end--)
        slash = true;
    size_t start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    size_t len = end - start;
    if (len == 0)
        return -EPERM; /* "/" */
    if (len > NAME_MAX)
        return -ENAMETOOLONG;
    memcpy(place->name, path + start, len);
    if (strcmp(place->name, ".") == 0 || strcmp(place->name, "..") == 0) {
        place->dots = len == 2;
        return find_directory(root, path, place);
    }
    place->name[len] = slash ? '/' : '\0';
    place->borrowed = start == 0;
    place->dir = root;
    if (start == 0)
        return 0;

    struct place found;
    memcpy(parent, path, start);
    parent[start] = '\0';
    int error = find_directory(root, parent, &found);
    place->dir = found.dir;
    return error;
}

/* Finds where the file at `path` has its name. */
static int find_file(int root, const char *path, bool follow, struct place *place)
{
    size_t len = strlen(path);
    bool slash = len && path[len - 1] == '/';
    if (!follow && !slash)
        return find_name(root, path, place);
    *place = (struct place){.dir = -EISDIR};
    if (!slash)
        do
            place->dir = dagger_file_parent(root, DAGGER_FILE_BENEATH, path, place->name);
        while (place->dir == -EINTR);
    /* It is, or leads to, a path that names a directory only. */
    if (place->dir == -EISDIR)
        return find_directory(root, path, place);
    return place->dir < 0 ? place->dir : 0;
}

static void leave(const struct place *place)
{
    if (!place->borrowed && place->dir >= 0)
        close(place->dir);
}

/* find_name for what will be changed. */
static int find_changing(struct dagger_stream *dir, const char *path, struct place *place)
{
    return node_of(dir)->read_only ? -EROFS : find_name(node_of(dir)->base.fd, path, place);
}

/* --- operations ---------------------------------------------------------------------------- */

int dagger_names_set_times(struct dagger_stream *dir, const char *path, bool follow,
                           const struct timespec times[2])
{
    struct place place;
    if (node_of(dir)->read_only)
        return -EROFS;
    int error = find_file(node_of(dir)->base.fd, path, follow, &place);
    if (error)
        return error;
    error = result_of(utimensat(place.dir, place.name, times, AT_SYMLINK_NOFOLLOW));
    leave(&place);
    return error;
}

int dagger_names_make_directory(struct dagger_stream *dir, const char *path)
{
    struct place place;
    int error = find_changing(dir, path, &place);
    if (error)
        return error;
    error = result_of(mkdirat(place.dir, place.name, 0777));
    leave(&place);
    return error;
}

int dagger_names_remove_directory(struct dagger_stream *dir, const char *path)
{
    struct place place;
    int error = find_changing(dir, path, &place);
    if (error)
        return error;
    /* What ".." names has at least the directory that it was reached from. */
    error = place.dots ? -ENOTEMPTY : result_of(unlinkat(place.dir, place.name, AT_REMOVEDIR));
    leave(&place);
    return error;
}

int dagger_names_unlink(struct dagger_stream *dir, const char *path)
{
    struct place place;
    int error = find_changing(dir, path, &place);
    if (error)
        return error;
    error = result_of(unlinkat(place.dir, place.name, 0));
    leave(&place);
    return error;
}

/* Whether names can be moved between the two. */
static int check_pair(struct dagger_stream *dir, struct dagger_stream *new_dir)
{
    if (new_dir->ops->directory != dir->ops->directory)
        return -EXDEV;
    return node_of(dir)->read_only || node_of(new_dir)->read_only ? -EROFS : 0;
}

int dagger_names_rename(struct dagger_stream *dir, const char *path, struct dagger_stream *new_dir,
                        const char *new_path)
{
    struct place from, to;
    int error = check_pair(dir, new_dir);
    if (!error)
        error = find_name(node_of(dir)->base.fd, path, &from);
    if (error)
        return error;
    error = find_name(node_of(new_dir)->base.fd, new_path, &to);
    if (!error) {
        error = result_of(renameat(from.dir, from.name, to.dir, to.name));
        leave(&to);
    }
    leave(&from);
    return error;
}

int dagger_names_link(struct dagger_stream *dir, const char *path, bool follow,
                      struct dagger_stream *new_dir, const char *new_path)
{
    struct place from, to;
    int error = check_pair(dir, new_dir);
    if (!error)
        error = find_file(node_of(dir)->base.fd, path, follow, &from);
    if (error)
        return error;
    error = find_name(node_of(new_dir)->base.fd, new_path, &to);
    if (!error) {
        error = result_of(linkat(from.dir, from.name, to.dir, to.name, 0));
        leave(&to);
    }
    leave(&from);
    return error;
}

int dagger_names_make_symlink(struct dagger_stream *dir, const char *target, const char *path)
{
    struct place place;
    if (target[0] == '/')
        return -EPERM;
    if (!target[0])
        return -ENOENT;
    int error = find_changing(dir, path, &place);
    if (error)
        return error;
    error = result_of(symlinkat(target, place.dir, place.name));
    leave(&place);
    return error;
}

int64_t dagger_names_read_link(struct dagger_stream *dir, const char *path, char *target,
                               size_t size)
{
    char text[PATH_MAX];
    struct place place;
    int error = find_file(node_of(dir)->base.fd, path, false, &place);
    if (error)
        return error;
    ssize_t len = dagger_file_read_link(place.dir, place.name, text);
    leave(&place);
    if (len > 0 && (size_t)len > size)
        len = (ssize_t)size;
    if (len > 0)
        memcpy(target, text, (size_t)len);
    return len;
}
