/* stdin://, stdout://, stderr:// and fd:// over pipes, files and terminals. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "faults.h"
#include "std_fixture.h"

#define FAULTS(...) ((const struct fault[]){__VA_ARGS__, {0, 0}})

static void ignore_sigpipe(void)
{
    signal(SIGPIPE, SIG_IGN); /* as the runtime does */
}

TestSuite(stdout, .init = ignore_sigpipe);

static int64_t put(struct dagger_stream *stream, const char *text)
{
    return dagger_stream_write(stream, text, strlen(text));
}

static int end(struct dagger_stream *stream)
{
    return dagger_stream_close(stream, DAGGER_END_NORMAL);
}

/* --- stdout -------------------------------------------------------------------------------- */

Test(stdout, is_buffered_until_flush)
{
    int reader = std_pipe(1);
    struct dagger_stream *out = std_stream("stdout://");
    cr_expect_eq(put(out, "a line\n"), 7);
    cr_expect_str_eq(std_arrived(reader), "");
    cr_expect_eq(dagger_stream_flush(out), 0);
    cr_expect_str_eq(std_arrived(reader), "a line\n");
    cr_expect_eq(end(out), 0);
}

Test(stdout, close_flushes_and_leaves_the_descriptor_open)
{
    int reader = std_pipe(1);
    struct dagger_stream *out = std_stream("stdout://");
    cr_expect_eq(put(out, "abc"), 3);
    cr_expect_eq(end(out), 0);
    cr_expect_str_eq(std_arrived(reader), "abc");
    cr_expect_geq(fcntl(1, F_GETFD), 0);
    out = std_stream("stdout:///");
    cr_expect_eq(put(out, "def"), 3);
    cr_expect_eq(end(out), 0);
    cr_expect_str_eq(std_arrived(reader), "def");
}

Test(stdout, and_fd_1_keep_their_order)
{
    int reader = std_pipe(1);
    struct dagger_stream *a = std_stream("stdout://"), *b = std_stream("fd://1");
    put(a, "1");
    put(b, "2");
    put(a, "3");
    cr_expect_eq(dagger_stream_flush(b), 0, "either flushes both");
    cr_expect_str_eq(std_arrived(reader), "123");
    put(a, "4");
    cr_expect_eq(end(b), 0);
    put(a, "5");
    cr_expect_eq(end(a), 0);
    cr_expect_str_eq(std_arrived(reader), "45");
}

/* Writes of all sizes around the buffer's, through two streams: the file has them in order. */
Test(stdout, writes_of_every_size_arrive_in_order)
{
    std_file(1);
    struct dagger_stream *streams[] = {std_stream("stdout://"), std_stream("fd://1")};
    static uint8_t data[200000];
    uint64_t total = 0;
    uint32_t state = 7;
    for (int i = 0; i < 400; i++) {
        state = state * 1664525 + 1013904223;
        size_t len = (state >> 8) % (i % 10 == 0 ? sizeof data : 3000);
        for (size_t j = 0; j < len; j++)
            data[j] = (uint8_t)((total + j) % 251);
        cr_assert_eq(dagger_stream_write(streams[(state >> 4) % 2], data, len), (int64_t)len);
        total += len;
    }
    cr_expect_eq(end(streams[0]), 0);
    cr_expect_eq(end(streams[1]), 0);
    cr_assert_eq(lseek(1, 0, SEEK_END), (off_t)total);
    for (uint64_t at = 0; at < total;) {
        ssize_t count = pread(1, data, sizeof data, (off_t)at);
        cr_assert_gt(count, 0);
        for (ssize_t j = 0; j < count; j++, at++)
            cr_assert_eq(data[j], at % 251, "byte %ju", (uintmax_t)at);
    }
}

Test(stdout, a_large_write_is_one_system_call)
{
    std_path(1, "/dev/null", O_WRONLY);
    static uint8_t data[1 << 20];
    struct dagger_stream *out = std_stream("stdout://");
    cr_expect_eq(dagger_stream_write(out, data, sizeof data), sizeof data);
    cr_expect_eq(faults.write_calls, 1);
    cr_expect_eq(end(out), 0);
    cr_expect_eq(faults.write_calls, 1);
}

