/* Standard streams with node operations, alone and beside those that stdin:// and so on open. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "faults.h"
#include "std_fixture.h"
#include "streams/node.h"

#define FAULTS(...) ((const struct fault[]){__VA_ARGS__, {0, 0}})

static void ignore_sigpipe(void)
{
    signal(SIGPIPE, SIG_IGN); /* as the runtime does */
}

TestSuite(std_node, .init = ignore_sigpipe, .timeout = 20);

static struct dagger_stream *standard(int fd)
{
    struct dagger_stream *stream = NULL;
    int error = dagger_standard_open(fd, &stream);
    cr_assert(error == 0, "%d: %s", fd, strerror(-error));
    return stream;
}

static int64_t put(struct dagger_stream *stream, const char *text, int64_t offset)
{
    char copy[64] = "";
    memcpy(copy, text, strlen(text));
    size_t half = strlen(text) / 2;
    struct iovec data[] = {{copy, half}, {NULL, 0}, {copy + half, strlen(text) - half}};
    return stream->ops->node->write_vector(stream, data, 3, offset);
}

static void gets(struct dagger_stream *stream, size_t len, int64_t offset, const char *want)
{
    char text[64] = "";
    struct iovec data[] = {{text, 1}, {NULL, 0}, {text + 1, len - 1}};
    int64_t count = stream->ops->node->read_vector(stream, data, 3, offset);
    cr_assert(count == (int64_t)strlen(want) && strcmp(text, want) == 0, "%jd: \"%s\", not \"%s\"",
              (intmax_t)count, text, want);
}

static int64_t read_error(struct dagger_stream *stream, int64_t offset)
{
    char byte;
    return stream->ops->node->read_vector(stream, &(struct iovec){&byte, 1}, 1, offset);
}

static void end(struct dagger_stream *stream)
{
    cr_assert(dagger_stream_close(stream, DAGGER_END_NORMAL) == 0);
}

/* --- opening ------------------------------------------------------------------------------- */

Test(std_node, closed_descriptors)
{
    struct dagger_stream *stream;
    close(0);
    cr_expect(dagger_standard_open(0, &stream) == -EBADF);
    dagger_streams_start();
    cr_expect(dagger_standard_open(0, &stream) == -EBADF);
    std_path(1, "/dev/null", O_RDONLY);
    cr_expect(dagger_standard_open(1, &stream) == -EACCES);
    std_path(0, "/dev/null", O_WRONLY);
    cr_expect(dagger_standard_open(0, &stream) == -EACCES);
    std_path(0, "/dev/null", O_RDWR);
    faults.no_memory = true;
    cr_expect(dagger_standard_open(0, &stream) == -ENOMEM);
    faults.no_memory = false;
    end(standard(0));
    cr_expect(fcntl(0, F_GETFD) == 0);
}

Test(std_node, directions)
{
    std_pipe(0);
    std_pipe(1);
    struct dagger_stream *in = standard(0), *out = standard(1), *err = standard(2);
    cr_expect(!in->ops->node->write_vector && !in->ops->node->set_size);
    cr_expect(!in->ops->node->set_times && !in->ops->node->allocate);
    cr_expect(!out->ops->node->read_vector && !err->ops->node->read_vector);
    cr_expect(!in->ops->directory && !out->ops->directory);
    cr_expect(dagger_stream_write(in, "x", 1) == DAGGER_NOTSUP);
    cr_expect(dagger_stream_read(out, (char[1]){0}, 1) == DAGGER_NOTSUP);
    end(in);
    end(out);
    end(err);
}

/* --- output -------------------------------------------------------------------------------- */

Test(std_node, output_is_written_at_once_behind_what_is_gathered)
{
    int reader = std_pipe(1);
    struct dagger_stream *gathers = std_stream("stdout://"), *out = standard(1);
    cr_assert(dagger_stream_write(gathers, "1", 1) == 1);
    cr_expect_str_eq(std_arrived(reader), "");
    cr_expect(put(out, "23", -1) == 2);
    cr_expect_str_eq(std_arrived(reader), "123");
    cr_assert(dagger_stream_write(gathers, "4", 1) == 1);
    cr_expect(dagger_stream_write(out, "5", 1) == 1);
    cr_expect_str_eq(std_arrived(reader), "45");
    cr_assert(dagger_stream_write(gathers, "6", 1) == 1);
    cr_expect(dagger_stream_flush(out) == 0);
    cr_expect_str_eq(std_arrived(reader), "6");
    cr_assert(dagger_stream_write(gathers, "7", 1) == 1);
    end(gathers);
    end(out);
    cr_expect_str_eq(std_arrived(reader), "7");
}

