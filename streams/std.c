/* stdin://, stdout://, stderr:// and fd://0 to fd://2: the descriptors the program was started
 * with.
 *
 * They are the host's: closing a stream leaves them open. What is buffered is kept by descriptor,
 * not by stream, so that two streams over one descriptor keep the order of what is written and
 * share what was read ahead.
 */
#include "std.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fdio.h"
#include "kinds.h"
#include "wait.h"

/* A pipe's usual capacity. In .bss: only the pages that are touched cost memory. */
#define BUFFER_SIZE 65536

/* Reads of at least this many bytes go straight to the reader's memory. */
#define READ_DIRECT 16384

static uint8_t out_bytes[BUFFER_SIZE];
static struct dagger_buffer out_buffer = {.data = out_bytes, .cap = sizeof out_bytes};

static struct {
    uint8_t bytes[BUFFER_SIZE];
    size_t at;  /* first byte not yet read by the guest */
    size_t end; /* end of what was read ahead */
    bool terminal;
} in;

static size_t open_streams[3]; /* by descriptor */

static int fd_of(const struct dagger_stream *stream)
{
    return ((const struct dagger_fd_stream *)stream)->fd;
}

static int64_t std_write(struct dagger_stream *stream, const void *data, size_t len)
{
    int error = dagger_wait_in_time(stream, fd_of(stream), POLLOUT, &len);
    return error ? error : dagger_fd_write(fd_of(stream), data, len);
}

int dagger_std_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    (void)ending;
    int fd = fd_of(stream);
    free(stream);
    if (--open_streams[fd] > 0)
        return 0;
    if (fd == STDOUT_FILENO)
        out_buffer.len = 0; /* the flush before this said so if anything is left */
    /* Whoever reads the file next, say a shell's next command, goes on where the guest stopped. A
     * pipe can't be put back: the bytes stay for the guest's next stream. */
    if (fd == STDIN_FILENO && in.end > in.at && lseek(fd, -(off_t)(in.end - in.at), SEEK_CUR) >= 0)
        in.at = in.end = 0;
    return 0;
}

static const struct dagger_stream_ops write_ops = {
    .kind = "std",
    .write = std_write,
    .close = dagger_std_close,
};

int dagger_std_drain(void)
{
    struct dagger_fd_stream out = {.stream = {.ops = &write_ops, .out = &out_buffer},
                                   .fd = STDOUT_FILENO};
    return dagger_stream_drain(&out.stream);
}

/* An error stays for the next call on standard output, since what could not be written stays
 * gathered. */
void dagger_std_prompt(void)
{
    if (in.terminal)
        dagger_std_drain();
}

size_t dagger_std_ahead(void)
{
    return in.end - in.at;
}

void dagger_std_forget(void)
{
    in.at = in.end = 0;
}

int64_t dagger_std_read(struct dagger_stream *stream, void *data, size_t len)
{
    if (in.at == in.end) {
        dagger_std_prompt();
        int error = dagger_wait_in_time(stream, fd_of(stream), POLLIN, &len);
        if (error)
            return error;
        if (len >= READ_DIRECT)
            return dagger_fd_read(fd_of(stream), data, len);
        int64_t count = dagger_fd_read(fd_of(stream), in.bytes, sizeof in.bytes);
        if (count <= 0)
            return count;
        in.at = 0;
        in.end = (size_t)count;
    }
    size_t count = in.end - in.at < len ? in.end - in.at : len;
    memcpy(data, in.bytes + in.at, count);
    in.at += count;
    return (int64_t)count;
}

static const struct dagger_stream_ops read_ops = {
    .kind = "std",
    .read = dagger_std_read,
    .close = dagger_std_close,
};

void dagger_streams_start(void)
{
    struct pollfd fds[3] = {{.fd = 0}, {.fd = 1}, {.fd = 2}};
    if (poll(fds, 3, 0) <= 0)
        return;
    /* In ascending order, so that open() takes just the number. O_PATH can neither be read nor
     * written (which poll calls invalid too) and needs nothing of the file system but "/". */
    for (int fd = 0; fd < 3; fd++)
        if ((fds[fd].revents & POLLNVAL) && fcntl(fd, F_GETFD) < 0)
            (void)!open("/", O_PATH | O_DIRECTORY);
}

int dagger_std_check(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0)
        return errno == EBADF ? DAGGER_NOENT : dagger_error_from_errno(errno);
    if (flags & O_PATH)
        return DAGGER_NOENT; /* dagger_streams_start's */
    int wrong = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    return (flags & O_ACCMODE) == wrong ? DAGGER_PERM : 0;
}

int dagger_std_new(int fd, const struct dagger_stream_ops *ops, size_t size,
                   struct dagger_stream **out)
{
    int error = dagger_std_check(fd);
    if (error)
        return error;
    struct dagger_fd_stream *stream = calloc(1, size);
    if (!stream)
        return DAGGER_NOMEM;
    stream->fd = fd;
    stream->stream.ops = ops;
    if (fd == STDIN_FILENO)
        in.terminal = isatty(fd);
    open_streams[fd]++;
    *out = &stream->stream;
    return 0;
}

static int std_new(int fd, struct dagger_stream **out)
{
    const struct dagger_stream_ops *ops = fd == STDIN_FILENO ? &read_ops : &write_ops;
    int error = dagger_std_new(fd, ops, sizeof(struct dagger_fd_stream), out);
    if (!error && fd == STDOUT_FILENO) {
        (*out)->out = &out_buffer;
        (*out)->line_buffered = isatty(fd);
    }
    return error;
}

int dagger_std_open(const struct dagger_host *host, const struct dagger_url *url,
                    struct dagger_stream **out)
{
    static const char *const names[] = {"stdin", "stdout", "stderr"};
    (void)host;
    if (!dagger_url_is_plain(url, false, false))
        return DAGGER_BADINPUT;
    for (int fd = 0; fd < 3; fd++)
        if (dagger_slice_is(url->scheme, names[fd]))
            return std_new(fd, out);
    return DAGGER_NOSCHEME;
}

int dagger_fd_open(const struct dagger_host *host, const struct dagger_url *url,
                   struct dagger_stream **out)
{
    (void)host;
    int64_t fd = dagger_slice_decimal(url->host);
    if (!dagger_url_is_plain(url, true, false) || fd < 0)
        return DAGGER_BADINPUT;
    return fd > STDERR_FILENO ? DAGGER_PERM : std_new((int)fd, out);
}