Test(stdout, ten_thousand_bytes_are_one_system_call)
{
    std_path(1, "/dev/null", O_WRONLY);
    struct dagger_stream *out = std_stream("stdout://");
    for (int i = 0; i < 10000; i++)
        cr_assert_eq(dagger_stream_write(out, "x", 1), 1);
    cr_expect_eq(faults.write_calls, 0);
    cr_expect_eq(end(out), 0);
    cr_expect_eq(faults.write_calls, 1);
}

Test(stdout, is_line_buffered_on_a_terminal)
{
    int master = std_terminal(1);
    struct dagger_stream *out = std_stream("stdout://");
    put(out, "half a");
    cr_expect_str_eq(std_arrived(master), "");
    put(out, " line\n");
    cr_expect_str_eq(std_arrived(master), "half a line\n");
    put(out, "end");
    cr_expect_eq(end(out), 0);
    cr_expect_str_eq(std_arrived(master), "end");
}

Test(stdout, can_not_be_read)
{
    std_pipe(1);
    char data[1];
    struct dagger_stream *out = std_stream("stdout://");
    cr_expect_eq(dagger_stream_read(out, data, 1), DAGGER_NOTSUP);
    end(out);
}

Test(stdout, interruptions_and_short_writes_lose_nothing)
{
    int reader = std_pipe(1);
    faults.writes = FAULTS({EINTR, 0}, {0, 1}, {EINTR, 0}, {EINTR, 0}, {0, 2}, {0, 1});
    struct dagger_stream *out = std_stream("stdout://");
    put(out, "abcdefgh");
    cr_expect_eq(dagger_stream_flush(out), 0);
    cr_expect_str_eq(std_arrived(reader), "abcdefgh");
    cr_expect_eq(faults.write_calls, 7);
    end(out);
}

/* --- faults of standard output --------------------------------------------------------------- */

Test(stdout, a_full_device)
{
    std_path(1, "/dev/full", O_WRONLY);
    struct dagger_stream *out = std_stream("stdout://");
    cr_expect_eq(put(out, "abc"), 3, "buffered");
    cr_expect_eq(dagger_stream_flush(out), DAGGER_NOSPACE);
    cr_expect_eq(end(out), DAGGER_NOSPACE);
    std_path(1, "/dev/null", O_WRONLY);
    out = std_stream("stdout://");
    cr_expect_eq(dagger_stream_flush(out), 0, "what was reported is gone");
    cr_expect_eq(faults.write_calls, 2);
    end(out);
}

Test(stdout, a_reader_that_is_gone)
{
    close(std_pipe(1));
    static uint8_t data[100000];
    struct dagger_stream *out = std_stream("stdout://");
    cr_expect_eq(dagger_stream_write(out, data, sizeof data), DAGGER_PIPE);
    cr_expect_eq(put(out, "abc"), 3);
    cr_expect_eq(end(out), DAGGER_PIPE);
}

Test(stdout, a_reader_that_goes_part_way)
{
    std_pipe(1);
    static uint8_t data[100000];
    faults.writes = FAULTS({0, 1000}, {EPIPE, 0});
    struct dagger_stream *out = std_stream("stdout://");
    cr_expect_eq(dagger_stream_write(out, data, sizeof data), 1000);
    cr_expect_eq(put(out, "a"), DAGGER_PIPE);
    cr_expect_eq(put(out, "a"), 1);
    cr_expect_eq(end(out), 0);
}

Test(stdout, what_one_stream_could_not_deliver_the_other_tells_too)
{
    std_path(1, "/dev/full", O_WRONLY);
    struct dagger_stream *a = std_stream("stdout://"), *b = std_stream("fd://1");
    put(b, "of b");
    cr_expect_eq(end(a), DAGGER_NOSPACE);
    cr_expect_eq(dagger_stream_flush(b), DAGGER_NOSPACE);
    int reader = std_pipe(1);
    cr_expect_eq(end(b), 0);
    cr_expect_str_eq(std_arrived(reader), "of b");
}

static int full_pipe_reader;

static void empty_the_pipe(const struct pollfd *fds)
{
    cr_expect_eq(fds->fd, 1);
    cr_expect_eq(fds->events, POLLOUT);
    std_arrived(full_pipe_reader);
}

