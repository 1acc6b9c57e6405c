/* On names that stay beneath a directory, each operation does what the host's own call does: the
 * same is done to two equal trees, by a plain call and by the stream, and results and trees are
 * compared. */
#include "node_place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONGEST "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
#define NAME255 LONGEST LONGEST LONGEST LONGEST "nnn"
#define TREE    4096

static int plain = -1;             /* root/a, for plain calls */
static struct dagger_stream *ours; /* root/b */

static const char *const paths[] = {
    "",
    "file",
    "file/",
    "dir",
    "dir/",
    "dir//",
    "dir/.",
    "dir/./",
    "dir/..",
    "dir/sub/..",
    "dir/sub/../inner",
    ".",
    "./",
    "./file",
    "new",
    "new/",
    "new/x",
    "dir/new",
    "dir/new/",
    "link",
    "link/",
    "dlink",
    "dlink/",
    "dlink/inner",
    "dlink/.",
    "dlink/new",
    "dangling",
    "dangling/",
    "dangling/x",
    "loop",
    "loop/",
    "loop/x",
    "file/x",
    "file/..",
    "file/.",
    "dir/up",
    "dir/up/",
    "empty",
    "empty/",
    "empty/.",
    "empty/..",
    "dir/./sub",
    "dir//sub//",
    "fifo",
    "fifo/",
    "dlink/up",
    "dlink/../file",
    "dlink/..",
    NAME255,
    NAME255 "n",
    NAME255 "n/x",
    "to_slash",
    "to_slash/",
    "to_dot",
    "to_dots",
    "to_dots/file",
    "hop",
    "hop/",
    "hop2",
    "hop2/",
};

