/* The layer over a scripted kind: what a guest sees of short counts, interruptions and errors. */
#include <criterion/criterion.h>

#include "mock_stream.h"

#define READS(count, data)                                                                         \
    {                                                                                              \
        MOCK_READ, count, data, false                                                              \
    }
#define READ_FAILS(error)                                                                          \
    {                                                                                              \
        MOCK_READ, error, NULL, false                                                              \
    }
#define READ_LIES(count)                                                                           \
    {                                                                                              \
        MOCK_READ, count, NULL, true                                                               \
    }
#define WRITES(most)                                                                               \
    {                                                                                              \
        MOCK_WRITE, most, NULL, false                                                              \
    }
#define WRITE_LIES(count)                                                                          \
    {                                                                                              \
        MOCK_WRITE, count, NULL, true                                                              \
    }
#define FLUSHES(result)                                                                            \
    {                                                                                              \
        MOCK_FLUSH, result, NULL, false                                                            \
    }
#define CLOSES(result)                                                                             \
    {                                                                                              \
        MOCK_CLOSE, result, NULL, false                                                            \
    }
#define SCRIPT(...) ((const struct mock_step[]){__VA_ARGS__, {MOCK_END, 0, NULL, false}})

static struct mock_stream mock;
static uint8_t bytes[16];
static struct dagger_buffer buffer;

static void gather(void)
{
    buffer = (struct dagger_buffer){.data = bytes, .cap = sizeof bytes};
}

TestSuite(stream, .init = gather);

static void start(const struct mock_step *script)
{
    mock_init(&mock, script, NULL);
}

static void start_gathering(const struct mock_step *script)
{
    mock_init(&mock, script, &buffer);
}

static int64_t put(const char *text)
{
    return dagger_stream_write(&mock.base, text, strlen(text));
}

static void expect_written(const char *text)
{
    cr_expect_eq(mock.written_len, strlen(text), "%zu bytes", mock.written_len);
    cr_expect_arr_eq(mock.written, text, strlen(text));
    cr_expect(mock_done(&mock), "the script has steps left");
}

/* --- read ---------------------------------------------------------------------------------- */

Test(stream, read_gives_what_the_kind_gives)
{
    char data[8] = "";
    start(SCRIPT(READS(3, "abc"), READS(0, "")));
    cr_expect_eq(dagger_stream_read(&mock.base, data, sizeof data), 3);
    cr_expect_str_eq(data, "abc");
    cr_expect_eq(dagger_stream_read(&mock.base, data, sizeof data), 0);
    cr_expect(mock_done(&mock));
}

Test(stream, read_of_nothing_does_not_ask_the_kind)
{
    char data[1];
    start(SCRIPT(CLOSES(0)));
    cr_expect_eq(dagger_stream_read(&mock.base, data, 0), 0);
}

Test(stream, read_is_repeated_after_interruptions)
{
    char data[8];
    start(SCRIPT(READ_FAILS(DAGGER_INTERRUPTED), READ_FAILS(DAGGER_INTERRUPTED), READS(2, "hi")));
    cr_expect_eq(dagger_stream_read(&mock.base, data, sizeof data), 2);
    cr_expect(mock_done(&mock));
}

Test(stream, read_passes_an_error_on_once)
{
    char data[8];
    start(SCRIPT(READ_FAILS(DAGGER_TIMEOUT), READS(1, "x")));
    cr_expect_eq(dagger_stream_read(&mock.base, data, sizeof data), DAGGER_TIMEOUT);
    cr_expect_eq(dagger_stream_read(&mock.base, data, sizeof data), 1);
}

Test(stream, a_count_over_what_was_asked_for_is_an_error)
{
    char data[4];
    start(SCRIPT(READ_LIES(5), WRITE_LIES(5)));
    cr_expect_eq(dagger_stream_read(&mock.base, data, sizeof data), DAGGER_IO);
    cr_expect_eq(put("abcd"), DAGGER_IO);
}

Test(stream, a_write_of_nothing_by_the_kind_is_an_error_not_an_endless_loop)
{
    start(SCRIPT(WRITES(0)));
    cr_expect_eq(put("abcd"), DAGGER_IO);
}

Test(stream, read_writes_what_was_gathered_before)
{
    char data[4];
    start_gathering(SCRIPT(WRITES(MOCK_ALL), READS(1, "r")));
    cr_expect_eq(put("abc"), 3);
    cr_expect_eq(dagger_stream_read(&mock.base, data, sizeof data), 1);
    expect_written("abc");
}

Test(stream, read_reports_that_what_was_gathered_could_not_be_written)
{
    char data[4];
    start_gathering(SCRIPT(WRITES(DAGGER_NOSPACE)));
    cr_expect_eq(put("abc"), 3);
    cr_expect_eq(dagger_stream_read(&mock.base, data, sizeof data), DAGGER_NOSPACE);
    cr_expect(mock_done(&mock));
}

/* --- write, nothing gathered --------------------------------------------------------------- */

Test(stream, write_goes_on_after_short_counts_and_interruptions)
{
    start(SCRIPT(WRITES(1), WRITES(DAGGER_INTERRUPTED), WRITES(2), WRITES(MOCK_ALL)));
    cr_expect_eq(put("abcdef"), 6);
    expect_written("abcdef");
}

