#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "diag.h"

static bool (*input_wait)(int fd);

void input_wait_by(bool (*wait)(int fd))
{
    input_wait = wait;
}

enum reading { READ_ALL, READ_FAILED, READ_GIVEN_UP };

static enum reading read_all(struct input *input, int fd, size_t expected, bool waits)
{
    size_t cap = expected + 1; /* one more, so that the end is seen without growing */
    if (cap < 65536)
        cap = 65536;
    input->bytes = alloc_resize(NULL, cap);
    for (;;) {
        if (waits && !input_wait(fd))
            return READ_GIVEN_UP;
        ssize_t got = read(fd, input->bytes + input->size, cap - input->size);
        if (got == 0)
            return READ_ALL;
        if (got < 0 && (errno == EINTR || (waits && errno == EAGAIN)))
            continue;
        if (got < 0)
            return READ_FAILED;
        input->size += (size_t)got;
        if (input->size > INPUT_MAX) {
            errno = EFBIG;
            return READ_FAILED;
        }
        if (input->size == cap) {
            cap *= 2;
            input->bytes = alloc_resize(input->bytes, cap);
        }
    }
}

int input_read(struct input *input, const char *name)
{
    const char *shown = text_shown(name);
    *input = (struct input){0};
    bool standard = strcmp(name, "-") == 0;
    /* Not blocking, so that waiting for a FIFO's writer can be interrupted. */
    int flags = O_RDONLY | O_CLOEXEC | (input_wait != NULL ? O_NONBLOCK : 0);
    int fd = standard ? dup(STDIN_FILENO) : open(name, flags);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        diag_error("can't open '%s':", standard ? "standard input" : shown);
        return -1;
    }
    bool regular = S_ISREG(status.st_mode);
    bool sized = regular && status.st_size <= (off_t)INPUT_MAX;
    bool waits = !regular && input_wait != NULL;
    enum reading result = read_all(input, fd, sized ? (size_t)status.st_size : 0, waits);
    if (result == READ_FAILED)
        diag_error("can't read '%s':", standard ? "standard input" : shown);
    close(fd);
    return result == READ_ALL ? 0 : -1;
}

void input_release(struct input *input)
{
    free(input->bytes);
    *input = (struct input){0};
}

bool input_is_text(const struct input *input)
{
    static const uint8_t magic[4] = {0, 'a', 's', 'm'};
    if (input->size >= sizeof magic && memcmp(input->bytes, magic, sizeof magic) == 0)
        return false;
    static const char blank[] = {' ', '\t', '\n', '\r', '\f'};
    /* A text module starts with '(', blanks or a comment; a damaged binary has bytes no text has.
     */
    size_t looked = input->size < 256 ? input->size : 256;
    if (looked == 0)
        return false;
    for (size_t i = 0; i < looked; i++)
        if (input->bytes[i] < 0x20 && memchr(blank, input->bytes[i], sizeof blank) == NULL)
            return false;
    const uint8_t *at = input->bytes, *end = at + looked;
    while (at < end && memchr(blank, *at, sizeof blank) != NULL)
        at++;
    return at < end && (*at == '(' || (*at == ';' && at + 1 < end && at[1] == ';'));
}

char *input_base_name(const char *input, const char *ending)
{
    const char *slash = strrchr(input, '/');
    const char *base = slash != NULL ? slash + 1 : input;
    const char *dot = strrchr(base, '.');
    size_t len = dot != NULL ? (size_t)(dot - base) : strlen(base);
    bool usable = strcmp(input, "-") != 0 && len > 0 && (dot != NULL || *ending != 0);
    if (usable && strcmp(base, ".") != 0 && strcmp(base, "..") != 0)
        return alloc_format("%.*s%s", (int)len, base, ending);
    return *ending != 0 ? alloc_format("a%s", ending) : alloc_copy_text("a.out");
}
