/* Nothing outside a directory is reached by the operations of node.h: what stands still.
 * node_race.c has what moves. */
#include "node_place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(node_confined, .init = node_setup, .fini = node_teardown, .timeout = 60);

static const struct timespec then[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};

static void link_to(const char *target, const char *name)
{
    unlinkat(root, name, 0);
    cr_assert(symlinkat(target, root, name) == 0, "%s: %m", name);
}

static void is(int64_t result, int want, const char *what, const char *path)
{
    cr_assert(result == want, "%s %s (%s): %s, expected %s", what, path,
              dagger_file_lacks.openat2 ? "walk" : "openat2",
              result < 0 ? strerror((int)-result) : "done", strerror(-want));
}

/* Operations that follow the last name. */
static void following_fails(const char *path, int error)
{
    const struct dagger_directory_ops *ops = names_of(top);
    static const int flags[] = {O_RDONLY, O_WRONLY,           O_RDWR | O_CREAT,
                                O_TRUNC,  O_CREAT | O_WRONLY, O_DIRECTORY};
    struct stat st;
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        is(try_beneath(top, path, flags[i]), error, "open", path);
    is(ops->stat(top, path, true, &st), error, "stat", path);
    is(ops->set_times(top, path, true, then), error, "utimes", path);
    is(ops->link(top, path, true, top, "stolen"), error, "link", path);
}

/* And those that don't. */
static void all_fail(const char *path, int error)
{
    const struct dagger_directory_ops *ops = names_of(top);
    char text[16];
    struct stat st;
    following_fails(path, error);
    is(try_beneath(top, path, O_NOFOLLOW), error, "open", path);
    is(ops->stat(top, path, false, &st), error, "lstat", path);
    is(ops->set_times(top, path, false, then), error, "lutimes", path);
    is(ops->make_directory(top, path), error, "mkdir", path);
    is(ops->remove_directory(top, path), error, "rmdir", path);
    is(ops->unlink(top, path), error, "unlink", path);
    is(ops->rename(top, path, top, "stolen"), error, "rename", path);
    is(ops->rename(top, "d", top, path), error, "rename to", path);
    is(ops->link(top, path, false, top, "stolen"), error, "link", path);
    is(ops->link(top, "f", false, top, path), error, "link to", path);
    is(ops->make_symlink(top, "f", path), error, "symlink", path);
    is(ops->read_link(top, path, text, sizeof text), error, "readlink", path);
}

static void untouched(int names)
{
    struct stat st;
    cr_assert(entries(outside) == 1);
    cr_assert(fstatat(outside, "secret", &st, 0) == 0);
    cr_assert(st.st_nlink == 1 && st.st_mtim.tv_sec != 1000);
    cr_assert(fstat(outside, &st) == 0 && st.st_mtim.tv_sec != 1000);
    cr_assert(entries(root) == names, "%d names", entries(root));
}

