/* Nothing outside a directory is reached while others rename things: as race.c, for all operations
 * of node.h. Another process swaps what a path leads through, thousands of times, meanwhile. */
#include "node_place.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEAST 1000    /* times of each operation, a way; more until the two have met */
#define MOST  1000000 /* not to go on for ever */

TestSuite(node_race, .init = node_setup, .fini = node_teardown, .timeout = 110);

static int exchange(int a_dir, const char *a, int b_dir, const char *b, unsigned flags)
{
    return (int)syscall(SYS_renameat2, a_dir, a, b_dir, b, flags);
}

/* root/way is a directory, then a link to the outside, then ... */
static void swap_directory(void)
{
    exchange(root, "way", root, "link", RENAME_EXCHANGE);
}

/* root/way/x is a file, then a link to the secret, then ... */
static void swap_last(void)
{
    exchange(root, "way/x", root, "leak", RENAME_EXCHANGE);
}

/* root/way/in is taken out of the root and put back, so that its ".." leads outside for a while. */
static void move_out_and_back(void)
{
    int way = openat(root, "way", O_PATH | O_DIRECTORY | O_CLOEXEC);
    exchange(way, "in", outside, "in", 0);
    exchange(outside, "in", way, "in", 0);
    close(way);
}

static pid_t start(void (*move)(void))
{
    pid_t pid = fork();
    cr_assert(pid >= 0);
    if (pid)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;)
        move();
}

