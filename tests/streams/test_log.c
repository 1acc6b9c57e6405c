/* log:// over sockets that keep each write(2) apart. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "faults.h"
#include "std_fixture.h"

#define FAULTS(...) ((const struct fault[]){__VA_ARGS__, {0, 0}})

#define TIME_LEN    25 /* "2026-01-02T03:04:05.678Z " */

static int reader;

static void to_packets(void)
{
    signal(SIGPIPE, SIG_IGN); /* as the runtime does */
    reader = std_packets(2);
}

TestSuite(log, .init = to_packets);

static int64_t put(struct dagger_stream *stream, const char *text)
{
    return dagger_stream_write(stream, text, strlen(text));
}

static int end(struct dagger_stream *stream)
{
    return dagger_stream_close(stream, DAGGER_END_NORMAL);
}

/* What the next write(2) wrote, "" if there was none. */
static const char *next_write(void)
{
    static char text[1 << 16];
    ssize_t len = recv(reader, text, sizeof text - 1, MSG_DONTWAIT);
    text[len < 0 ? 0 : len] = '\0';
    return text;
}

static bool begins_with_time(const char *line)
{
    static regex_t time;
    static bool compiled;
    if (!compiled)
        cr_assert_eq(regcomp(&time,
                             "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z ",
                             REG_EXTENDED | REG_NOSUB),
                     0);
    compiled = true;
    char start[TIME_LEN + 1] = "";
    memcpy(start, line, strnlen(line, TIME_LEN));
    return regexec(&time, start, 0, NULL, 0) == 0;
}

/* One write(2) of lines that all begin with a time; `expected` is what is left without those. */
static void expect_record(const char *expected)
{
    const char *record = next_write();
    char rest[8192] = "";
    for (const char *line = record; *line;) {
        cr_assert(begins_with_time(line), "no time: \"%s\"", line);
        const char *stop = strchr(line, '\n');
        cr_assert_not_null(stop, "no end: \"%s\"", line);
        strncat(rest, line + TIME_LEN, (size_t)(stop + 1 - line) - TIME_LEN);
        line = stop + 1;
    }
    cr_expect_str_eq(rest, expected);
}

static void expect_no_more(void)
{
    cr_expect_str_eq(next_write(), "");
}

Test(log, one_write_is_one_record)
{
    struct dagger_stream *log = std_stream("log://?prefix=app");
    cr_expect_eq(put(log, "started"), 7);
    cr_expect_eq(put(log, "stopped\n"), 8);
    expect_record("app: started\n");
    expect_record("app: stopped\n");
    expect_no_more();
    cr_expect_eq(dagger_stream_flush(log), 0);
    cr_expect_eq(end(log), 0);
    expect_no_more();
    cr_expect_geq(fcntl(2, F_GETFD), 0);
}

Test(log, the_time_is_now_in_utc)
{
    setenv("TZ", "Asia/Kolkata", 1);
    struct dagger_stream *log = std_stream("log://");
    time_t before = time(NULL);
    put(log, "x");
    time_t after = time(NULL);
    struct tm utc = {0};
    const char *record = next_write();
    cr_assert_not_null(strptime(record, "%Y-%m-%dT%H:%M:%S", &utc));
    time_t then = timegm(&utc);
    /* time() may lag behind clock_gettime() by a tick. */
    cr_expect(then >= before - 1 && then <= after + 1, "%s", record);
    end(log);
}

