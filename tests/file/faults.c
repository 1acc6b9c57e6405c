/* Limits, refusals and broken disks. fsync() and fdatasync() are replaced here, so that the tests
 * see them called and can make them fail. */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int file_syncs, directory_syncs; /* calls seen */
static int fail_file, fail_directory;   /* errno value of the next call, or 0 */

static int sync_or_fail(int fd, long call)
{
    struct stat st;
    cr_assert(fstat(fd, &st) == 0);
    bool directory = S_ISDIR(st.st_mode);
    int *fail = directory ? &fail_directory : &fail_file;
    ++*(directory ? &directory_syncs : &file_syncs);
    if (*fail) {
        errno = *fail;
        *fail = 0;
        return -1;
    }
    return (int)syscall(call, fd);
}

int fsync(int fd)
{
    return sync_or_fail(fd, SYS_fsync);
}

int fdatasync(int fd)
{
    return sync_or_fail(fd, SYS_fdatasync);
}

static void forget_syncs(void)
{
    file_syncs = directory_syncs = 0;
}

TestSuite(file_faults, .init = place_setup, .fini = place_teardown, .timeout = 60);

Test(file_faults, flush_reaches_the_disk)
{
    static const char *const modes[] = {"w", "a", "rw"};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        char url[64];
        snprintf(url, sizeof url, "/f%zu?mode=%s&sync=1", i, modes[i]);
        forget_syncs();
        struct dagger_stream *stream = must_open(url);
        must_write(stream, "one");
        cr_assert(file_syncs == 0 && directory_syncs == 0);
        cr_assert(dagger_stream_flush(stream) == 0);
        cr_assert(file_syncs == 1 && directory_syncs == 1, "the name of a new file, too");
        must_write(stream, "two");
        must_close(stream);
        cr_assert(file_syncs == 2 && directory_syncs == 1);
    }
    forget_syncs();
    must_close(must_open("/new?mode=x&sync=1"));
    cr_assert(file_syncs == 1 && directory_syncs == 1);

    forget_syncs();
    struct dagger_stream *stream = must_open("/f0?mode=w");
    must_write(stream, "x");
    cr_assert(dagger_stream_flush(stream) == 0);
    must_close(stream);
    cr_assert(file_syncs == 0 && directory_syncs == 0, "only when asked for");
}

Test(file_faults, replacement_is_on_the_disk_before_its_name)
{
    put(root, "f", "old");
    struct dagger_stream *stream = must_open("/f?mode=w&atomic=1&sync=1");
    must_write(stream, "new");
    fail_file = EIO;
    cr_assert(dagger_stream_close(stream, DAGGER_END_NORMAL) == DAGGER_IO);
    holds(root, "f", "old");
    cr_assert(entries(root) == 1);

    forget_syncs();
    stream = must_open("/f?mode=w&atomic=1&sync=1");
    must_write(stream, "new");
    must_close(stream);
    cr_assert(file_syncs == 1 && directory_syncs == 1);

    /* The name has changed, but may not last: that is reported. */
    stream = must_open("/f?mode=w&atomic=1&sync=1");
    must_write(stream, "newer");
    fail_directory = EIO;
    cr_assert(dagger_stream_close(stream, DAGGER_END_NORMAL) == DAGGER_IO);
    holds(root, "f", "newer");
}

Test(file_faults, failed_and_interrupted_syncs)
{
    struct dagger_stream *stream = must_open("/f?mode=w&sync=1");
    fail_file = EIO;
    cr_assert(dagger_stream_flush(stream) == DAGGER_IO);
    fail_directory = ENOSPC;
    cr_assert(dagger_stream_flush(stream) == DAGGER_NOSPACE);
    fail_file = fail_directory = EINTR;
    cr_assert(dagger_stream_flush(stream) == 0);
    must_close(stream);

    stream = must_open("/f?mode=w&atomic=1&sync=1");
    must_write(stream, "new");
    fail_file = fail_directory = EINTR;
    must_close(stream);
    holds(root, "f", "new");
}

static void limit(int resource, rlim_t value)
{
    struct rlimit limit;
    cr_assert(getrlimit((__rlimit_resource_t)resource, &limit) == 0);
    limit.rlim_cur = value;
    cr_assert(setrlimit((__rlimit_resource_t)resource, &limit) == 0);
}

