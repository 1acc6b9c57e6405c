#include "rt/report.h"

#include <criterion/criterion.h>
#include <string.h>

#include "death.h"
#include "rt/runtime.h"

struct escape_row {
    const char *in, *out;
};

static const struct escape_row escape_rows[] = {
    {"plain text, 'quoted'", "plain text, 'quoted'"},
    {"a\nb\r\t\x1b[31m", "a\\nb\\r\\t\\x1b[31m"},
    {"back\\slash", "back\\\\slash"},
    {"\x7f", "\\x7f"},
    {"gr\xc3\xbc\xc3\x9f \xe6\x97\xa5 \xf0\x9f\x98\x80",
     "gr\xc3\xbc\xc3\x9f \xe6\x97\xa5 \xf0\x9f\x98\x80"},
    {"\xc2\x9b", "\\u{009b}"},     /* a control character of 8 bits */
    {"\xe2\x80\xae", "\\u{202e}"}, /* right-to-left override */
    {"\xe2\x81\xa6", "\\u{2066}"}, /* isolate */
    {"\xe2\x80\xa8", "\\u{2028}"}, /* line separator */
    {"\xc0\xaf", "\\xc0\\xaf"},    /* overlong */
    {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},
    {"\xed\xa0\x80", "\\xed\\xa0\\x80"},          /* surrogate */
    {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* beyond Unicode */
    {"\xff\xfe", "\\xff\\xfe"},
    {"cut \xe6\x97", "cut \\xe6\\x97"},
};

Test(report, text_from_outside_is_escaped)
{
    for (size_t i = 0; i < sizeof(escape_rows) / sizeof(escape_rows[0]); i++) {
        struct dagger_report report = {0};
        dagger_report_escaped(&report, escape_rows[i].in, strlen(escape_rows[i].in));
        cr_expect_eq(report.len, strlen(escape_rows[i].out), "row %zu: %.*s", i, (int)report.len,
                     report.text);
        cr_expect_arr_eq(report.text, escape_rows[i].out, strlen(escape_rows[i].out));
    }
}

Test(report, numbers)
{
    struct dagger_report report = {0};
    dagger_report_number(&report, 0);
    dagger_report_text(&report, " ");
    dagger_report_number(&report, UINT64_MAX);
    cr_assert_eq(report.len, 22);
    cr_assert_arr_eq(report.text, "0 18446744073709551615", 22);
}

static void say_hello(void)
{
    struct dagger_report report;
    dagger_report_begin(&report);
    dagger_report_text(&report, "hello\n");
    dagger_report_end(&report);
}

static void check_name(const char *program, const char *expected)
{
    dagger_runtime.program = program;
    struct death death = death_of(say_hello);
    cr_expect_str_eq(death.text, expected);
}

Test(report, begins_with_the_programs_name)
{
    check_name("app", "app: hello\n");
    check_name("./app", "app: hello\n");
    check_name("/usr/bin/my app", "my app: hello\n");
    check_name("/bin/a\nb", "a\\nb: hello\n");
    check_name("", "dagger: hello\n");
    check_name("/bin/", "dagger: hello\n");
    check_name(NULL, "dagger: hello\n");
}

static void say_much(void)
{
    struct dagger_report report;
    dagger_report_begin(&report);
    for (int i = 0; i < 300; i++)
        dagger_report_text(&report, "0123456789");
    dagger_report_end(&report);
}

Test(report, longer_than_its_buffer_is_written_whole)
{
    dagger_runtime.program = "a";
    struct death death = death_of(say_much);
    cr_assert_eq(strlen(death.text), 3003);
    cr_assert_str_eq(death.text + 2993, "0123456789");
}