Test(stdout, a_non_blocking_pipe_is_waited_for)
{
    static uint8_t data[300000];
    full_pipe_reader = std_pipe(1);
    fcntl(1, F_SETFL, O_NONBLOCK);
    faults.before_poll = empty_the_pipe;
    struct dagger_stream *out = std_stream("stdout://");
    cr_expect_eq(dagger_stream_write(out, data, sizeof data), sizeof data);
    cr_expect_gt(faults.poll_calls, 0);
    cr_expect(fcntl(1, F_GETFL) & O_NONBLOCK, "it is not ours to change");
    end(out);
}

/* --- stderr -------------------------------------------------------------------------------- */

Test(stderr, is_not_buffered)
{
    int reader = std_packets(2);
    struct dagger_stream *err = std_stream("stderr://"), *same = std_stream("fd://2");
    cr_expect_eq(put(err, "a"), 1);
    cr_expect_str_eq(std_arrived(reader), "a");
    cr_expect_eq(put(same, "bc"), 2);
    cr_expect_str_eq(std_arrived(reader), "bc");
    cr_expect_eq(end(err), 0);
    cr_expect_eq(put(same, "d"), 1);
    cr_expect_str_eq(std_arrived(reader), "d");
    cr_expect_eq(end(same), 0);
    cr_expect_geq(fcntl(2, F_GETFD), 0);
}

Test(stderr, can_not_be_read)
{
    std_pipe(2);
    char data[1];
    struct dagger_stream *err = std_stream("stderr://");
    cr_expect_eq(dagger_stream_read(err, data, 1), DAGGER_NOTSUP);
    end(err);
}

/* --- stdin --------------------------------------------------------------------------------- */

static void expect_read(struct dagger_stream *stream, size_t len, const char *expected)
{
    static char data[1 << 16];
    int64_t count = dagger_stream_read(stream, data, len);
    cr_assert_eq(count, (int64_t)strlen(expected), "%jd bytes", (intmax_t)count);
    cr_expect_arr_eq(data, expected, strlen(expected));
}

Test(stdin, small_reads_share_one_system_call)
{
    int writer = std_pipe(0);
    cr_assert_eq(write(writer, "abcdefgh", 8), 8);
    close(writer);
    struct dagger_stream *in = std_stream("stdin://"), *same = std_stream("fd://0");
    expect_read(in, 1, "a");
    expect_read(same, 2, "bc");
    expect_read(in, 3, "def");
    cr_expect_eq(faults.read_calls, 1);
    cr_expect_eq(dagger_stream_read(in, NULL, 0), 0);
    cr_expect_eq(faults.read_calls, 1);
    expect_read(in, 100, "gh");
    expect_read(in, 100, "");
    expect_read(same, 100, "");
    end(in);
    end(same);
    cr_expect_geq(fcntl(0, F_GETFD), 0);
}

Test(stdin, large_reads_go_straight_to_the_readers_memory)
{
    int writer = std_pipe(0);
    cr_assert_eq(write(writer, "abcdef", 6), 6);
    static char data[65536];
    struct dagger_stream *in = std_stream("stdin://");
    cr_expect_eq(dagger_stream_read(in, data, sizeof data), 6);
    cr_expect_eq(faults.read_into, data);
    cr_assert_eq(write(writer, "ghijkl", 6), 6);
    expect_read(in, 2, "gh");
    cr_expect_eq(dagger_stream_read(in, data, sizeof data), 4, "what was read ahead comes first");
    cr_expect_arr_eq(data, "ijkl", 4);
    end(in);
}

Test(stdin, can_not_be_written)
{
    std_pipe(0);
    struct dagger_stream *in = std_stream("stdin://");
    cr_expect_eq(put(in, "x"), DAGGER_NOTSUP);
    cr_expect_eq(dagger_stream_flush(in), 0);
    cr_expect_eq(end(in), 0);
}

Test(stdin, what_a_file_gave_too_much_is_given_back)
{
    std_file(0);
    cr_assert_eq(write(0, "0123456789", 10), 10);
    cr_assert_eq(lseek(0, 0, SEEK_SET), 0);
    struct dagger_stream *in = std_stream("stdin://"), *same = std_stream("fd://0");
    expect_read(in, 3, "012");
    cr_expect_eq(end(in), 0);
    expect_read(same, 1, "3");
    cr_expect_eq(end(same), 0);
    cr_expect_eq(lseek(0, 0, SEEK_CUR), 4);
    in = std_stream("stdin://");
    expect_read(in, 100, "456789");
    end(in);
}

