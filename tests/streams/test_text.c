/* args:// and env://: what the host says the guest may know of how it was started. */
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "faults.h"
#include "streams/stream.h"

static const char *const arguments[] = {"guest", "", "a b", "\xff=", NULL};
static const char *const environment[] = {
    "PATH=/bin",  "path=lower",  "EMPTY=",       "A=B=C",   "A.B_C=1",  "A:B=colon", "a/b=slash",
    "\xc3\xa9=e", "TWICE=first", "TWICE=second", "NOTHING", "=unnamed", NULL,
};
static struct dagger_host host = {.arguments = arguments, .environment = environment};

/* What is opened and read to its end, `step` bytes a read; its length, or the error of open. */
static int64_t all_of(const char *url, char *text, size_t cap, size_t step)
{
    struct dagger_stream *stream;
    int error = dagger_stream_open(&host, url, strlen(url), &stream);
    if (error)
        return error;
    int64_t len = 0, count;
    while ((count = dagger_stream_read(stream, text + len, step)) > 0) {
        len += count;
        cr_assert_leq((size_t)len + step, cap);
    }
    cr_expect_eq(count, 0, "%s", url);
    cr_expect_eq(dagger_stream_read(stream, text, step), 0, "%s: the end stays", url);
    cr_expect_eq(dagger_stream_write(stream, "x", 1), DAGGER_NOTSUP, "%s", url);
    cr_expect_eq(dagger_stream_flush(stream), 0, "%s", url);
    cr_expect_eq(dagger_stream_close(stream, DAGGER_END_NORMAL), 0, "%s", url);
    return len;
}

static void expect_text(const char *url, const char *expected, size_t len)
{
    for (size_t step = 1; step < 100; step += 49) {
        char text[400];
        int64_t count = all_of(url, text, sizeof text, step);
        cr_assert_eq(count, (int64_t)len, "%s gives %jd", url, (intmax_t)count);
        cr_expect_arr_eq(text, expected, len, "%s", url);
    }
}

static void expect_error(const char *url, int expected)
{
    char text[400];
    int64_t result = all_of(url, text, sizeof text, 100);
    cr_expect_eq(result, expected, "%s gives %jd", url, (intmax_t)result);
}

Test(args, all_of_them)
{
    static const char expected[] = "guest\0\0a b\0\xff=";
    expect_text("args://", expected, sizeof expected);
    expect_text("ARGS:///?", expected, sizeof expected);
}

Test(args, one_of_them)
{
    expect_text("args://0", "guest", 5);
    expect_text("args://1", "", 0);
    expect_text("args://2", "a b", 3);
    expect_text("args://3/", "\xff=", 2);
}

Test(args, that_are_not_there)
{
    expect_error("args://4", DAGGER_NOENT);
    expect_error("args://18446744073709551616", DAGGER_NOENT);
    expect_error("args://9223372036854775808", DAGGER_NOENT);
    host.arguments = NULL;
    expect_text("args://", "", 0);
    expect_error("args://0", DAGGER_NOENT);
}

Test(args, what_names_none)
{
    static const char *const bad[] = {
        "args://-1",  "args://+1",  "args://01",   "args://00",  "args://a",    "args://1a",
        "args://0x1", "args://1.0", "args://%31",  "args:///0",  "args://0/1",  "args://0?a",
        "args://0#",  "args://0:1", "args://u@0",  "args://:0",  "args://[::]", "args://1,2",
        "args://@0",  "args://#",   "args://?a=1", "args://0/.",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_error(bad[i], DAGGER_BADINPUT);
}

Test(env, values)
{
    expect_text("env://PATH", "/bin", 4);
    expect_text("env://path", "lower", 5);
    expect_text("ENV://PATH/?", "/bin", 4);
    expect_text("env://EMPTY", "", 0);
    expect_text("env://A", "B=C", 3);
    expect_text("env://A.B_C", "1", 1);
    expect_text("env://%41%2eB_C", "1", 1);
    expect_text("env://A%3AB", "colon", 5);
    expect_text("env://a%2fb", "slash", 5);
    expect_text("env://%C3%A9", "e", 1);
    expect_text("env://TWICE", "first", 5);
}

Test(env, that_are_not_there)
{
    static const char *const missing[] = {
        "env://PAT", "env://PATHS", "env://Path", "env://NOTHING",
        "env://a",   "env://A.B",   "env://HOME",
    };
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++)
        expect_error(missing[i], DAGGER_NOENT);
    host.environment = NULL;
    expect_error("env://PATH", DAGGER_NOENT);
}

Test(env, what_names_none)
{
    static const char *const bad[] = {
        "env://",      "env:///",      "env:///PATH",  "env://PATH/x", "env://PATH?a",
        "env://PATH#", "env://PATH:1", "env://u@PATH", "env://A=B",    "env://A%3dB",
        "env://=",     "env://%3D",    "env://[::1]",  "env://?PATH",  "env://@PATH",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_error(bad[i], DAGGER_BADINPUT);
    expect_error("env://PATH%00", DAGGER_BADURL);
    expect_error("env://PATH%", DAGGER_BADURL);
    expect_error("env://A:B", DAGGER_BADURL);
}

Test(env, the_longest_name)
{
    static char url[DAGGER_URL_MAX + 1], row[DAGGER_URL_MAX + 2];
    memset(url, 'N', DAGGER_URL_MAX);
    memcpy(url, "env://", 6);
    expect_error(url, DAGGER_NOENT);
    snprintf(row, sizeof row, "%s=v", url + 6);
    static const char *rows[2];
    rows[0] = row;
    host.environment = rows;
    expect_text(url, "v", 1);
}

Test(text, no_memory)
{
    faults.no_memory = true;
    expect_error("args://", DAGGER_NOMEM);
    expect_error("env://PATH", DAGGER_NOMEM);
    expect_error("env://HOME", DAGGER_NOENT);
}
