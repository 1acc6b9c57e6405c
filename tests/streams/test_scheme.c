/* The scheme table, the policy, and the kinds that have no state: null, zero, random. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "streams/stream.h"

static struct dagger_host host;

static int open_url(const char *url, struct dagger_stream **stream)
{
    return dagger_stream_open(&host, url, strlen(url), stream);
}

static void expect_open(const char *url, int expected)
{
    struct dagger_stream *const untouched = (struct dagger_stream *)&host;
    struct dagger_stream *stream = untouched;
    int result = open_url(url, &stream);
    cr_expect_eq(result, expected, "%s gives %d", url, result);
    if (!result)
        dagger_stream_close(stream, DAGGER_END_NORMAL);
    else
        cr_expect_eq(stream, untouched, "%s", url);
}

Test(scheme, the_table_has_the_abis_schemes)
{
    static const char *const names[] = {
        "log",    "file",    "http",       "https",  "random", "stdin",   "stdout",
        "stderr", "null",    "zero",       "fd",     "args",   "env",     "clock",
        "tcp",    "tcp+tls", "tcp+listen", "listen", "gopher", "gophers", "control"};
    size_t rows = 0;
    while (dagger_schemes[rows].name)
        rows++;
    cr_assert_eq(rows, sizeof names / sizeof names[0]);
    for (size_t i = 0; i < rows; i++) {
        size_t found = 0;
        for (size_t j = 0; j < rows; j++)
            found += strcmp(dagger_schemes[j].name, names[i]) == 0;
        cr_expect_eq(found, 1, "%s", names[i]);
    }
}

Test(scheme, unknown_schemes)
{
    expect_open("nul://", DAGGER_NOSCHEME);
    expect_open("nulll://", DAGGER_NOSCHEME);
    expect_open("ftp://a/", DAGGER_NOSCHEME);
    expect_open("filee:///a", DAGGER_NOSCHEME);
    expect_open("null:/", DAGGER_BADURL);
    expect_open("", DAGGER_BADURL);
}

Test(scheme, case_does_not_matter)
{
    expect_open("NULL://", 0);
    expect_open("Zero://", 0);
    expect_open("rAnDoM://", 0);
    expect_open("FD://9", DAGGER_PERM);
}

Test(scheme, known_but_not_in_this_executable)
{
    static const struct dagger_scheme schemes[] = {{"gone", NULL}, {NULL, NULL}};
    struct dagger_stream *stream = NULL;
    cr_expect_eq(dagger_stream_open_in(schemes, &host, "gone://", 7, &stream), DAGGER_UNAVAIL);
    cr_expect_eq(dagger_stream_open_in(schemes, &host, "null://", 7, &stream), DAGGER_NOSCHEME);
    cr_expect_null(stream);
}

static bool only_zero(const struct dagger_host *asking, const struct dagger_url *url)
{
    cr_expect_eq(asking, &host);
    return dagger_slice_is(url->scheme, "zero");
}

Test(scheme, the_policy_is_asked_before_anything_else)
{
    host.allowed = only_zero;
    expect_open("zero://", 0);
    expect_open("null://", DAGGER_PERM);
    expect_open("null://host", DAGGER_PERM);
    expect_open("nothing://", DAGGER_PERM);
    expect_open("null", DAGGER_BADURL);
}

Test(scheme, what_names_nothing)
{
    static const char *const schemes[] = {"null", "zero", "random", "stdin", "stdout", "stderr"};
    static const char *const good[] = {"", "/", "?", "/?"};
    static const char *const bad[] = {"a",     "1",  "a/",   "/a",  "//",      "?a", "?a=b",
                                      "#",     "/#", "#a",   "@",   "a@",      ":1", ":0/",
                                      "[::1]", "/.", "/%2f", "/?a", "?mode=r", "/?&"};
    char url[64];
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        for (size_t j = 0; j < sizeof good / sizeof good[0]; j++) {
            snprintf(url, sizeof url, "%s://%s", schemes[i], good[j]);
            if (strncmp(url, "std", 3) != 0) /* those depend on what this test was started with */
                expect_open(url, 0);
        }
        for (size_t j = 0; j < sizeof bad / sizeof bad[0]; j++) {
            snprintf(url, sizeof url, "%s://%s", schemes[i], bad[j]);
            expect_open(url, DAGGER_BADINPUT);
        }
    }
}

/* --- null and zero --------------------------------------------------------------------------- */

Test(null, reads_as_empty_and_takes_all)
{
    struct dagger_stream *stream;
    char data[8] = "abcdefg";
    cr_assert_eq(open_url("null://", &stream), 0);
    cr_expect_eq(dagger_stream_read(stream, data, sizeof data), 0);
    cr_expect_str_eq(data, "abcdefg");
    cr_expect_eq(dagger_stream_write(stream, data, sizeof data), 8);
    cr_expect_eq(dagger_stream_write(stream, data, 0), 0);
    cr_expect_eq(dagger_stream_write(stream, data, INT32_MAX), INT32_MAX);
    cr_expect_eq(dagger_stream_flush(stream), 0);
    cr_expect_eq(dagger_stream_close(stream, DAGGER_END_NORMAL), 0);
}

Test(zero, reads_as_zeros_and_takes_all)
{
    struct dagger_stream *stream;
    char data[9] = "abcdefgh";
    cr_assert_eq(open_url("zero://", &stream), 0);
    cr_expect_eq(dagger_stream_read(stream, data, 7), 7);
    cr_expect_arr_eq(data, "\0\0\0\0\0\0\0h", 9);
    cr_expect_eq(dagger_stream_read(stream, data, 0), 0);
    cr_expect_eq(dagger_stream_write(stream, data, sizeof data), 9);
    cr_expect_eq(dagger_stream_close(stream, DAGGER_END_NORMAL), 0);
}

