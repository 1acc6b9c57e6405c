/* atomic=1: whole or not at all. */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(file_replacement, .init = place_setup, .fini = place_teardown, .timeout = 60);

#define ATOMIC "?mode=w&atomic=1"

/* With O_TMPFILE and with a named file from the start. */
static void named_or_not(void (*body)(void))
{
    dagger_file_lacks.tmpfile = false;
    body();
    dagger_file_lacks.tmpfile = true;
    body();
}

static void appears_at_close(void)
{
    put(root, "f", "old");
    struct dagger_stream *stream = must_open("/f" ATOMIC);
    must_write(stream, "new");
    cr_assert(dagger_stream_flush(stream) == 0);
    holds(root, "f", "old");
    char byte;
    cr_assert(dagger_stream_read(stream, &byte, 1) == DAGGER_NOTSUP);
    must_close(stream);
    holds(root, "f", "new");

    unlinkat(root, "absent", 0);
    stream = must_open("/absent" ATOMIC "&sync=1");
    must_write(stream, "created");
    cr_assert(!exists(root, "absent"));
    must_close(stream);
    holds(root, "absent", "created");

    stream = must_open("/f" ATOMIC);
    must_close(stream);
    holds(root, "f", "");
    cr_assert(entries(root) == 2);
}

Test(file_replacement, appears_at_close)
{
    named_or_not(appears_at_close);
}

static void nothing_after_a_trap(void)
{
    put(root, "f", "old");
    struct dagger_stream *stream = must_open("/f" ATOMIC);
    must_write(stream, "half of the n");
    cr_assert(dagger_stream_flush(stream) == 0);
    must_write(stream, "ew");
    cr_assert(dagger_stream_close(stream, DAGGER_END_TRAP) == 0);
    holds(root, "f", "old");
    stream = must_open("/absent" ATOMIC);
    must_write(stream, "half");
    cr_assert(dagger_stream_close(stream, DAGGER_END_TRAP) == 0);
    cr_assert(entries(root) == 1);

    /* Without atomic=1 what was written is delivered. */
    stream = must_open("/g?mode=w");
    must_write(stream, "delivered");
    cr_assert(dagger_stream_close(stream, DAGGER_END_TRAP) == 0);
    holds(root, "g", "delivered");
    unlinkat(root, "g", 0);
}

Test(file_replacement, nothing_after_a_trap)
{
    named_or_not(nothing_after_a_trap);
}

