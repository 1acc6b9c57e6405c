/* Nothing outside the root is reached: what stands still. race.c has what moves. */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

TestSuite(file_confined, .init = place_setup, .fini = place_teardown, .timeout = 60);

static void link_to(const char *target, const char *name)
{
    unlinkat(root, name, 0);
    cr_assert(symlinkat(target, root, name) == 0, "%s: %m", name);
}

/* None of these may be opened in any mode; place_teardown sees whether the secret still is one. */
static void all_modes_fail(const char *path)
{
    static const char *const modes[] = {"r", "a", "rw", "w", "w&atomic=1", "w&sync=1", "x"};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        char url[1024];
        struct dagger_stream *stream;
        snprintf(url, sizeof url, "%s?mode=%s", path, modes[i]);
        int error = try_open(url, &stream);
        cr_assert(error == DAGGER_NOENT || error == DAGGER_PERM, "file://%s: %s", url,
                  dagger_error_name(error));
    }
}

static void dots(void)
{
    mkdirat(root, "d", 0755);
    static const char *const paths[] = {
        "/../outside/secret",
        "/../../outside/secret",
        "/d/../../outside/secret",
        "/d/../d/../../outside/secret",
        "/./.././outside/secret",
        "//..//outside//secret",
        "/%2e%2e/outside/secret",
        "/%2E%2E/%2e./outside/secret",
        "/.%2e/outside/secret",
        "/..%2foutside/secret",
        "/..%2Foutside%2Fsecret",
        "/%2e%2e%2foutside%2fsecret",
        "/d%2f..%2f..%2foutside%2fsecret",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        all_modes_fail(paths[i]);
    /* Not decoded twice. */
    fails_to_open("/%252e%252e/outside/secret", DAGGER_NOENT);
    fails_to_open("/..%252foutside%252fsecret", DAGGER_NOENT);
}

Test(file_confined, dots)
{
    both_ways(dots);
}

/* ".." of the root is the root, as everywhere. */
static void dots_stay_in_the_root(void)
{
    mkdirat(root, "d", 0755);
    put(root, "f", "inside");
    reads_as("/../../../f", "inside");
    reads_as("/d/../../d/../f", "inside");
    reads_as("/%2e%2e/f", "inside");
    reads_as("/..%2f..%2ff", "inside");
    struct dagger_stream *stream = must_open("/../../made?mode=w");
    must_close(stream);
    stream = must_open("/../../made?mode=w&atomic=1&sync=1");
    must_close(stream);
    cr_assert(exists(root, "made"));
    cr_assert(entries(outside) == 1);
}

Test(file_confined, dots_stay_in_the_root)
{
    both_ways(dots_stay_in_the_root);
}

static void links(void)
{
    mkdirat(root, "d", 0755);
    link_to(outside_path("secret"), "absolute");
    link_to("../outside/secret", "relative");
    link_to("../../outside/secret", "d/deeper");
    link_to("d/../../outside/secret", "winding");
    link_to("/../outside/secret", "dotted");
    link_to("relative", "chained");
    link_to(outside_path(""), "directory");
    link_to("../outside", "near");
    link_to("..", "up");
    link_to("up/up/up", "upper");
    link_to("/..", "d/top");
    static const char *const paths[] = {
        "/absolute",
        "/relative",
        "/d/deeper",
        "/winding",
        "/dotted",
        "/chained",
        "/directory/secret",
        "/near/secret",
        "/up/outside/secret",
        "/up/../up/outside/secret",
        "/upper/outside/secret",
        "/d/top/outside/secret",
        "/up/root/../outside/secret",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        fails_to_open(paths[i], DAGGER_NOENT);
        char url[256];
        snprintf(url, sizeof url, "%s?mode=rw", paths[i]);
        struct dagger_stream *stream;
        if (try_open(url, &stream) == 0)
            must_close(stream);
    }
    holds(outside, "secret", SECRET);
    cr_assert(entries(outside) == 1);
    fails_to_open("/directory", DAGGER_NOENT);
    fails_to_open("/near/", DAGGER_NOENT);
}

Test(file_confined, links_out_of_the_root)
{
    both_ways(links);
}

/* Links mean what they would mean after chroot(). */
static void links_inside(void)
{
    mkdirat(root, "d", 0755);
    mkdirat(root, "d/e", 0755);
    put(root, "f", "text");
    put(root, "d/g", "deep");
    link_to("f", "relative");
    link_to("/f", "absolute");
    link_to("/d/e/../g", "d/e/winding");
    link_to("d", "directory");
    link_to("directory/", "slash");
    link_to("relative", "chain");
    link_to("../../../../../f", "d/e/beyond");
    reads_as("/relative", "text");
    reads_as("/absolute", "text");
    reads_as("/d/e/winding", "deep");
    reads_as("/directory/g", "deep");
    reads_as("/slash/e/../g", "deep");
    reads_as("/slash//g", "deep");
    reads_as("/chain", "text");
    reads_as("/d/e/beyond", "text");
    fails_to_open("/relative/", DAGGER_NOENT);
    fails_to_open("/directory/?mode=w", DAGGER_NOTSUP);
    fails_to_open("/relative?mode=x", DAGGER_EXIST);

    struct dagger_stream *stream = must_open("/chain?mode=w");
    must_write(stream, "changed");
    must_close(stream);
    holds(root, "f", "changed");
}

Test(file_confined, links_inside_the_root)
{
    both_ways(links_inside);
}

static void dangling(void)
{
    link_to("new", "dangling");
    unlinkat(root, "new", 0);
    fails_to_open("/dangling", DAGGER_NOENT);
    fails_to_open("/dangling?mode=x", DAGGER_EXIST);
    struct dagger_stream *stream = must_open("/dangling?mode=w");
    must_write(stream, "made through the link");
    must_close(stream);
    holds(root, "new", "made through the link");

    link_to("/tmp2/nowhere", "dangling");
    fails_to_open("/dangling?mode=w", DAGGER_NOENT);
    fails_to_open("/dangling?mode=w&atomic=1", DAGGER_NOENT);
    /* What would be made outside is made inside, under the same name. */
    link_to("../../new2", "dangling");
    must_close(must_open("/dangling?mode=w"));
    cr_assert(exists(root, "new2"));
    unlinkat(root, "new2", 0);
    cr_assert(entries(outside) == 1);
}

Test(file_confined, dangling_links)
{
    both_ways(dangling);
}

static void loops(void)
{
    link_to("loop", "loop");
    link_to("pong", "ping");
    link_to("ping", "pong");
    link_to("bomb/x", "bomb");
    static const char *const paths[] = {"/loop",
                                        "/ping",
                                        "/loop/f",
                                        "/ping/../f",
                                        "/bomb/y",
                                        "/loop?mode=w",
                                        "/bomb?mode=w&atomic=1",
                                        "/ping?mode=w&atomic=1"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        fails_to_open(paths[i], DAGGER_PERM);

    /* 40 links are followed, 41 are not. */
    put(root, "l0", "end");
    for (int i = 1; i <= 41; i++) {
        char name[8], target[8];
        snprintf(name, sizeof name, "l%d", i);
        snprintf(target, sizeof target, "l%d", i - 1);
        link_to(target, name);
    }
    reads_as("/l40", "end");
    fails_to_open("/l41", DAGGER_PERM);
}

Test(file_confined, loops)
{
    both_ways(loops);
}

/* /proc/self/root and the like lead past every path; /proc/self/mem is the runtime's own memory. */
static void proc(void)
{
    host.root = "/";
    static const char *const paths[] = {
        "/proc/self/root/etc/passwd",
        "/proc/self/root",
        "/proc/self/cwd",
        "/proc/self/cwd/f",
        "/proc/self/fd/0",
        "/proc/self/fd/1",
        "/proc/self/exe",
        "/proc/self/ns/net",
        "/proc/thread-self/root/etc/passwd",
        "/proc/1/root/etc/passwd",
        "/dev/fd/0",
        "/dev/stdin",
        "/proc/self/mem",
        "/proc/self/maps",
        "/proc/self/environ",
        "/proc/cpuinfo",
        "/proc",
        "/proc/self/fd",
        "/proc/self/task/../mem",
        "/etc/../proc/self/mem",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        char url[256];
        fails_to_open(paths[i], DAGGER_PERM);
        snprintf(url, sizeof url, "%s?mode=rw", paths[i]);
        struct dagger_stream *stream;
        cr_assert(try_open(url, &stream) < 0, "%s", url);
        snprintf(url, sizeof url, "%s?mode=w&atomic=1", paths[i]);
        cr_assert(try_open(url, &stream) < 0, "%s", url);
    }
    /* "/" is a root as any other: a link such as /etc/mtab must not be needed to see it. */
    struct dagger_stream *stream = must_open("/etc/passwd");
    must_close(stream);
}

Test(file_confined, proc)
{
    both_ways(proc);
}

Test(file_confined, proc_as_the_root)
{
    host.root = "/proc/self/fd";
    fails_to_open("/0", DAGGER_PERM);
    host.root = "/proc/self";
    fails_to_open("/mem", DAGGER_PERM);
    fails_to_open("/mem?mode=rw", DAGGER_PERM);
    dagger_file_lacks.openat2 = true;
    fails_to_open("/cwd/f", DAGGER_PERM);
    fails_to_open("/mem?mode=rw", DAGGER_PERM);
}

/* Where policy names paths: one that is allowed must not lead to another. */
static void no_links(void)
{
    static const char *const modes[] = {"r", "a", "rw", "w", "w&atomic=1", "w&sync=1"};
    mkdirat(root, "a", 0755);
    mkdirat(root, "b", 0755);
    put(root, "b/f", "of b");
    put(root, "a/f", "of a");
    link_to("/b/f", "a/absolute");
    link_to("../b/f", "a/relative");
    link_to("f", "a/beside");
    link_to("../b/new", "a/dangling");
    link_to("../b", "a/folder");
    link_to("self", "a/self");
    host.no_links = true;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        static const char *const paths[] = {
            "/a/absolute",   "/a/relative",    "/a/beside", "/a/dangling",    "/a/folder/f",
            "/a/folder/new", "/a/folder/../f", "/a/self",   "/a/%66older//f", "/a/./relative",
        };
        for (size_t j = 0; j < sizeof paths / sizeof *paths; j++) {
            char url[100];
            snprintf(url, sizeof url, "%s?mode=%s", paths[j], modes[i]);
            fails_to_open(url, DAGGER_PERM);
        }
    }
    fails_to_open("/a/folder", DAGGER_PERM);
    fails_to_open("/a/folder/", DAGGER_PERM);
    fails_to_open("/a/folder/new?mode=x", DAGGER_PERM);
    fails_to_open("/a/dangling?mode=x", DAGGER_EXIST);
    holds(root, "b/f", "of b");
    cr_assert(!exists(root, "b/new"));
    reads_as("/a/f", "of a");
    reads_as("/a/../b/./f", "of b");
    struct dagger_stream *stream = must_open("/a/f?mode=w&atomic=1");
    must_write(stream, "new");
    must_close(stream);
    holds(root, "a/f", "new");
    host.no_links = false;
    reads_as("/a/absolute", "of b");
    for (size_t i = 0; i < 6; i++) {
        static const char *const links[] = {"a/absolute", "a/relative", "a/beside",
                                            "a/dangling", "a/folder",   "a/self"};
        unlinkat(root, links[i], 0);
    }
}

Test(file_confined, no_links)
{
    both_ways(no_links);
}

/* A path deeper than the walk goes is refused by it, not a way round. */
Test(file_confined, deep_paths)
{
    char url[DAGGER_URL_MAX] = "";
    int dir = dup(root);
    for (int i = 0; i < 300; i++) {
        cr_assert(mkdirat(dir, "d", 0755) == 0);
        int next = openat(dir, "d", O_PATH | O_DIRECTORY);
        close(dir);
        dir = next;
        memcpy(url + 2 * i, "/d", 3);
    }
    put(dir, "f", "deep");
    close(dir);
    memcpy(url + 600, "/f", 3);
    reads_as(url, "deep");
    dagger_file_lacks.openat2 = true;
    fails_to_open(url, DAGGER_BADINPUT);
    memcpy(url + 600 - 2 * 100, "/..", 4);
    struct dagger_stream *stream = must_open(url);
    must_close(stream);
}

/* What containers do to system calls they do not know. */
static void refuse_openat2(unsigned errno_value)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | errno_value),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof filter[0], .filter = filter};
    cr_assert(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    cr_assert(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

static void without_openat2(unsigned errno_value)
{
    refuse_openat2(errno_value);
    put(root, "f", "text");
    link_to("../outside/secret", "relative");
    cr_assert(!dagger_file_lacks.openat2);
    fails_to_open("/relative", DAGGER_NOENT);
    reads_as("/f", "text");
    cr_assert(dagger_file_lacks.openat2);
    fails_to_open("/../outside/secret", DAGGER_NOENT);
}

Test(file_confined, seccomp_says_enosys)
{
    without_openat2(ENOSYS);
}

Test(file_confined, seccomp_says_eperm)
{
    without_openat2(EPERM);
}

/* EPERM of a file does not make us think that openat2 is missing. */
Test(file_confined, immutable_file)
{
    put(root, "f", "text");
    int fd = openat(root, "f", O_RDONLY), flags = FS_IMMUTABLE_FL;
    if (ioctl(fd, FS_IOC_SETFLAGS, &flags) < 0) {
        close(fd);
        cr_skip_test("this file system or user can't make files immutable");
    }
    struct dagger_stream *stream;
    int error = try_open("/f?mode=w", &stream);
    int atomic = try_open("/f?mode=w&atomic=1", &stream);
    flags = 0;
    cr_assert(ioctl(fd, FS_IOC_SETFLAGS, &flags) == 0);
    close(fd);
    cr_assert(error == DAGGER_PERM);
    cr_assert(atomic == DAGGER_PERM);
    cr_assert(!dagger_file_lacks.openat2);
    holds(root, "f", "text");
}
