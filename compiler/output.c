#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "diag.h"
#include "run.h"
#include "temp.h"

int output_check(const char *output, const char *input)
{
    struct stat to, from;
    if (strcmp(output, "-") == 0 || stat(output, &to) != 0)
        return 0;
    if (S_ISDIR(to.st_mode)) {
        diag_error("output '%s' is a folder", text_shown(output));
        diag_note("-o FILE gives another name");
        return -1;
    }
    if (strcmp(input, "-") != 0 && S_ISREG(to.st_mode) && stat(input, &from) == 0 &&
        from.st_dev == to.st_dev && from.st_ino == to.st_ino) {
        diag_error("output '%s' is the input", text_shown(output));
        diag_note("-o FILE gives another name");
        return -1;
    }
    return 0;
}

static int copy_by_hand(int from, int to)
{
    static char buffer[65536];
    ssize_t got;
    while ((got = read(from, buffer, sizeof buffer)) > 0) {
        for (ssize_t done = 0; done < got;) {
            if (!run_wait_fd(to, true)) {
                errno = EINTR;
                return -1;
            }
            /* A pipe that poll() calls writable takes this much without blocking. */
            size_t piece = got - done < PIPE_BUF ? (size_t)(got - done) : PIPE_BUF;
            ssize_t put = write(to, buffer + done, piece);
            if (put < 0 && errno != EINTR && errno != EAGAIN)
                return -1;
            done += put > 0 ? put : 0;
        }
    }
    return got == 0 ? 0 : -1;
}

static int copy(int from, int to)
{
    for (;;) {
        ssize_t got = sendfile(to, from, NULL, 1 << 20);
        if (run_interrupted() != 0) {
            errno = EINTR;
            return -1;
        }
        if (got == 0)
            return 0;
        if (got < 0 && (errno == EINVAL || errno == ENOSYS || errno == EAGAIN))
            return copy_by_hand(from, to);
        if (got < 0 && errno != EINTR)
            return -1;
    }
}

static int fail(const char *what, const char *output)
{
    if (run_interrupted() == 0)
        diag_error("can't %s '%s':", what, text_shown(output));
    return -1;
}

static int write_into(int from, const char *output)
{
    bool standard = strcmp(output, "-") == 0;
    int to = standard ? dup(STDOUT_FILENO) : open(output, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (to < 0)
        return fail("open", output);
    int result = standard ? copy_by_hand(from, to) : copy(from, to);
    int error = errno;
    if (close(to) != 0 && result == 0) {
        result = -1;
        error = errno;
    }
    errno = error;
    return result == 0 ? 0 : fail("write", standard ? "standard output" : output);
}

/* "dir/.name.XXXXXX"; a long name is cut so that it fits. */
static char *name_beside(const char *output)
{
    const char *slash = strrchr(output, '/');
    int dir_len = slash != NULL ? (int)(slash - output + 1) : 0;
    return alloc_format("%.*s.%.200s.XXXXXX", dir_len, output, output + dir_len);
}

static mode_t current_umask(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return mask;
}

static int write_beside(int from, const char *output, mode_t mode)
{
    int result = -1;
    char *beside = name_beside(output);
    int to = mkostemp(beside, O_CLOEXEC);
    if (to < 0) {
        fail("create", output);
        goto free_name;
    }
    temp_remember_output(beside);
    result = copy(from, to);
    if (result == 0)
        result = fchmod(to, mode & ~current_umask());
    if (result != 0)
        fail("write", output);
    if (close(to) != 0 && result == 0)
        result = fail("write", output);
    if (result == 0 && run_interrupted() != 0)
        result = -1;
    if (result == 0 && rename(beside, output) != 0)
        result = fail("write", output);
    if (result != 0)
        unlink(beside);
    temp_forget_output();
free_name:
    free(beside);
    return result;
}

int output_deliver(const char *from, const char *output, bool executable)
{
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail("read", from);
    struct stat status;
    bool special =
        strcmp(output, "-") == 0 || (stat(output, &status) == 0 && !S_ISREG(status.st_mode));
    int result =
        special ? write_into(fd, output) : write_beside(fd, output, executable ? 0777 : 0666);
    close(fd);
    return result;
}