Test(std_node, what_can_not_be_written_is_an_error_with_its_number)
{
    std_path(1, "/dev/full", O_WRONLY);
    struct dagger_stream *gathers = std_stream("stdout://"), *out = standard(1);
    cr_expect(put(out, "x", -1) == -ENOSPC);
    cr_assert(dagger_stream_write(gathers, "1", 1) == 1);
    cr_expect(put(out, "x", -1) == -ENOSPC, "it can't come before the 1");
    cr_expect(out->ops->node->seek(out, 0, SEEK_SET) == -ENOSPC);
    cr_expect(dagger_stream_write(out, "x", 1) == DAGGER_NOSPACE);
    cr_expect(dagger_stream_close(out, DAGGER_END_NORMAL) == DAGGER_NOSPACE);
    close(std_pipe(1));
    cr_expect(dagger_stream_close(gathers, DAGGER_END_NORMAL) == DAGGER_PIPE);
    out = standard(1);
    cr_expect(put(out, "x", -1) == -EPIPE);
    end(out);
}

Test(std_node, what_is_gathered_is_interrupted_and_fails)
{
    std_pipe(1);
    struct dagger_stream *gathers = std_stream("stdout://"), *out = standard(1);
    cr_assert(dagger_stream_write(gathers, "1", 1) == 1);
    faults.writes = FAULTS({EINTR, 0}, {EIO, 0});
    cr_expect(put(out, "x", -1) == -EIO);
    cr_expect(put(out, "x", -1) == 1);
    end(gathers);
    end(out);
}

Test(std_node, output_of_a_pipe)
{
    int reader = std_pipe(1), fd = -1;
    struct dagger_stream *out = standard(1);
    const struct dagger_node_ops *ops = out->ops->node;
    struct stat st;
    cr_expect(put(out, "x", 0) == -ESPIPE);
    cr_expect(ops->seek(out, 0, SEEK_CUR) == -ESPIPE);
    cr_expect(ops->set_size(out, 0) == -EINVAL);
    cr_expect(ops->allocate(out, 0, 1) == -ESPIPE);
    cr_expect(ops->advise(out, 0, 1, POSIX_FADV_NORMAL) == -ESPIPE);
    cr_expect(ops->sync(out, false) == -EINVAL);
    cr_expect(ops->stat(out, &st) == 0 && S_ISFIFO(st.st_mode));
    cr_expect(ops->ready(out, POLLOUT, &fd) == -EAGAIN && fd == 1);
    cr_expect_str_eq(std_arrived(reader), "");
    end(out);
}

Test(std_node, output_of_a_file)
{
    struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    char text[16] = "";
    struct stat st;
    std_file(1);
    struct dagger_stream *gathers = std_stream("stdout://"), *out = standard(1);
    const struct dagger_node_ops *ops = out->ops->node;
    cr_assert(dagger_stream_write(gathers, "abc", 3) == 3);
    cr_expect(ops->seek(out, 0, SEEK_CUR) == 3, "what is gathered counts");
    cr_expect(put(out, "defg", -1) == 4);
    cr_expect(put(out, "BC", 1) == 2);
    cr_expect(ops->seek(out, -1, SEEK_CUR) == 6);
    cr_expect(put(out, "G", -1) == 1);
    cr_assert(pread(1, text, sizeof text, 0) == 7 && strcmp(text, "aBCdefG") == 0, "%s", text);
    cr_assert(dagger_stream_write(gathers, "h", 1) == 1);
    cr_expect(ops->set_size(out, 4) == 0);
    cr_expect(ops->stat(out, &st) == 0 && st.st_size == 4, "the h was there before the cut");
    cr_expect(ops->allocate(out, 0, 9) == 0);
    cr_expect(ops->sync(out, true) == 0);
    cr_expect(ops->set_times(out, times) == 0);
    cr_expect(ops->stat(out, &st) == 0 && st.st_size == 9 && st.st_mtim.tv_sec == 1000);
    end(gathers);
    end(out);
}

/* ">>": nothing that was there may be lost. */
Test(std_node, appending_stays_appending)
{
    char text[16] = "";
    std_file(1);
    cr_assert(write(1, "log\n", 4) == 4 && fcntl(1, F_SETFL, O_APPEND) == 0);
    struct dagger_stream *out = standard(1);
    const struct dagger_node_ops *ops = out->ops->node;
    cr_expect(ops->get_flags(out) == (O_RDWR | O_APPEND));
    cr_expect(ops->set_flags(out, 0) == -EINVAL);
    cr_expect(ops->set_flags(out, O_APPEND) == 0);
    cr_expect(ops->set_size(out, 0) == -EPERM);
    cr_expect(ops->seek(out, 0, SEEK_SET) == 0);
    cr_expect(put(out, "new", -1) == 3);
    cr_expect(put(out, "er", 0) == 2);
    cr_assert(pread(1, text, sizeof text, 0) == 9 && strcmp(text, "log\nnewer") == 0, "%s", text);
    end(out);
}