Test(stream, write_of_nothing_does_not_ask_the_kind)
{
    start(SCRIPT(CLOSES(0)));
    cr_expect_eq(put(""), 0);
}

Test(stream, write_that_fails_at_once_returns_the_error)
{
    start(SCRIPT(WRITES(DAGGER_PIPE), WRITES(MOCK_ALL)));
    cr_expect_eq(put("abc"), DAGGER_PIPE);
    cr_expect_eq(put("def"), 3, "the error was told; it is not kept");
    expect_written("def");
}

Test(stream, write_that_fails_part_way_returns_the_count_then_the_error)
{
    start(SCRIPT(WRITES(2), WRITES(DAGGER_NOSPACE), WRITES(MOCK_ALL)));
    cr_expect_eq(put("abcdef"), 2);
    cr_expect_eq(put("cdef"), DAGGER_NOSPACE, "the next call tells the error and does nothing");
    cr_expect_eq(put("cdef"), 4);
    expect_written("abcdef");
}

struct next_call {
    const char *name;
    int64_t (*call)(struct dagger_stream *stream);
};

static int64_t next_read(struct dagger_stream *stream)
{
    char data[1];
    return dagger_stream_read(stream, data, sizeof data);
}

static int64_t next_empty_write(struct dagger_stream *stream)
{
    return dagger_stream_write(stream, "", 0);
}

static int64_t next_flush(struct dagger_stream *stream)
{
    return dagger_stream_flush(stream);
}

static int64_t next_close(struct dagger_stream *stream)
{
    return dagger_stream_close(stream, DAGGER_END_NORMAL);
}

Test(stream, the_kept_error_is_told_by_whatever_call_is_next)
{
    static const struct next_call calls[] = {
        {"read", next_read},
        {"write", next_empty_write},
        {"flush", next_flush},
        {"close", next_close},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        bool flushes = calls[i].call == next_flush || calls[i].call == next_close;
        start(flushes ? SCRIPT(WRITES(1), WRITES(DAGGER_IO), FLUSHES(0), CLOSES(0))
                      : SCRIPT(WRITES(1), WRITES(DAGGER_IO)));
        cr_expect_eq(put("ab"), 1);
        cr_expect_eq(calls[i].call(&mock.base), DAGGER_IO, "%s", calls[i].name);
    }
}

/* --- directions ---------------------------------------------------------------------------- */

static int nothing_to_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    (void)stream, (void)ending;
    return 0;
}

Test(stream, a_direction_the_kind_does_not_have_is_notsup)
{
    static const struct dagger_stream_ops ops = {.kind = "bare", .close = nothing_to_close};
    struct dagger_stream stream = {.ops = &ops};
    char data[1] = "";
    cr_expect_eq(dagger_stream_read(&stream, data, 1), DAGGER_NOTSUP);
    cr_expect_eq(dagger_stream_write(&stream, data, 1), DAGGER_NOTSUP);
    cr_expect_not(dagger_stream_put(&stream, 'x'));
    cr_expect_eq(dagger_stream_flush(&stream), 0, "nothing is held back");
    cr_expect_eq(dagger_stream_close(&stream, DAGGER_END_NORMAL), 0);
}

/* --- write, gathered (16 bytes; more than 4 are large) --------------------------------------- */

Test(stream, small_writes_are_gathered_until_flush)
{
    start_gathering(SCRIPT(WRITES(MOCK_ALL), FLUSHES(0)));
    cr_expect_eq(put("a"), 1);
    cr_expect_eq(put("bcd"), 3);
    cr_expect_eq(mock.writes, 0);
    cr_expect_eq(dagger_stream_flush(&mock.base), 0);
    expect_written("abcd");
    cr_expect_eq(buffer.len, 0);
}

Test(stream, what_does_not_fit_sends_the_gathered_first)
{
    start_gathering(SCRIPT(WRITES(MOCK_ALL), WRITES(MOCK_ALL)));
    for (int i = 0; i < 5; i++)
        cr_expect_eq(put("abc"), 3);
    cr_expect_eq(put("de"), 2);
    cr_expect_eq(mock.writes, 1);
    cr_expect_eq(mock.written_len, 15);
    cr_expect_eq(dagger_stream_drain(&mock.base), 0);
    expect_written("abcabcabcabcabcde");
}

Test(stream, the_buffer_is_used_to_its_last_byte)
{
    start_gathering(SCRIPT(WRITES(MOCK_ALL), WRITES(MOCK_ALL)));
    for (int i = 0; i < 16; i++)
        cr_expect(dagger_stream_put(&mock.base, "0123456789abcdef"[i]));
    cr_expect_not(dagger_stream_put(&mock.base, 'g'));
    cr_expect_eq(mock.writes, 0);
    cr_expect_eq(put("g"), 1);
    cr_expect_eq(mock.writes, 1);
    cr_expect_eq(dagger_stream_drain(&mock.base), 0);
    expect_written("0123456789abcdefg");
}