static void escapes(void)
{
    mkdirat(root, "d", 0755);
    mkdirat(root, "d/e", 0755);
    put(root, "f", "inside");
    link_to(outside_path(""), "absolute");
    link_to("../outside", "relative");
    link_to("../..", "d/up");
    link_to("d/up", "chain");
    link_to("..", "parent");
    link_to("d/e/../../../root", "back");
    int names = entries(root);
    static const char *const paths[] = {
        "/",
        "//",
        "/f",
        "/.",
        "..",
        "../",
        "../.",
        "../root",
        "../root/f",
        "../outside/secret",
        "../new",
        "../outside/new/",
        "./../outside/secret",
        "d/../../outside/secret",
        "d/e/../../..",
        "d/e/../../../outside/new",
        "d/../..//outside//secret",
        "absolute/secret",
        "absolute/new",
        "absolute/../outside/secret",
        "relative/secret",
        "relative/.",
        "relative/new",
        "relative/../root/f",
        "d/up/outside/secret",
        "d/up/root/f",
        "chain/outside/new",
        "parent/outside/secret",
        "parent/root/d",
        "back/f",
        "back/new",
        "back/..",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        all_fail(paths[i], -EPERM);
    static const char *const followed[] = {"absolute", "relative", "d/up",
                                           "chain",    "parent",   "back"};
    for (size_t i = 0; i < sizeof followed / sizeof followed[0]; i++)
        following_fails(followed[i], -EPERM);
    link_to(outside_path("secret"), "absolute");
    link_to("../outside/secret", "relative");
    link_to("../../outside/new", "d/up");
    for (size_t i = 0; i < 4; i++)
        following_fails(followed[i], -EPERM);
    link_to("/", "absolute");
    following_fails("absolute", -EPERM);
    link_to("/f", "absolute"); /* not the directory's own either */
    following_fails("absolute", -EPERM);
    untouched(names);
}

/* With a "/" after it a link is followed by what only looks; others find the link in the way. */
static void slash_after_a_link(void)
{
    const struct dagger_directory_ops *ops = names_of(top);
    char text[16];
    struct stat st;
    link_to(outside_path(""), "leak");
    for (int again = 0; again < 2; again++) {
        for (int follow = 0; follow < 2; follow++) {
            GIVES(ops->stat(top, "leak/", follow, &st), -EPERM);
            GIVES(ops->set_times(top, "leak/", follow, then), -EPERM);
            GIVES(ops->link(top, "leak/", follow, top, "stolen"), -EPERM);
        }
        GIVES(ops->read_link(top, "leak/", text, sizeof text), -EPERM);
        GIVES(try_beneath(top, "leak/", O_RDONLY), -EPERM);
        GIVES(try_beneath(top, "leak/", O_NOFOLLOW), -EPERM);
        GIVES(try_beneath(top, "leak/", O_DIRECTORY | O_NOFOLLOW), -EPERM);
        GIVES(try_beneath(top, "leak/", O_CREAT), -EISDIR);
        GIVES(ops->make_directory(top, "leak/"), -EEXIST);
        GIVES(ops->make_symlink(top, "f", "leak/"), -EEXIST);
        GIVES(ops->remove_directory(top, "leak/"), -ENOTDIR);
        GIVES(ops->unlink(top, "leak/"), -ENOTDIR);
        GIVES(ops->rename(top, "leak/", top, "stolen"), -ENOTDIR);
        link_to("../outside", "leak");
    }
    link_to("../outside/new", "leak");
    GIVES(ops->make_directory(top, "leak/"), -EEXIST);
    untouched(1);
    unlinkat(root, "leak", 0);
}

Test(node_confined, slash_after_a_link)
{
    both_ways(slash_after_a_link);
}

Test(node_confined, escapes)
{
    both_ways(escapes);
}

/* Such links are names as others, to be seen and removed. */
static void links_themselves(void)
{
    const struct dagger_directory_ops *ops = names_of(top);
    char text[64] = "";
    struct stat st;
    link_to("../outside/secret", "leak");
    GIVES(ops->stat(top, "leak", false, &st), 0);
    cr_assert(S_ISLNK(st.st_mode));
    GIVES(ops->set_times(top, "leak", false, then), 0);
    GIVES(ops->read_link(top, "leak", text, sizeof text), 17);
    cr_assert(strcmp(text, "../outside/secret") == 0);
    GIVES(ops->read_link(top, "leak", text, 0), 0);
    GIVES(ops->link(top, "leak", false, top, "again"), 0);
    GIVES(ops->rename(top, "leak", top, "moved"), 0);
    GIVES(ops->unlink(top, "again"), 0);
    GIVES(try_beneath(top, "moved", O_NOFOLLOW), -ELOOP);
    GIVES(try_beneath(top, "moved", O_RDWR | O_CREAT | O_EXCL), -EEXIST);
    GIVES(ops->make_directory(top, "moved"), -EEXIST);
    GIVES(ops->make_directory(top, "moved/"), -EEXIST);
    put(root, "file", "inside");
    GIVES(ops->rename(top, "file", top, "moved"), 0); /* in place of the link */
    holds(root, "moved", "inside");
    GIVES(ops->unlink(top, "moved"), 0);
    untouched(0);
}

Test(node_confined, links_themselves)
{
    both_ways(links_themselves);
}

static void new_links(void)
{
    const struct dagger_directory_ops *ops = names_of(top);
    GIVES(ops->make_symlink(top, "/etc/passwd", "l"), -EPERM);
    GIVES(ops->make_symlink(top, "/", "l"), -EPERM);
    GIVES(ops->make_symlink(top, "../outside/secret", "l"), 0);
    following_fails("l", -EPERM);
    GIVES(ops->unlink(top, "l"), 0);
    untouched(0);
}

Test(node_confined, new_links)
{
    both_ways(new_links);
}

static void loops(void)
{
    link_to("loop", "loop");
    link_to("pong", "ping");
    link_to("ping", "pong");
    link_to("bomb/x", "bomb");
    following_fails("loop", -ELOOP);
    following_fails("ping", -ELOOP);
    all_fail("loop/f", -ELOOP);
    all_fail("ping/../f", -ELOOP);
    all_fail("bomb/y", -ELOOP);
    untouched(4);
}

Test(node_confined, loops)
{
    both_ways(loops);
}

static void proc(void)
{
    /* What may not be opened may still be looked at, where it is not outside. */
    static const struct {
        const char *path;
        int open, stat;
    } rows[] = {
        {"root", -ELOOP, -ELOOP},
        {"root/etc/passwd", -ELOOP, -ELOOP},
        {"cwd/f", -ELOOP, -ELOOP},
        {"exe", -ELOOP, -ELOOP},
        {"fd/0", -ELOOP, -ELOOP},
        {"ns/net", -ELOOP, -ELOOP},
        {"mem", -EPERM, 0},
        {"maps", -EPERM, 0},
        {"environ", -EPERM, 0},
        {"status", -EPERM, 0},
        {".", -EPERM, 0},
        {"fd", -EPERM, 0},
        {"task/..", -EPERM, 0},
        {"task/../mem", -EPERM, 0},
        {"..", -EPERM, -EPERM},
        {"../1/mem", -EPERM, -EPERM},
        {"/proc/1", -EPERM, -EPERM},
    };
    struct dagger_stream *dir = host_directory("/proc/self", false);
    char text[64];
    struct stat st;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        is(try_beneath(dir, rows[i].path, O_RDONLY), rows[i].open, "open", rows[i].path);
        is(names_of(dir)->stat(dir, rows[i].path, true, &st), rows[i].stat, "stat", rows[i].path);
    }
    GIVES(try_beneath(dir, "mem", O_RDWR), -EPERM);
    GIVES(names_of(dir)->read_link(dir, "exe", text, sizeof text), -ELOOP);
    GIVES(names_of(dir)->read_link(dir, "cwd", text, sizeof text), -ELOOP);
    GIVES(names_of(dir)->link(dir, "exe", true, top, "stolen"), -ELOOP);
    must_close(dir);

    dir = host_directory("/", true);
    GIVES(try_beneath(dir, "proc/self/mem", O_RDONLY), -EPERM);
    GIVES(try_beneath(dir, "proc/self/root/etc/passwd", O_RDONLY), -ELOOP);
    GIVES(try_beneath(dir, "proc", O_RDONLY), -EPERM);
    GIVES(try_beneath(dir, "dev/stdin", O_RDONLY), -EPERM);
    GIVES(try_beneath(dir, "etc/passwd", O_RDONLY), 0);
    must_close(dir);
}