Test(std_node, error_is_not_held_behind_output)
{
    int reader = std_pipe(2), other = std_pipe(1);
    struct dagger_stream *gathers = std_stream("stdout://"), *err = standard(2);
    cr_assert(dagger_stream_write(gathers, "out", 3) == 3);
    cr_expect(put(err, "oops", -1) == 4);
    cr_expect(dagger_stream_flush(err) == 0);
    cr_expect_str_eq(std_arrived(reader), "oops");
    cr_expect_str_eq(std_arrived(other), "");
    end(err);
    end(gathers);
}

/* --- input --------------------------------------------------------------------------------- */

Test(std_node, input_shares_what_was_read_ahead)
{
    int writer = std_pipe(0), fd = -1;
    struct dagger_stream *in = standard(0), *same = std_stream("stdin://");
    char text[4] = "";
    cr_expect(in->ops->node->ready(in, POLLIN, &fd) == -EAGAIN && fd == 0);
    cr_assert(write(writer, "abcdefgh", 8) == 8);
    gets(in, 3, -1, "abc");
    cr_expect(faults.read_calls == 1);
    cr_expect(in->ops->node->ready(in, POLLIN, &fd) == 5);
    cr_expect(dagger_stream_read(same, text, 2) == 2);
    cr_expect_str_eq(text, "de");
    gets(in, 30, -1, "fgh");
    cr_expect(faults.read_calls == 1);
    cr_expect(in->ops->node->seek(in, 0, SEEK_CUR) == -ESPIPE);
    cr_expect(read_error(in, 0) == -ESPIPE);
    close(writer);
    gets(in, 3, -1, "");
    end(in);
    end(same);
}

Test(std_node, input_errors)
{
    int writer = std_pipe(0);
    struct dagger_stream *in = standard(0);
    cr_assert(write(writer, "abc", 3) == 3);
    faults.reads = FAULTS({EINTR, 0}, {EIO, 0}, {EISDIR, 0});
    cr_expect(read_error(in, -1) == -EIO);
    cr_expect(read_error(in, -1) == -EISDIR);
    gets(in, 9, -1, "abc");
    end(in);
}

static void input_file(const char *text)
{
    std_file(0);
    cr_assert(write(0, text, strlen(text)) == (ssize_t)strlen(text));
    cr_assert(lseek(0, 0, SEEK_SET) == 0);
}

/* The guest's position is not the host's, which is at the end from the first read on. */
Test(std_node, input_position)
{
    input_file("0123456789");
    struct dagger_stream *in = standard(0);
    const struct dagger_node_ops *ops = in->ops->node;
    struct stat st;
    cr_expect(ops->seek(in, 0, SEEK_CUR) == 0);
    gets(in, 2, -1, "01");
    cr_expect(lseek(0, 0, SEEK_CUR) == 10);
    cr_expect(ops->seek(in, 0, SEEK_CUR) == 2);
    cr_expect(faults.read_calls == 1);
    gets(in, 2, -1, "23");
    cr_expect(faults.read_calls == 1, "telling the position lets go of nothing");
    gets(in, 3, 7, "789");
    gets(in, 2, -1, "45");
    cr_expect(ops->seek(in, -20, SEEK_CUR) == -EINVAL);
    cr_expect(ops->seek(in, INT64_MIN, SEEK_CUR) == -EINVAL);
    cr_expect(ops->seek(in, -1, SEEK_SET) == -EINVAL);
    cr_expect(ops->seek(in, 0, SEEK_CUR) == 6, "a seek that fails changes nothing");
    cr_expect(ops->seek(in, -5, SEEK_CUR) == 1);
    gets(in, 2, -1, "12");
    cr_expect(ops->seek(in, 5, SEEK_CUR) == 8);
    gets(in, 20, -1, "89");
    cr_expect(ops->seek(in, -3, SEEK_END) == 7);
    gets(in, 1, -1, "7");
    cr_expect(ops->seek(in, 4, SEEK_SET) == 4);
    gets(in, 1, -1, "4");
    cr_expect(ops->stat(in, &st) == 0 && st.st_size == 10);
    cr_expect(ops->advise(in, 0, 0, POSIX_FADV_SEQUENTIAL) == 0);
    end(in);
    cr_expect(lseek(0, 0, SEEK_CUR) == 5, "the next program goes on there");
}

