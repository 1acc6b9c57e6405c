#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "diag.h"
#include "run.h"

/* `waits`: a read may have to wait for a writer, and must not do so deaf to signals. */
static int read_all(struct input *input, int fd, size_t expected, bool waits)
{
    size_t cap = expected + 1; /* one more, so that the end is seen without growing */
    if (cap < 65536)
        cap = 65536;
    input->bytes = alloc_resize(NULL, cap);
    for (;;) {
        if (waits && !run_wait_fd(fd, false))
            return -1;
        ssize_t got = read(fd, input->bytes + input->size, cap - input->size);
        if (got == 0)
            return 0;
        if (got < 0 && (errno == EINTR || (waits && errno == EAGAIN)))
            continue;
        if (got < 0)
            return -1;
        input->size += (size_t)got;
        if (input->size > INPUT_MAX) {
            errno = EFBIG;
            return -1;
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
    int fd = standard ? dup(STDIN_FILENO) : open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        diag_error("can't open '%s':", standard ? "standard input" : shown);
        return -1;
    }
    bool regular = S_ISREG(status.st_mode);
    bool sized = regular && status.st_size <= (off_t)INPUT_MAX;
    int result = read_all(input, fd, sized ? (size_t)status.st_size : 0, !regular);
    if (result != 0 && run_interrupted() == 0)
        diag_error("can't read '%s':", standard ? "standard input" : shown);
    close(fd);
    return result;
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