Test(stdin, what_a_pipe_gave_too_much_stays_for_the_next_stream)
{
    int writer = std_pipe(0);
    cr_assert_eq(write(writer, "abc", 3), 3);
    struct dagger_stream *in = std_stream("stdin://");
    expect_read(in, 1, "a");
    cr_expect_eq(end(in), 0);
    in = std_stream("fd://0");
    expect_read(in, 9, "bc");
    end(in);
}

Test(stdin, interruptions_and_errors)
{
    int writer = std_pipe(0);
    cr_assert_eq(write(writer, "abc", 3), 3);
    faults.reads = FAULTS({EINTR, 0}, {EINTR, 0}, {EIO, 0}, {0, 2});
    struct dagger_stream *in = std_stream("stdin://");
    char data[8];
    cr_expect_eq(dagger_stream_read(in, data, 8), DAGGER_IO);
    expect_read(in, 8, "ab");
    expect_read(in, 8, "c");
    end(in);
}

static int empty_pipe_writer;

static void fill_the_pipe(const struct pollfd *fds)
{
    cr_expect_eq(fds->fd, 0);
    cr_expect_eq(fds->events, POLLIN);
    cr_expect_eq(write(empty_pipe_writer, "late", 4), 4);
}

Test(stdin, a_non_blocking_pipe_is_waited_for)
{
    empty_pipe_writer = std_pipe(0);
    fcntl(0, F_SETFL, O_NONBLOCK);
    faults.before_poll = fill_the_pipe;
    struct dagger_stream *in = std_stream("stdin://");
    expect_read(in, 100, "late");
    cr_expect_eq(faults.poll_calls, 1);
    end(in);
}

Test(stdin, a_prompt_is_shown_before_a_terminal_is_waited_for)
{
    int master = std_terminal(0), reader = std_pipe(1);
    struct dagger_stream *in = std_stream("stdin://"), *out = std_stream("stdout://");
    cr_assert_eq(write(master, "me\nyou\n", 7), 7);
    faults.order_len = 0;
    put(out, "who? ");
    expect_read(in, 100, "me\n");
    cr_expect_arr_eq(faults.order, "wr", 2, "%.*s", (int)faults.order_len, faults.order);
    cr_expect_str_eq(std_arrived(reader), "who? ");
    put(out, "and? ");
    static char large[65536];
    cr_expect_eq(dagger_stream_read(in, large, sizeof large), 4);
    cr_expect_str_eq(std_arrived(reader), "and? ");
    end(in);
    end(out);
}

Test(stdin, what_can_be_answered_at_once_shows_no_prompt)
{
    int master = std_terminal(0), reader = std_pipe(1);
    struct dagger_stream *in = std_stream("stdin://"), *out = std_stream("stdout://");
    cr_assert_eq(write(master, "ab\n", 3), 3);
    expect_read(in, 1, "a");
    put(out, "? ");
    expect_read(in, 1, "b");
    cr_expect_str_eq(std_arrived(reader), "");
    end(in);
    end(out);
}

Test(stdin, a_pipe_is_read_without_flushing_anything)
{
    int writer = std_pipe(0), reader = std_pipe(1);
    struct dagger_stream *in = std_stream("stdin://"), *out = std_stream("stdout://");
    cr_assert_eq(write(writer, "x", 1), 1);
    put(out, "gathered");
    expect_read(in, 1, "x");
    cr_expect_str_eq(std_arrived(reader), "");
    end(in);
    end(out);
}

Test(stdin, a_prompt_that_can_not_be_shown_is_the_next_writes_error)
{
    int master = std_terminal(0);
    std_path(1, "/dev/full", O_WRONLY);
    struct dagger_stream *in = std_stream("stdin://"), *out = std_stream("stdout://");
    cr_assert_eq(write(master, "me\n", 3), 3);
    put(out, "who? ");
    expect_read(in, 100, "me\n");
    cr_expect_eq(dagger_stream_flush(out), DAGGER_NOSPACE);
    end(in);
    end(out);
}

Test(stdin, the_end_of_a_terminals_input)
{
    int master = std_terminal(0);
    struct dagger_stream *in = std_stream("stdin://");
    cr_assert_eq(write(master, "\x04", 1), 1);
    expect_read(in, 100, "");
    end(in);
}