/* A file that changed is seen changed after a seek. */
Test(std_node, input_seek_reads_anew)
{
    input_file("old text");
    struct dagger_stream *in = standard(0);
    gets(in, 1, -1, "o");
    cr_assert(pwrite(0, "new", 3, 0) == 3);
    cr_expect(in->ops->node->seek(in, 0, SEEK_SET) == 0);
    gets(in, 8, -1, "new text");
    end(in);
}

Test(std_node, large_input)
{
    static char a[20000], b[30000];
    std_file(0);
    cr_assert(ftruncate(0, 100000) == 0);
    struct dagger_stream *in = standard(0);
    int64_t all = 0, count;
    struct iovec data[] = {{a, sizeof a}, {b, sizeof b}};
    while ((count = in->ops->node->read_vector(in, data, 2, -1)) > 0)
        all += count;
    cr_expect(count == 0 && all == 100000);
    end(in);
}

Test(std_node, a_prompt_is_shown_before_a_terminal_is_waited_for)
{
    int master = std_terminal(0), reader = std_pipe(1), fd;
    struct dagger_stream *in = standard(0), *gathers = std_stream("stdout://");
    cr_assert(write(master, "me\n", 3) == 3);
    cr_assert(dagger_stream_write(gathers, "who? ", 5) == 5);
    gets(in, 9, -1, "me\n");
    cr_expect_str_eq(std_arrived(reader), "who? ");
    cr_assert(dagger_stream_write(gathers, "and? ", 5) == 5);
    cr_expect(in->ops->node->ready(in, POLLIN, &fd) == -EAGAIN);
    cr_expect_str_eq(std_arrived(reader), "and? ");
    end(in);
    end(gathers);
}

/* --- flags --------------------------------------------------------------------------------- */

Test(std_node, not_waiting_is_the_streams_own)
{
    static char large[1 << 20];
    int writer = std_pipe(0), reader = std_pipe(1);
    struct dagger_stream *in = standard(0), *out = standard(1);
    cr_expect(in->ops->node->set_flags(in, O_NONBLOCK) == 0);
    cr_expect(out->ops->node->set_flags(out, O_NONBLOCK | O_WRONLY) == 0);
    cr_expect(in->ops->node->set_flags(in, O_NONBLOCK | O_SYNC) == -EINVAL);
    cr_expect(in->ops->node->get_flags(in) == (O_RDONLY | O_NONBLOCK));
    cr_expect(!(fcntl(0, F_GETFL) & O_NONBLOCK) && !(fcntl(1, F_GETFL) & O_NONBLOCK));
    cr_expect(read_error(in, -1) == -EAGAIN);
    cr_assert(write(writer, "abc", 3) == 3);
    gets(in, 2, -1, "ab");
    gets(in, 2, -1, "c");
    cr_expect(read_error(in, -1) == -EAGAIN);
    close(writer);
    gets(in, 2, -1, "");

    int64_t count, all = 0;
    struct iovec data[] = {{NULL, 0}, {large, sizeof large}};
    while ((count = out->ops->node->write_vector(out, data, 2, -1)) > 0)
        all += count;
    cr_expect(count == -EAGAIN && all >= PIPE_BUF, "%jd after %jd", (intmax_t)count, (intmax_t)all);
    cr_expect(out->ops->node->write_vector(out, data, 1, -1) <= 0);
    cr_assert(read(reader, large, sizeof large) > PIPE_BUF);
    cr_expect(put(out, "x", -1) == 1);
    cr_expect(out->ops->node->set_flags(out, 0) == 0);
    cr_expect(out->ops->node->get_flags(out) == O_WRONLY);
    end(in);
    end(out);
}

static void make_writable(const struct pollfd *fds)
{
    static char data[65536];
    cr_assert(fds->fd == 1 && fds->events == POLLOUT);
    cr_assert(read(900, data, sizeof data) > 0);
}

/* A descriptor that others made non-blocking is waited for. */
Test(std_node, others_flags_do_not_matter)
{
    static char data[65536];
    int reader = std_pipe(1);
    cr_assert(dup2(reader, 900) == 900);
    cr_assert(fcntl(1, F_SETFL, O_NONBLOCK) == 0);
    struct dagger_stream *out = standard(1);
    cr_expect(out->ops->node->get_flags(out) == O_WRONLY);
    while (write(1, data, sizeof data) > 0)
        ;
    faults.before_poll = make_writable;
    cr_expect(put(out, "x", -1) == 1);
    end(out);
}