Test(log, prefixes)
{
    static const struct {
        const char *url, *record;
    } rows[] = {
        {"log://", "x\n"},
        {"log:///", "x\n"},
        {"log://?", "x\n"},
        {"log://?prefix=", "x\n"},
        {"log://?prefix=a", "a: x\n"},
        {"log://?prefix=a%20b+c", "a b+c: x\n"},
        {"log://?prefix=a=b", "a=b: x\n"},
        {"log://?prefix=a%26b", "a&b: x\n"},
        {"log://?prefix=gr%c3%bc%c3%9f", "gr\xc3\xbc\xc3\x9f: x\n"},
        {"log://?prefix=%1b%5b2J", "\\x1b[2J: x\n"},
        {"log://?prefix=a%0aINJECTED", "a\\nINJECTED: x\n"},
        {"log://?prefix=%0d", "\\r: x\n"},
        {"log://?prefix=%c2%9b", "\\u{009b}: x\n"},
        {"log://?prefix=%9b", "\\x9b: x\n"},
        {"log://?prefix=%e2%80%ae", "\\u{202e}: x\n"},
        {"log://?prefix=%5cx", "\\\\x: x\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dagger_stream *log = std_stream(rows[i].url);
        cr_expect_eq(put(log, "x"), 1);
        expect_record(rows[i].record);
        cr_expect_eq(end(log), 0);
    }
}

Test(log, what_can_not_be_opened)
{
    static const struct {
        const char *url;
        int error;
    } rows[] = {
        {"log://?prefix=a%00b", DAGGER_BADURL}, {"log://?prefix=a b", DAGGER_BADURL},
        {"log://?prefix", DAGGER_BADINPUT},     {"log://?Prefix=a", DAGGER_BADINPUT},
        {"log://?%70refix=a", DAGGER_BADINPUT}, {"log://?level=1", DAGGER_BADINPUT},
        {"log://?prefix=a&x", DAGGER_BADINPUT}, {"log://?prefix=a&prefix=b", DAGGER_BADINPUT},
        {"log://?=a", DAGGER_BADINPUT},         {"log://host", DAGGER_BADINPUT},
        {"log://a@/", DAGGER_BADINPUT},         {"log://:1/", DAGGER_BADINPUT},
        {"log:///path", DAGGER_BADINPUT},       {"log://#a", DAGGER_BADINPUT},
        {"log://?prefix=a#b", DAGGER_BADINPUT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(std_open_error(rows[i].url), rows[i].error, "%s", rows[i].url);
}

Test(log, lines)
{
    static const struct {
        const char *text, *record;
    } rows[] = {
        {"a\nb\nc", "p: a\np: b\np: c\n"},
        {"a\nb\n", "p: a\np: b\n"},
        {"\n", "p: \n"},
        {"\n\n", "p: \np: \n"},
        {"a\n\nb", "p: a\np: \np: b\n"},
        {"\na", "p: \np: a\n"},
        {"a\r\nb", "p: a\\r\np: b\n"},
    };
    struct dagger_stream *log = std_stream("log://?prefix=p");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect_eq(put(log, rows[i].text), (int64_t)strlen(rows[i].text));
        expect_record(rows[i].record);
    }
    cr_expect_eq(put(log, ""), 0);
    expect_no_more();
    end(log);
}

Test(log, forged_records_show_what_they_are)
{
    struct dagger_stream *log = std_stream("log://?prefix=guest");
    put(log, "x\n2026-01-01T00:00:00.000Z kernel: all is well");
    expect_record("guest: x\nguest: 2026-01-01T00:00:00.000Z kernel: all is well\n");
    put(log, "x\r2026-01-01T00:00:00.000Z kernel: y\x1b[A\x1b[2K\b\x7f\xc2\x85z\xe2\x80\xa8w");
    expect_record("guest: x\\r2026-01-01T00:00:00.000Z kernel: "
                  "y\\x1b[A\\x1b[2K\\x08\\x7f\\u{0085}z\\u{2028}w\n");
    end(log);
}

Test(log, reads_as_empty)
{
    char data[4];
    struct dagger_stream *log = std_stream("log://");
    cr_expect_eq(dagger_stream_read(log, data, sizeof data), 0);
    end(log);
}

/* --- records that do not fit ----------------------------------------------------------------- */

Test(log, what_fits_a_pipes_atomic_size_is_one_write)
{
    static char text[PIPE_BUF + 1];
    struct dagger_stream *log = std_stream("log://");
    memset(text, 'a', PIPE_BUF - TIME_LEN - 1);
    put(log, text);
    cr_expect_eq(strlen(next_write()), PIPE_BUF);
    expect_no_more();
    text[PIPE_BUF - TIME_LEN - 1] = 'b';
    put(log, text);
    cr_expect_eq(strlen(next_write()), PIPE_BUF);
    cr_expect_str_eq(next_write(), "\n");
    expect_no_more();
    end(log);
}

Test(log, longer_records_are_cut_between_lines)
{
    static char text[20000];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 100 == 99 ? '\n' : 'a';
    struct dagger_stream *log = std_stream("log://?prefix=p");
    cr_expect_eq(dagger_stream_write(log, text, sizeof text), sizeof text);
    size_t lines = 0, writes = 0;
    for (const char *got = next_write(); *got; got = next_write(), writes++) {
        cr_expect_leq(strlen(got), PIPE_BUF);
        cr_expect_eq(strlen(got) % (TIME_LEN + 3 + 100), 0, "a line is torn");
        lines += strlen(got) / (TIME_LEN + 3 + 100);
    }
    cr_expect_eq(lines, 200);
    cr_expect_lt(writes, 8);
    end(log);
}

/* The guest's text out of what was logged with prefix "p": times and prefixes dropped, escapes
 * undone. */
static size_t unlogged(const char *logged, size_t len, char *out)
{
    size_t out_len = 0;
    for (size_t at = 0; at < len; at++) {
        if (at == 0 || logged[at - 1] == '\n') {
            cr_assert(begins_with_time(logged + at));
            cr_assert_arr_eq(logged + at + TIME_LEN, "p: ", 3);
            at += TIME_LEN + 3;
        }
        unsigned value;
        if (logged[at] != '\\') {
            out[out_len++] = logged[at];
        } else if (logged[++at] == 'x') {
            cr_assert_eq(sscanf(logged + at + 1, "%2x", &value), 1);
            out[out_len++] = (char)value;
            at += 2;
        } else {
            static const char letters[] = "tr\\", meant[] = "\t\r\\";
            const char *letter = strchr(letters, logged[at]);
            cr_assert(letter && *letter, "\\%c", logged[at]);
            out[out_len++] = meant[letter - letters];
        }
    }
    return out_len;
}

/* Whatever bytes a guest writes, the log has them all, each line marked as the guest's, and holds
 * no control byte but the ends of lines. */
Test(log, any_bytes_can_be_read_back)
{
    static char text[9000], logged[1 << 17], back[1 << 17];
    struct dagger_stream *log = std_stream("log://?prefix=p");
    uint32_t state = 3;
    for (int round = 0; round < 200; round++) {
        state = state * 1664525 + 1013904223;
        size_t len = 1 + (state >> 8) % (sizeof text - 1), logged_len = 0;
        for (size_t i = 0; i < len; i++) {
            state = state * 1664525 + 1013904223;
            text[i] = (char)(state >> 13) & (round % 2 ? 0x7f : 0xff);
            /* No characters of several bytes here, whose escapes are tested elsewhere. */
            if ((text[i] & 0xc0) == 0x80)
                text[i] = '\n';
        }
        text[len - 1] = '\n';
        cr_assert_eq(dagger_stream_write(log, text, len), (int64_t)len);
        for (const char *got = next_write(); *got; got = next_write()) {
            memcpy(logged + logged_len, got, strlen(got));
            logged_len += strlen(got);
        }
        logged[logged_len] = '\0';
        for (size_t i = 0; i < logged_len; i++)
            cr_assert(logged[i] == '\n' || !iscntrl((unsigned char)logged[i]));
        cr_assert_eq(unlogged(logged, logged_len, back), len);
        cr_assert_arr_eq(back, text, len);
    }
    end(log);
}

Test(log, a_prefix_longer_than_any_pipes_atomic_size)
{
    static char url[DAGGER_URL_MAX + 1], logged[1 << 16];
    size_t len = (size_t)snprintf(url, sizeof url, "log://?prefix=");
    while (len + 3 < sizeof url)
        len += (size_t)snprintf(url + len, sizeof url - len, "%%1b");
    struct dagger_stream *log = std_stream(url);
    cr_expect_eq(put(log, "a\nb"), 3);
    size_t logged_len = 0;
    for (const char *got = next_write(); *got; got = next_write())
        logged_len += (size_t)snprintf(logged + logged_len, sizeof logged - logged_len, "%s", got);
    size_t prefix = (len - 14) / 3 * 4;
    cr_expect_eq(logged_len, 2 * (TIME_LEN + prefix + 2 + 1 + 1));
    cr_expect(strstr(logged, "\\x1b: a\n"));
    cr_expect(strstr(logged, "\\x1b: b\n"));
    end(log);
}

/* --- faults -------------------------------------------------------------------------------- */

Test(log, interruptions_and_short_writes_lose_nothing)
{
    faults.writes = FAULTS({EINTR, 0}, {0, 5}, {EINTR, 0}, {0, 30});
    struct dagger_stream *log = std_stream("log://?prefix=p");
    cr_expect_eq(put(log, "hello, world"), 12);
    char logged[256] = "";
    for (const char *got = next_write(); *got; got = next_write())
        strncat(logged, got, sizeof logged - strlen(logged) - 1);
    cr_expect(begins_with_time(logged));
    cr_expect_str_eq(logged + TIME_LEN, "p: hello, world\n");
    cr_expect_eq(faults.write_calls, 5);
    end(log);
}

Test(log, an_error_at_once)
{
    faults.writes = FAULTS({ENOSPC, 0});
    struct dagger_stream *log = std_stream("log://");
    cr_expect_eq(put(log, "a"), DAGGER_NOSPACE);
    cr_expect_eq(put(log, "b"), 1);
    expect_record("b\n");
    end(log);
}

Test(log, a_reader_that_is_gone)
{
    struct dagger_stream *log = std_stream("log://");
    close(reader);
    cr_expect_eq(put(log, "a"), DAGGER_PIPE);
    cr_expect_eq(end(log), 0);
}

Test(log, an_error_part_way_counts_the_lines_that_are_out)
{
    static char text[6000];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 100 == 99 ? '\n' : 'a';
    faults.writes = FAULTS({0, PIPE_BUF}, {EIO, 0}, {EIO, 0});
    struct dagger_stream *log = std_stream("log://");
    size_t lines = PIPE_BUF / (TIME_LEN + 100);
    cr_expect_eq(dagger_stream_write(log, text, sizeof text), (int64_t)lines * 100);
    cr_expect_eq(strlen(next_write()), lines * (TIME_LEN + 100));
    cr_expect_eq(put(log, "next"), DAGGER_IO);
    cr_expect_eq(put(log, "next"), 4);
    expect_record("next\n");
    end(log);
}

Test(log, a_record_after_a_torn_one_begins_its_own_line)
{
    faults.writes = FAULTS({0, 30}, {EIO, 0});
    struct dagger_stream *log = std_stream("log://");
    cr_expect_eq(put(log, "torn apart"), DAGGER_IO);
    cr_expect_str_eq(next_write() + TIME_LEN, "torn ");
    cr_expect_eq(put(log, "whole"), 5);
    const char *record = next_write();
    cr_expect_eq(record[0], '\n');
    cr_expect(begins_with_time(record + 1));
    cr_expect_str_eq(record + 1 + TIME_LEN, "whole\n");
    put(log, "again");
    expect_record("again\n");
    end(log);
}