Test(file_faults, file_size_limit)
{
    signal(SIGXFSZ, SIG_IGN);
    limit(RLIMIT_FSIZE, 10);
    struct dagger_stream *stream = must_open("/f?mode=w");
    must_write(stream, "0123456789ab");
    cr_assert(dagger_stream_flush(stream) == DAGGER_NOSPACE);
    holds(root, "f", "0123456789");
    limit(RLIMIT_FSIZE, 100);
    must_close(stream); /* what was gathered was kept */
    holds(root, "f", "0123456789ab");
}

Test(file_faults, offset_beyond_any_file)
{
    struct dagger_stream *stream;
    signal(SIGXFSZ, SIG_IGN);
    int error = try_open("/f?mode=w&offset=9223372036854775807", &stream);
    if (error == 0) { /* the file system's own limit decides */
        must_write(stream, "x");
        error = dagger_stream_close(stream, DAGGER_END_NORMAL);
        cr_assert(error == DAGGER_NOSPACE, "%s", dagger_error_name(error));
    } else {
        cr_assert(error == DAGGER_BADINPUT, "%s", dagger_error_name(error));
    }
}

/* The other failure in the middle of a path: no descriptor left for the next name. */
static void no_descriptors(void)
{
    int used = dup(root);
    limit(RLIMIT_NOFILE, (rlim_t)used);
    close(used);
    for (int left = 0; left < 8; left++) {
        struct dagger_stream *stream;
        limit(RLIMIT_NOFILE, (rlim_t)(used + left));
        int error = try_open("/d/d/d/f?mode=w&atomic=1&sync=1", &stream);
        if (error == 0)
            error = dagger_stream_close(stream, DAGGER_END_NORMAL);
        cr_assert(error == 0 || error == DAGGER_TOOMANY, "%d left: %s", left,
                  dagger_error_name(error));
        cr_assert(left > 0 || error == DAGGER_TOOMANY);
    }
    int now = dup(root);
    cr_assert(now == used, "a descriptor was left open");
    close(now);
    cr_assert(exists(root, "d/d/d/f"));
    cr_assert(unlinkat(root, "d/d/d/f", 0) == 0);
}

Test(file_faults, no_descriptors)
{
    cr_assert(mkdirat(root, "d", 0755) == 0);
    cr_assert(mkdirat(root, "d/d", 0755) == 0);
    cr_assert(mkdirat(root, "d/d/d", 0755) == 0);
    both_ways(no_descriptors);
}

static void no_permission(void)
{
    static const char *const urls[] = {
        "/unreadable",         "/readonly?mode=w", "/readonly?mode=a", "/readonly?mode=w&atomic=1",
        "/readonly?mode=rw",   "/closed/f",        "/closed?mode=r",   "/closed/new?mode=w",
        "/closed/../readonly", "/new?mode=w",      "/new?mode=x",      "/new?mode=w&atomic=1",
    };
    if (geteuid() == 0)
        cr_assert(setegid(65534) == 0 && seteuid(65534) == 0);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++)
        fails_to_open(urls[i], DAGGER_PERM);
    reads_as("/readonly", "text");
    if (getuid() == 0)
        cr_assert(seteuid(0) == 0 && setegid(0) == 0);
}

Test(file_faults, no_permission)
{
    put(root, "unreadable", "text");
    put(root, "readonly", "text");
    cr_assert(mkdirat(root, "closed", 0755) == 0);
    put(root, "closed/f", "text");
    cr_assert(fchmodat(root, "unreadable", 0, 0) == 0);
    cr_assert(fchmodat(root, "readonly", 0444, 0) == 0);
    cr_assert(fchmodat(root, "closed", 0, 0) == 0);
    cr_assert(fchmod(root, 0555) == 0);
    both_ways(no_permission);
    cr_assert(fchmodat(root, "closed", 0755, 0) == 0);
    cr_assert(fchmod(root, 0755) == 0);
}

/* A program that runs can't be written. */
Test(file_faults, busy_program)
{
    char self[PATH_MAX] = "";
    cr_assert(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    char *slash = strrchr(self, '/');
    *slash = '\0';
    host.root = self;
    char url[PATH_MAX];
    snprintf(url, sizeof url, "/%s?mode=rw", slash + 1);
    fails_to_open(url, DAGGER_PERM);
}