Test(node_confined, proc)
{
    both_ways(proc);
}

/* What is opened beneath has bounds of its own. */
static void inner_directory(void)
{
    mkdirat(root, "d", 0755);
    mkdirat(root, "d/e", 0755);
    put(root, "f", "inside");
    link_to("../f", "d/up");
    struct dagger_stream *dir = open_beneath(top, "d", O_RDONLY | O_DIRECTORY);
    GIVES(try_beneath(top, "d/up", O_RDONLY), 0);
    GIVES(try_beneath(dir, "up", O_RDONLY), -EPERM);
    GIVES(try_beneath(dir, "../f", O_RDONLY), -EPERM);
    GIVES(try_beneath(dir, "e/..", O_RDONLY), 0);
    GIVES(names_of(dir)->rename(dir, "e", top, "e"), 0);
    GIVES(names_of(top)->rename(top, "e", dir, "e"), 0);
    GIVES(names_of(top)->link(top, "f", false, dir, "f"), 0);
    GIVES(names_of(dir)->unlink(dir, "f"), 0);
    must_close(dir);
}

Test(node_confined, inner_directory)
{
    both_ways(inner_directory);
}

static void read_only(void)
{
    struct dagger_stream *dir = host_directory(root_path(""), true);
    const struct dagger_directory_ops *ops = names_of(dir);
    struct stat st;
    char byte;
    mkdirat(root, "d", 0755);
    put(root, "f", "inside");
    put(root, "d/g", "deep");
    link_to("f", "l");
    static const int flags[] = {
        O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_WRONLY | O_CREAT | O_EXCL, O_WRONLY | O_APPEND};
    struct dagger_stream *inner = open_beneath(dir, "d", O_DIRECTORY);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        GIVES(try_beneath(dir, "f", flags[i]), -EROFS);
        GIVES(try_beneath(dir, "new", flags[i]), -EROFS);
        GIVES(try_beneath(inner, "g", flags[i]), -EROFS);
    }
    GIVES(ops->set_times(dir, "f", true, then), -EROFS);
    GIVES(ops->set_times(dir, "f", false, then), -EROFS);
    GIVES(ops->make_directory(dir, "new"), -EROFS);
    GIVES(ops->remove_directory(dir, "d"), -EROFS);
    GIVES(ops->unlink(dir, "f"), -EROFS);
    GIVES(ops->make_symlink(dir, "f", "new"), -EROFS);
    GIVES(ops->rename(dir, "f", dir, "new"), -EROFS);
    GIVES(ops->rename(dir, "f", top, "new"), -EROFS);
    GIVES(ops->rename(top, "f", dir, "new"), -EROFS);
    GIVES(ops->link(dir, "f", false, dir, "new"), -EROFS);
    GIVES(ops->link(dir, "f", true, top, "new"), -EROFS);
    GIVES(ops->link(top, "f", false, inner, "new"), -EROFS);
    GIVES(names_of(inner)->unlink(inner, "g"), -EROFS);
    GIVES(node_of(dir)->set_times(dir, then), -EROFS);
    GIVES(node_of(inner)->set_times(inner, then), -EROFS);

    struct dagger_stream *file = open_beneath(inner, "g", O_RDONLY);
    GIVES(node_of(file)->set_times(file, then), -EROFS);
    GIVES(node_of(file)->set_size(file, 0), -EROFS);
    GIVES(node_of(file)->allocate(file, 0, 100), -EROFS);
    GIVES(node_of(file)->write_vector(file, &(struct iovec){&byte, 1}, 1, -1), -EBADF);
    GIVES(node_of(file)->read_vector(file, &(struct iovec){&byte, 1}, 1, -1), 1);
    must_close(file);
    must_close(inner);
    GIVES(ops->stat(dir, "l", true, &st), 0);
    cr_assert(st.st_size == 6 && st.st_mtim.tv_sec != 1000);
    must_close(dir);
    holds(root, "d/g", "deep");
    cr_assert(entries(root) == 3);
}

Test(node_confined, read_only)
{
    both_ways(read_only);
}