static void limit_file_size(rlim_t bytes)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    cr_assert(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    limit.rlim_cur = bytes;
    cr_assert(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

static void nothing_after_a_failed_write(void)
{
    static char large[100000];
    put(root, "f", "old");
    memset(large, 'n', sizeof large);

    /* A large write fails part-way; later ones work, but not all is there. */
    limit_file_size(50000);
    struct dagger_stream *stream = must_open("/f" ATOMIC);
    cr_assert(dagger_stream_write(stream, large, sizeof large) == 50000);
    cr_assert(dagger_stream_write(stream, large, 1) == DAGGER_NOSPACE);
    limit_file_size(RLIM_INFINITY);
    must_write(stream, "more");
    cr_assert(dagger_stream_close(stream, DAGGER_END_NORMAL) == DAGGER_NOSPACE);
    holds(root, "f", "old");

    /* The guest never hears of it before close: gathered bytes. */
    limit_file_size(2);
    stream = must_open("/f" ATOMIC);
    must_write(stream, "new");
    cr_assert(dagger_stream_close(stream, DAGGER_END_NORMAL) == DAGGER_NOSPACE);
    limit_file_size(RLIM_INFINITY);
    holds(root, "f", "old");
    cr_assert(entries(root) == 1);
}

Test(file_replacement, nothing_after_a_failed_write)
{
    named_or_not(nothing_after_a_failed_write);
}

/* The unnamed file needs no cleaning up, whatever ends the process. */
Test(file_replacement, nothing_after_sigkill)
{
    put(root, "f", "old");
    pid_t pid = fork();
    cr_assert(pid >= 0);
    if (pid == 0) {
        struct dagger_stream *stream;
        if (try_open("/f" ATOMIC, &stream) == 0) {
            dagger_stream_write(stream, "half", 4);
            dagger_stream_flush(stream);
            kill(getpid(), SIGKILL);
        }
        _exit(1);
    }
    int status;
    cr_assert(waitpid(pid, &status, 0) == pid);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    holds(root, "f", "old");
    cr_assert(entries(root) == 1);
}

static void mode_and_owner(void)
{
    struct stat st;
    umask(027);
    must_close(must_open("/new" ATOMIC));
    cr_assert(fstatat(root, "new", &st, 0) == 0);
    cr_assert((st.st_mode & 07777) == 0640, "mode %o", st.st_mode);
    unlinkat(root, "new", 0);

    put(root, "f", "old");
    cr_assert(fchmodat(root, "f", 0751, 0) == 0);
    bool chowned = fchownat(root, "f", 1234, 5678, 0) == 0;
    must_close(must_open("/f" ATOMIC));
    cr_assert(fstatat(root, "f", &st, 0) == 0);
    cr_assert((st.st_mode & 07777) == 0751, "mode %o", st.st_mode);
    if (chowned)
        cr_assert(st.st_uid == 1234 && st.st_gid == 5678);
    unlinkat(root, "f", 0);
}

Test(file_replacement, mode_and_owner)
{
    named_or_not(mode_and_owner);
}

/* A group that can't be kept must not leave its rights to ours; what nobody may write stays. */
Test(file_replacement, as_another_user)
{
    struct stat st;
    if (geteuid() != 0)
        cr_skip_test("needs root to become another user");
    cr_assert(fchmod(root, 0777) == 0);
    put(root, "group", "old");
    cr_assert(fchownat(root, "group", 65534, 5678, 0) == 0);
    cr_assert(fchmodat(root, "group", 0664, 0) == 0);
    put(root, "theirs", "old");
    cr_assert(fchmodat(root, "theirs", 0644, 0) == 0);
    cr_assert(setegid(65534) == 0 && seteuid(65534) == 0);
    for (int named = 0; named < 2; named++) {
        dagger_file_lacks.tmpfile = named;
        fails_to_open("/theirs" ATOMIC, DAGGER_PERM);
        struct dagger_stream *stream = must_open("/group" ATOMIC);
        must_write(stream, "new");
        must_close(stream);
    }
    cr_assert(seteuid(0) == 0);
    cr_assert(fstatat(root, "group", &st, 0) == 0);
    cr_assert(st.st_uid == 65534 && st.st_gid == 65534);
    cr_assert((st.st_mode & 07777) == 0644, "mode %o", st.st_mode);
    holds(root, "theirs", "old");
    holds(root, "group", "new");
    cr_assert(entries(root) == 2);
}

/* As any write through a link, and as an editor would not: the link stays. */
static void through_links(void)
{
    mkdirat(root, "d", 0755);
    put(root, "d/f", "old");
    unlinkat(root, "link", 0);
    unlinkat(root, "d/chain", 0);
    cr_assert(symlinkat("d/chain", root, "link") == 0);
    cr_assert(symlinkat("/d/../d/f", root, "d/chain") == 0);
    struct dagger_stream *stream = must_open("/link" ATOMIC);
    must_write(stream, "new");
    must_close(stream);
    holds(root, "d/f", "new");
    char text[64] = "";
    cr_assert(readlinkat(root, "link", text, sizeof text) == 7);

    unlinkat(root, "d/f", 0);
    stream = must_open("/link" ATOMIC "&sync=1");
    must_close(stream);
    holds(root, "d/f", "");

    unlinkat(root, "d/chain", 0);
    cr_assert(symlinkat("../../outside/secret", root, "d/chain") == 0);
    fails_to_open("/link" ATOMIC, DAGGER_NOENT);
}

Test(file_replacement, through_links)
{
    both_ways(through_links);
}

/* The directory is held: what its path means at close does not matter. */
Test(file_replacement, directory_moved_meanwhile)
{
    cr_assert(mkdirat(root, "d", 0755) == 0);
    put(root, "d/f", "old");
    put(outside, "f", "theirs");
    struct dagger_stream *stream = must_open("/d/f" ATOMIC);
    must_write(stream, "new");
    cr_assert(renameat(root, "d", root, "moved") == 0);
    cr_assert(symlinkat("../outside", root, "d") == 0);
    must_close(stream);
    holds(root, "moved/f", "new");
    holds(outside, "f", "theirs");
}

static void target_became_a_directory(void)
{
    unlinkat(root, "f", AT_REMOVEDIR);
    struct dagger_stream *stream = must_open("/f" ATOMIC);
    must_write(stream, "new");
    cr_assert(mkdirat(root, "f", 0755) == 0);
    cr_assert(dagger_stream_close(stream, DAGGER_END_NORMAL) == DAGGER_NOTSUP);
    cr_assert(entries(root) == 1);
}

Test(file_replacement, target_became_a_directory)
{
    named_or_not(target_became_a_directory);
}

Test(file_replacement, directory_removed_meanwhile)
{
    cr_assert(mkdirat(root, "d", 0755) == 0);
    struct dagger_stream *stream = must_open("/d/f" ATOMIC);
    must_write(stream, "new");
    cr_assert(unlinkat(root, "d", AT_REMOVEDIR) == 0);
    cr_assert(dagger_stream_close(stream, DAGGER_END_NORMAL) == DAGGER_NOENT);
}

#define VERSION_MAX 300000

/* Versions of different lengths, each of one letter, so that half of one can be told. */
static void keep_replacing(void)
{
    static char text[VERSION_MAX];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (unsigned i = 0;; i++) {
        struct dagger_stream *stream;
        memset(text, 'a' + i % 26, sizeof text);
        dagger_file_lacks.tmpfile = i % 2;
        if (try_open("/f" ATOMIC, &stream) != 0)
            _exit(1);
        size_t len = 1 + i * 7919 % (VERSION_MAX - 1);
        text[0] = (char)('A' + i % 26);
        text[len - 1] = '.';
        for (size_t done = 0, part; done < len; done += part) {
            part = len - done < 30011 ? len - done : 30011;
            dagger_stream_write(stream, text + done, part);
        }
        if (dagger_stream_close(stream, DAGGER_END_NORMAL) != 0)
            _exit(2);
    }
}

Test(file_replacement, readers_see_whole_files_only)
{
    put(root, "f", ".");
    pid_t writer = fork();
    cr_assert(writer >= 0);
    if (!writer)
        keep_replacing();
    unsigned versions = 0;
    char last = 0;
    for (int i = 0; i < 20000 && versions < 300; i++) {
        struct dagger_stream *stream = must_open("/f");
        char *text = read_all(stream);
        size_t len = strlen(text);
        cr_assert(len > 0 && text[len - 1] == '.', "cut short");
        for (size_t j = 2; j + 1 < len; j++)
            cr_assert(text[j] == text[1], "two versions in one");
        versions += text[0] != last;
        last = text[0];
        free(text);
        must_close(stream);
    }
    int status;
    cr_assert(waitpid(writer, &status, WNOHANG) == 0, "the writer failed");
    kill(writer, SIGKILL);
    waitpid(writer, &status, 0);
    cr_assert(versions > 10, "only %u versions seen", versions);
}