static const char *const pair_paths[] = {
    "file",     "file/", "file2",  "dir",     "dir/",  "dir/sub/..", ".",
    "new",      "new/",  "link",   "link/",   "dlink", "dlink/",     "dlink/inner",
    "dangling", "empty", "empty/", "dir/sub", "fifo",  "to_dot",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void clear(int dir)
{
    DIR *d = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    cr_assert(d != NULL);
    for (struct dirent *entry; (entry = readdir(d));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (unlinkat(dir, entry->d_name, 0) == 0)
            continue;
        int inner = openat(dir, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        cr_assert(inner >= 0);
        clear(inner);
        close(inner);
        cr_assert(unlinkat(dir, entry->d_name, AT_REMOVEDIR) == 0);
    }
    closedir(d);
}

static void plant(int dir)
{
    static const struct {
        const char *target, *name;
    } links[] = {
        {"file", "link"},      {"dir", "dlink"},     {"nowhere", "dangling"}, {"loop", "loop"},
        {"../file", "dir/up"}, {"dir/", "to_slash"}, {"dir/.", "to_dot"},     {"dir/..", "to_dots"},
        {"link", "hop"},       {"to_slash", "hop2"},
    };
    cr_assert(mkdirat(dir, "dir", 0755) == 0 && mkdirat(dir, "dir/sub", 0755) == 0);
    cr_assert(mkdirat(dir, "empty", 0755) == 0 && mkfifoat(dir, "fifo", 0644) == 0);
    put(dir, "file", "text");
    put(dir, "file2", "other");
    put(dir, "dir/inner", "deep");
    for (size_t i = 0; i < COUNT(links); i++)
        cr_assert(symlinkat(links[i].target, dir, links[i].name) == 0);
}

static int compare_entries(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Writes what there is beneath `dir` to `text`. */
static size_t describe(int dir, const char *at, char *text, size_t len)
{
    struct dirent **entries;
    int count = scandirat(dir, ".", &entries, NULL, compare_entries);
    cr_assert(count >= 2);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        char target[64] = "", path[512];
        struct stat st;
        cr_assert(fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0);
        snprintf(path, sizeof path, "%.200s/%s", at, name);
        if (readlinkat(dir, name, target, sizeof target - 1) < 0)
            target[0] = '\0';
        if (strcmp(name, "..") != 0)
            len += (size_t)snprintf(text + len, TREE - len, "%.300s %o %ju %jd%s %s\n", path,
                                    st.st_mode, (uintmax_t)st.st_nlink,
                                    S_ISDIR(st.st_mode) ? 0 : (intmax_t)st.st_size,
                                    st.st_mtim.tv_sec == 1000 ? " touched" : "", target);
        cr_assert(len < TREE);
        if (S_ISDIR(st.st_mode) && name[0] != '.') {
            int inner = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            len = describe(inner, path, text, len);
            close(inner);
        }
        free(entries[i]);
    }
    free(entries);
    return len;
}

static int ours_fd = -1; /* root/b */

static char planted[TREE]; /* what both trees are at first */

static void replant(void)
{
    clear(plain);
    clear(ours_fd);
    plant(plain);
    plant(ours_fd);
    describe(ours_fd, "", planted, 0);
}

/* The results of both ways, and what they leave. */
static void compare(int64_t want, int64_t got, const char *what, const char *a, const char *b)
{
    char host_tree[TREE], tree[TREE];
    cr_assert(got == want, "%s %.60s %.60s (%s): %s, the host says %s", what, a, b,
              dagger_file_lacks.openat2 ? "walk" : "openat2",
              got < 0 ? strerror((int)-got) : "done", want < 0 ? strerror((int)-want) : "done");
    if (want >= 0)
        describe(plain, "", host_tree, 0);
    else
        memcpy(host_tree, planted, sizeof planted);
    describe(ours_fd, "", tree, 0);
    cr_assert(strcmp(host_tree, tree) == 0, "%s %.60s %.60s: %s\nthe host leaves %s", what, a, b,
              tree, host_tree);
    if (strcmp(tree, planted) != 0)
        replant();
}

static void like_host_setup(void)
{
    node_setup();
    umask(022);
    cr_assert(mkdirat(root, "a", 0755) == 0 && mkdirat(root, "b", 0755) == 0);
    plain = openat(root, "a", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ours_fd = openat(root, "b", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ours = host_directory(root_path("b"), false);
    replant();
}

static void like_host_teardown(void)
{
    must_close(ours);
    close(plain);
    close(ours_fd);
    node_teardown();
}

TestSuite(node_like_host, .init = like_host_setup, .fini = like_host_teardown, .timeout = 100);

static int by_host(int result)
{
    return result < 0 ? -errno : 0;
}

static void one_path(void)
{
    static const struct timespec then[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    for (size_t i = 0; i < COUNT(paths); i++) {
        const char *path = paths[i];
        compare(by_host(mkdirat(plain, path, 0777)), names_of(ours)->make_directory(ours, path),
                "mkdir", path, "");
        compare(by_host(unlinkat(plain, path, AT_REMOVEDIR)),
                names_of(ours)->remove_directory(ours, path), "rmdir", path, "");
        compare(by_host(unlinkat(plain, path, 0)), names_of(ours)->unlink(ours, path), "unlink",
                path, "");
        compare(by_host(symlinkat("file", plain, path)),
                names_of(ours)->make_symlink(ours, "file", path), "symlink", path, "");
        compare(by_host(symlinkat("", plain, path)), names_of(ours)->make_symlink(ours, "", path),
                "empty symlink", path, "");
        for (int follow = 0; follow < 2; follow++) {
            int flag = follow ? 0 : AT_SYMLINK_NOFOLLOW;
            struct stat a = {0}, b = {0};
            compare(by_host(fstatat(plain, path, &a, flag)),
                    names_of(ours)->stat(ours, path, follow, &b), follow ? "stat" : "lstat", path,
                    "");
            if (a.st_mode)
                cr_assert(a.st_mode == b.st_mode && (S_ISDIR(a.st_mode) || a.st_size == b.st_size));
            compare(by_host(utimensat(plain, path, then, flag)),
                    names_of(ours)->set_times(ours, path, follow, then),
                    follow ? "utimes" : "lutimes", path, "");
        }
        char a[64] = "", b[64] = "";
        ssize_t len = readlinkat(plain, path, a, 6);
        compare(len < 0 ? -errno : len, names_of(ours)->read_link(ours, path, b, 6), "readlink",
                path, "");
        cr_assert(strcmp(a, b) == 0);
    }
}

Test(node_like_host, one_path)
{
    both_ways(one_path);
}

static void opening(void)
{
    static const int modes[] = {
        O_RDONLY,
        O_WRONLY,
        O_RDWR,
        O_RDONLY | O_DIRECTORY,
        O_RDONLY | O_NOFOLLOW,
        O_RDONLY | O_NOFOLLOW | O_DIRECTORY,
        O_RDONLY | O_CREAT,
        O_RDWR | O_CREAT,
        O_RDWR | O_CREAT | O_EXCL,
        O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW,
        O_WRONLY | O_CREAT | O_NOFOLLOW,
        O_WRONLY | O_TRUNC,
        O_WRONLY | O_CREAT | O_TRUNC | O_APPEND,
        O_RDONLY | O_EXCL,
        O_WRONLY | O_DIRECTORY,
        O_RDONLY | O_NONBLOCK | O_SYNC,
    };
    for (size_t i = 0; i < COUNT(paths); i++) {
        for (size_t j = 0; j < COUNT(modes); j++) {
            char what[32];
            snprintf(what, sizeof what, "open %o", (unsigned)modes[j]);
            int fd = openat(plain, paths[i], modes[j] | O_NONBLOCK | O_CLOEXEC, 0666);
            int want = fd < 0 ? -errno : 0;
            struct dagger_stream *stream;
            int got = names_of(ours)->open(ours, paths[i], modes[j], &stream);
            struct stat a, b;
            if (!got && !want) {
                cr_assert(fstat(fd, &a) == 0 && node_of(stream)->stat(stream, &b) == 0);
                cr_assert(a.st_mode == b.st_mode, "%s %.60s", what, paths[i]);
                cr_assert(!S_ISDIR(a.st_mode) == !stream->ops->directory);
                int flags = O_ACCMODE | O_APPEND | O_SYNC | O_NONBLOCK;
                GIVES(node_of(stream)->get_flags(stream), modes[j] & flags);
            }
            if (!got)
                must_close(stream);
            if (!want)
                close(fd);
            compare(want, got, what, paths[i], "");
        }
    }
}

Test(node_like_host, opening)
{
    both_ways(opening);
}

/* Of two paths that are both wrong, either may be the one that is told of. */
static void compare_pair(int want, int got, const char *what, const char *a, const char *b)
{
    struct stat st;
    if (want < 0 && got < 0 && fstatat(plain, a, &st, 0) < 0)
        got = want;
    compare(want, got, what, a, b);
}

static void two_paths(void)
{
    for (size_t i = 0; i < COUNT(pair_paths); i++) {
        for (size_t j = 0; j < COUNT(pair_paths); j++) {
            const char *a = pair_paths[i], *b = pair_paths[j];
            compare_pair(by_host(renameat(plain, a, plain, b)),
                         names_of(ours)->rename(ours, a, ours, b), "rename", a, b);
            for (int follow = 0; follow < 2; follow++)
                compare_pair(by_host(linkat(plain, a, plain, b, follow ? AT_SYMLINK_FOLLOW : 0)),
                             names_of(ours)->link(ours, a, follow, ours, b),
                             follow ? "link following" : "link", a, b);
        }
    }
}

Test(node_like_host, two_paths)
{
    both_ways(two_paths);
}