static void stop(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    /* What was left over by the operations would be in the way of the next. */
    struct stat st;
    const char *way =
        fstatat(root, "way", &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode) ? "way" : "link";
    int dir = openat(root, way, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (unlinkat(dir, "new", 0) < 0)
        unlinkat(dir, "new", AT_REMOVEDIR);
    close(dir);
}

/* --- what is done meanwhile; each returns 0 if it got in, else the error ---------------------- */

static const struct timespec then[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
static const char *place; /* the path that is swapped; all but the followed ones end in "/" */

static const char *at(const char *name)
{
    static char paths[2][256];
    static unsigned next;
    char *path = paths[next++ % 2];
    snprintf(path, sizeof paths[0], "%s%s", place, name);
    return path;
}

static int open_read(void)
{
    struct dagger_stream *stream;
    int error = names_of(top)->open(top, at("x"), O_RDONLY, &stream);
    if (error)
        return error;
    char text[64] = "";
    cr_assert(dagger_stream_read(stream, text, sizeof text - 1) >= 0);
    cr_assert(strcmp(text, SECRET) != 0, "read what is outside");
    must_close(stream);
    return 0;
}

static int open_write(void)
{
    struct dagger_stream *stream;
    int error = names_of(top)->open(top, at("x"), O_WRONLY | O_CREAT | O_TRUNC, &stream);
    if (error)
        return error;
    must_write(stream, "inside");
    must_close(stream);
    return 0;
}

static int stat_follow(void)
{
    struct stat st, secret;
    cr_assert(fstatat(outside, "secret", &secret, 0) == 0);
    int error = names_of(top)->stat(top, at("x"), true, &st);
    cr_assert(error || (st.st_ino != secret.st_ino && S_ISREG(st.st_mode)));
    return error;
}

static int stat_itself(void)
{
    struct stat st, secret;
    cr_assert(fstatat(outside, "secret", &secret, 0) == 0);
    int error = names_of(top)->stat(top, at("x"), false, &st);
    cr_assert(error || st.st_ino != secret.st_ino);
    return error;
}

static int touch_follow(void)
{
    return names_of(top)->set_times(top, at("x"), true, then);
}

static int touch_itself(void)
{
    return names_of(top)->set_times(top, at("x"), false, then);
}

static int link_follow(void)
{
    int error = names_of(top)->link(top, at("x"), true, top, "got");
    struct stat st;
    if (!error) {
        /* What was linked may have been the link by then, never the secret. */
        cr_assert(fstatat(outside, "secret", &st, 0) == 0 && st.st_nlink == 1);
        unlinkat(root, "got", 0);
    }
    return error;
}

static int make_and_remove(void)
{
    int error = names_of(top)->make_directory(top, at("new"));
    names_of(top)->remove_directory(top, at("new"));
    return error;
}

static int make_link_and_unlink(void)
{
    int error = names_of(top)->make_symlink(top, "x", at("new"));
    names_of(top)->unlink(top, at("new"));
    return error;
}

static int rename_in_and_out(void)
{
    put(root, "mine", "inside");
    int error = names_of(top)->rename(top, "mine", top, at("new"));
    names_of(top)->rename(top, at("new"), top, "mine");
    return error;
}

static int take_the_secret(void)
{
    return names_of(top)->unlink(top, at("secret")) == -ENOENT ? 0 : -EPERM;
}

static int move_the_secret(void)
{
    return names_of(top)->rename(top, at("secret"), top, "mine") == -ENOENT ? 0 : -EPERM;
}

static int list_it(void)
{
    struct dagger_stream *stream;
    struct dagger_entry entry;
    int error = names_of(top)->open(top, place, O_DIRECTORY, &stream);
    if (error)
        return error;
    for (uint64_t cookie = 0; names_of(stream)->list(stream, cookie, &entry) == 1;
         cookie = entry.next)
        cr_assert(strcmp(entry.name, "secret") != 0, "listed what is outside");
    must_close(stream);
    return 0;
}

static int (*const operations[])(void) = {
    open_read,         open_write,      stat_follow,     stat_itself, touch_follow,
    touch_itself,      link_follow,     make_and_remove, list_it,     make_link_and_unlink,
    rename_in_and_out, take_the_secret, move_the_secret,
};

static void outside_is_untouched(int names)
{
    struct stat st;
    holds(outside, "secret", SECRET);
    cr_assert(entries(outside) == names, "%d names outside", entries(outside));
    cr_assert(fstatat(outside, "secret", &st, 0) == 0);
    cr_assert(st.st_nlink == 1 && st.st_mtim.tv_sec != 1000);
}

static void race(void (*move)(void), size_t first, size_t end, bool refusals)
{
    for (int walk = 0; walk < 2; walk++) {
        dagger_file_lacks.openat2 = walk;
        for (size_t i = first; i < end; i++) {
            int done = 0, refused = 0;
            pid_t mover = start(move);
            for (int j = 0; j < LEAST || (j < MOST && (!done || (refusals && !refused))); j++) {
                int error = operations[i]();
                cr_assert(error == 0 || error == -EPERM || error == -ENOENT || error == -ENOTDIR ||
                              error == -EEXIST || error == -ELOOP,
                          "operation %zu: %s", i, strerror(-error));
                ++*(error ? &refused : &done);
            }
            stop(mover);
            /* That both happened shows that the two did meet. */
            cr_assert(done > 0, "operation %zu: never got in", i);
            cr_assert(!refusals || refused > 0, "operation %zu: never refused", i);
        }
    }
}

#define ALL       (sizeof operations / sizeof operations[0])
#define LOOKS_FOR (ALL - 2) /* the first of those for which "not there" is right */

static void make_way(void)
{
    cr_assert(mkdirat(root, "way", 0755) == 0);
    put(root, "way/x", "inside");
}

Test(node_race, directory_swapped_with_link)
{
    make_way();
    cr_assert(symlinkat("../outside", root, "link") == 0);
    place = "way/";
    race(swap_directory, 0, ALL, true);
    outside_is_untouched(1);
}

Test(node_race, directory_swapped_with_absolute_link)
{
    make_way();
    cr_assert(symlinkat(outside_path(""), root, "link") == 0);
    place = "way/";
    race(swap_directory, 0, ALL, true);
    outside_is_untouched(1);
}

/* The last name itself: those that do not follow it may act on the link, not on the secret. */
Test(node_race, file_swapped_with_link)
{
    make_way();
    cr_assert(symlinkat("../../outside/secret", root, "leak") == 0);
    place = "way/";
    race(swap_last, 0, 7, false);
    outside_is_untouched(1);
}

/* From outside/in, ".." is the outside. */
Test(node_race, directory_moved_out)
{
    make_way();
    cr_assert(mkdirat(root, "way/in", 0755) == 0 && mkdirat(root, "way/in/deep", 0755) == 0);
    place = "way/in/deep/../../";
    race(move_out_and_back, 0, LOOKS_FOR, true);
    race(move_out_and_back, LOOKS_FOR, ALL, false);
    int names = exists(outside, "in") ? 2 : 1;
    outside_is_untouched(names);
}

/* The control: the same races are lost by who looks first and then just acts. Without it the tests
 * above would show nothing. */
Test(node_race, plain_calls_do_reach_outside)
{
    make_way();
    cr_assert(symlinkat("../outside", root, "link") == 0);
    pid_t mover = start(swap_directory);
    bool made = false, seen = false;
    for (int i = 0; i < 1000000 && !(made && seen); i++) {
        struct stat st;
        if (fstatat(root, "way", &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode))
            continue;
        if (mkdirat(root, "way/new", 0755) == 0)
            made |= exists(outside, "new");
        unlinkat(root, "way/new", AT_REMOVEDIR);
        seen |= fstatat(root, "way/secret", &st, 0) == 0;
    }
    stop(mover);
    unlinkat(outside, "new", AT_REMOVEDIR);
    cr_assert(made && seen);
}
