/* Nothing outside the root is reached while others rename things: another process swaps what a path
 * leads through, thousands of times, while it is opened. */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPENS 4000 /* a way and mode */

TestSuite(file_race, .init = place_setup, .fini = place_teardown, .timeout = 110);

static int exchange(int a_dir, const char *a, int b_dir, const char *b, unsigned flags)
{
    return (int)syscall(SYS_renameat2, a_dir, a, b_dir, b, flags);
}

/* root/way is a directory, then a link to the outside, then ... */
static void swap_with_link(void)
{
    exchange(root, "way", root, "link", RENAME_EXCHANGE);
}

/* root/way/in is taken out of the root and put back, so that its ".." leads outside for a while. */
static void move_out_and_back(void)
{
    int way = openat(root, "way", O_PATH | O_DIRECTORY | O_CLOEXEC);
    exchange(way, "in", outside, "in", 0);
    exchange(outside, "in", way, "in", 0);
    close(way);
}

/* root/way/file is a file, then a link to the secret, then ... Each is made anew, as what was
 * opened for replacing it takes its place, too. */
static void swap_last(void)
{
    int way = openat(root, "way", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int file = openat(way, "next", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (symlinkat("../../outside/secret", way, "evil") == 0 || errno == EEXIST)
        renameat(way, "evil", way, "file");
    renameat(way, "next", way, "file");
    close(file);
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
}

/* Opens again and again; what can be opened must be ours. Counts both outcomes. */
static void open_often(const char *url, int *opened, int *refused)
{
    for (int i = 0; i < OPENS; i++) {
        struct dagger_stream *stream;
        int error = try_open(url, &stream);
        if (error) {
            cr_assert(error == DAGGER_NOENT || error == DAGGER_PERM, "%s",
                      dagger_error_name(error));
            ++*refused;
            continue;
        }
        ++*opened;
        if (stream->ops->read) {
            char text[64] = "";
            int64_t count = dagger_stream_read(stream, text, sizeof text - 1);
            cr_assert(count >= 0);
            cr_assert(strcmp(text, SECRET) != 0, "read what is outside");
        }
        if (stream->ops->write)
            cr_assert(dagger_stream_write(stream, "inside", 6) == 6);
        must_close(stream);
    }
}

static void race(void (*move)(void), const char *path, bool refusals)
{
    static const char *const modes[] = {"", "?mode=rw", "?mode=w", "?mode=w&atomic=1"};
    for (int walk = 0; walk < 2; walk++) {
        dagger_file_lacks.openat2 = walk;
        int opened = 0, refused = 0;
        pid_t mover = start(move);
        for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
            char url[128];
            snprintf(url, sizeof url, "%s%s", path, modes[i]);
            open_often(url, &opened, &refused);
        }
        stop(mover);
        holds(outside, "secret", SECRET);
        /* That both happened shows that the two did meet. */
        cr_assert(opened > 0, "%s: never opened", path);
        cr_assert(!refusals || refused > 0, "%s: never refused", path);
    }
}

Test(file_race, directory_swapped_with_link)
{
    cr_assert(mkdirat(root, "way", 0755) == 0);
    put(root, "way/secret", "inside");
    cr_assert(symlinkat("../outside", root, "link") == 0);
    race(swap_with_link, "/way/secret", true);
    cr_assert(entries(outside) == 1);
}

Test(file_race, directory_swapped_with_absolute_link)
{
    cr_assert(mkdirat(root, "way", 0755) == 0);
    put(root, "way/secret", "inside");
    cr_assert(symlinkat(outside_path(""), root, "link") == 0);
    race(swap_with_link, "/way/secret", true);
    cr_assert(entries(outside) == 1);
}

Test(file_race, file_swapped_with_link)
{
    cr_assert(mkdirat(root, "way", 0755) == 0);
    put(root, "way/file", "inside");
    race(swap_last, "/way/file", true);
    cr_assert(entries(outside) == 1);
}

/* From outside/in, "../secret" is the secret: a walk that asked the kernel for ".." would get it.
 */
Test(file_race, directory_moved_out_of_the_root)
{
    cr_assert(mkdirat(root, "way", 0755) == 0);
    cr_assert(mkdirat(root, "way/in", 0755) == 0);
    cr_assert(mkdirat(root, "way/in/deep", 0755) == 0);
    put(root, "way/secret", "inside");
    race(move_out_and_back, "/way/in/deep/../../secret", true);
}

/* The control: the same race is lost by who just opens. Without it the tests above would show
 * nothing. */
Test(file_race, plain_open_does_reach_outside)
{
    cr_assert(mkdirat(root, "way", 0755) == 0);
    put(root, "way/secret", "inside");
    cr_assert(symlinkat("../outside", root, "link") == 0);
    pid_t mover = start(swap_with_link);
    bool reached = false;
    for (int i = 0; i < 1000000 && !reached; i++) {
        /* Even one that looks first. */
        struct stat st;
        if (fstatat(root, "way", &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode))
            continue;
        int fd = openat(root, "way/secret", O_RDONLY | O_CLOEXEC);
        char text[64] = "";
        if (fd >= 0 && read(fd, text, sizeof text - 1) > 0)
            reached = strcmp(text, SECRET) == 0;
        if (fd >= 0)
            close(fd);
    }
    stop(mover);
    cr_assert(reached);
}