Test(stream, large_writes_go_past_the_buffer_in_order)
{
    start_gathering(SCRIPT(WRITES(MOCK_ALL), WRITES(MOCK_ALL)));
    cr_expect_eq(put("ab"), 2);
    cr_expect_eq(put("01234567890123456789"), 20);
    cr_expect_eq(buffer.len, 0);
    expect_written("ab01234567890123456789");
}

Test(stream, more_than_a_quarter_of_the_buffer_is_large)
{
    start_gathering(SCRIPT(WRITES(MOCK_ALL)));
    cr_expect_eq(put("0123"), 4);
    cr_expect_eq(mock.writes, 0);
    buffer.len = 0;
    cr_expect_eq(put("01234"), 5);
    expect_written("01234");
}

Test(stream, a_large_write_takes_nothing_while_the_gathered_can_not_go)
{
    start_gathering(SCRIPT(WRITES(DAGGER_PIPE), WRITES(MOCK_ALL), FLUSHES(0)));
    cr_expect_eq(put("ab"), 2);
    cr_expect_eq(put("01234567"), DAGGER_PIPE);
    cr_expect_eq(buffer.len, 2, "what was taken stays");
    cr_expect_eq(dagger_stream_flush(&mock.base), 0);
    expect_written("ab");
}

Test(stream, what_flush_could_not_write_stays_and_is_told_again)
{
    start_gathering(SCRIPT(WRITES(2), WRITES(DAGGER_NOSPACE), FLUSHES(0), WRITES(DAGGER_NOSPACE),
                           FLUSHES(0), WRITES(MOCK_ALL), FLUSHES(0)));
    cr_expect_eq(put("abcd"), 4);
    cr_expect_eq(dagger_stream_flush(&mock.base), DAGGER_NOSPACE);
    cr_expect_eq(dagger_stream_flush(&mock.base), DAGGER_NOSPACE);
    cr_expect_eq(dagger_stream_flush(&mock.base), 0);
    expect_written("abcd");
}

Test(stream, a_large_write_that_fails_part_way_keeps_its_error)
{
    start_gathering(SCRIPT(WRITES(5), WRITES(DAGGER_IO)));
    cr_expect_eq(put("0123456789"), 5);
    cr_expect_not(dagger_stream_put(&mock.base, 'x'), "not before the error was told");
    cr_expect_eq(put("x"), DAGGER_IO);
    cr_expect(dagger_stream_put(&mock.base, 'x'));
}

Test(stream, two_streams_over_one_buffer_keep_their_order)
{
    struct mock_stream other;
    const struct mock_step *script = SCRIPT(WRITES(MOCK_ALL));
    start_gathering(script);
    mock_init(&other, script, &buffer);
    cr_expect_eq(put("1 "), 2);
    cr_expect_eq(dagger_stream_write(&other.base, "2 ", 2), 2);
    cr_expect_eq(put("3"), 1);
    cr_expect_eq(dagger_stream_drain(&mock.base), 0);
    expect_written("1 2 3");
}

/* --- lines --------------------------------------------------------------------------------- */

Test(stream, lines_are_handed_on_at_their_end)
{
    start_gathering(SCRIPT(WRITES(MOCK_ALL)));
    mock.base.line_buffered = true;
    cr_expect_not(dagger_stream_put(&mock.base, 'x'), "lines are not for the short way");
    cr_expect_eq(put("ab"), 2);
    cr_expect_eq(mock.writes, 0);
    cr_expect_eq(put("c\n"), 2);
    expect_written("abc\n");
}

Test(stream, the_error_of_a_line_that_was_taken_is_the_next_calls)
{
    start_gathering(SCRIPT(WRITES(DAGGER_IO), WRITES(MOCK_ALL)));
    mock.base.line_buffered = true;
    cr_expect_eq(put("a\n"), 2);
    cr_expect_eq(put("b\n"), DAGGER_IO);
    cr_expect_eq(put("b\n"), 2);
    expect_written("a\nb\n");
}

/* --- flush and close ----------------------------------------------------------------------- */

Test(stream, flush_is_repeated_after_interruptions)
{
    start(SCRIPT(FLUSHES(DAGGER_INTERRUPTED), FLUSHES(0)));
    cr_expect_eq(dagger_stream_flush(&mock.base), 0);
    cr_expect(mock_done(&mock));
}

Test(stream, close_returns_the_first_error_and_does_all_the_rest)
{
    start_gathering(SCRIPT(WRITES(DAGGER_NOSPACE), FLUSHES(DAGGER_TLS), CLOSES(DAGGER_IO)));
    cr_expect_eq(put("ab"), 2);
    cr_expect_eq(dagger_stream_close(&mock.base, DAGGER_END_TRAP), DAGGER_NOSPACE);
    cr_expect(mock.closed);
    cr_expect_eq(mock.ending, DAGGER_END_TRAP);
    cr_expect(mock_done(&mock));
}

Test(stream, close_returns_the_kinds_own_error)
{
    start(SCRIPT(FLUSHES(0), CLOSES(DAGGER_IO)));
    cr_expect_eq(dagger_stream_close(&mock.base, DAGGER_END_NORMAL), DAGGER_IO);
}