Test(null, many_at_once)
{
    struct dagger_stream *a, *b;
    cr_assert_eq(open_url("null://", &a), 0);
    cr_assert_eq(open_url("null://", &b), 0);
    cr_expect_eq(dagger_stream_close(a, DAGGER_END_NORMAL), 0);
    cr_expect_eq(dagger_stream_write(b, "x", 1), 1);
    cr_expect_eq(dagger_stream_close(b, DAGGER_END_TRAP), 0);
}

/* --- random -------------------------------------------------------------------------------- */

/* Linked with --wrap=getrandom. */
static const struct kernel_step {
    int errno_value; /* 0: gives at most `most` bytes */
    size_t most;
} * kernel; /* NULL: the kernel itself */
static size_t kernel_calls;

ssize_t __real_getrandom(void *data, size_t len, unsigned flags);
ssize_t __wrap_getrandom(void *data, size_t len, unsigned flags);
ssize_t __wrap_getrandom(void *data, size_t len, unsigned flags)
{
    kernel_calls++;
    if (!kernel)
        return __real_getrandom(data, len, flags);
    const struct kernel_step *step = kernel++;
    errno = step->errno_value;
    if (errno)
        return -1;
    size_t count = len < step->most ? len : step->most;
    memset(data, 0x11 * (int)kernel_calls, count);
    return (ssize_t)count;
}

static int64_t read_random(const struct kernel_step *steps, char *data, size_t len)
{
    struct dagger_stream *stream;
    cr_assert_eq(open_url("random://", &stream), 0);
    kernel = steps;
    kernel_calls = 0;
    int64_t result = dagger_stream_read(stream, data, len);
    kernel = NULL;
    dagger_stream_close(stream, DAGGER_END_NORMAL);
    return result;
}

Test(random, is_put_together_from_what_the_kernel_gives)
{
    char data[10];
    static const struct kernel_step steps[] = {{EINTR, 0}, {0, 3}, {EINTR, 0}, {0, 1}, {0, 100}};
    cr_expect_eq(read_random(steps, data, sizeof data), 10);
    cr_expect_eq(kernel_calls, 5);
    cr_expect_arr_eq(data, "\x22\x22\x22\x44\x55\x55\x55\x55\x55\x55", 10);
}

Test(random, errors)
{
    char data[10];
    static const struct kernel_step nothing[] = {{0, 3}, {0, 0}}, broken[] = {{0, 3}, {EIO, 0}},
                                    missing[] = {{ENOSYS, 0}};
    cr_expect_eq(read_random(nothing, data, sizeof data), DAGGER_IO);
    cr_expect_eq(read_random(broken, data, sizeof data), DAGGER_IO);
    cr_expect_eq(read_random(missing, data, sizeof data), DAGGER_NOTSUP);
}

Test(random, gives_the_full_length_and_not_a_byte_more)
{
    static const size_t lengths[] = {1, 2, 255, 256, 257, 4096, 1000003};
    struct dagger_stream *stream;
    uint8_t *data = malloc(1000003 + 1);
    cr_assert_eq(open_url("random://", &stream), 0);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        data[lengths[i]] = 0x5a;
        cr_expect_eq(dagger_stream_read(stream, data, lengths[i]), (int64_t)lengths[i]);
        cr_expect_eq(data[lengths[i]], 0x5a);
    }
    cr_expect_eq(dagger_stream_read(stream, data, 0), 0);
    cr_expect_eq(dagger_stream_write(stream, data, 1), DAGGER_NOTSUP);
    cr_expect_eq(dagger_stream_close(stream, DAGGER_END_NORMAL), 0);
    free(data);
}

/* More than the kernel gives in one call (32 MiB - 1): the tail must have been filled too. */
Test(random, a_length_over_one_system_calls)
{
    const size_t len = (40 << 20) + 13;
    struct dagger_stream *stream;
    uint8_t *data = calloc(len, 1);
    cr_assert_eq(open_url("random://", &stream), 0);
    cr_assert_eq(dagger_stream_read(stream, data, len), (int64_t)len);
    size_t zeros = 0;
    for (size_t i = len - 4096; i < len; i++)
        zeros += !data[i];
    cr_expect_lt(zeros, 100, "%zu zeros of 4096 at the end", zeros);
    free(data);
    dagger_stream_close(stream, DAGGER_END_NORMAL);
}

/* Not a test of the kernel's generator, but of its bytes arriving: each value occurs about as often
 * as it should (10 standard deviations), and two reads differ. */
Test(random, bytes_are_spread)
{
    enum { LEN = 1 << 20 };
    static uint8_t a[LEN], b[LEN];
    size_t counts[256] = {0};
    struct dagger_stream *stream;
    cr_assert_eq(open_url("random://", &stream), 0);
    cr_assert_eq(dagger_stream_read(stream, a, LEN), LEN);
    cr_assert_eq(dagger_stream_read(stream, b, LEN), LEN);
    for (size_t i = 0; i < LEN; i++)
        counts[a[i]]++;
    for (int value = 0; value < 256; value++) {
        cr_expect_gt(counts[value], LEN / 256 - 640, "%d", value);
        cr_expect_lt(counts[value], LEN / 256 + 640, "%d", value);
    }
    cr_expect_neq(memcmp(a, b, LEN), 0);
    cr_expect_neq(memcmp(a, a + LEN / 2, LEN / 2), 0);
    dagger_stream_close(stream, DAGGER_END_NORMAL);
}
