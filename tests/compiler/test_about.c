/* The text that is made of what an executable tells. */
#include <criterion/criterion.h>
#include <dagger/about.h>
#include <string.h>

struct row {
    const char *json, *text;
};

static const struct row rows[] = {
    {"", ""},
    {"{\n}\n", ""},
    {"{\n\"a\": \"b\"\n}\n", "a: b\n"},
    {"{\n\"a\": 1,\n\"b\": []\n}\n", "a: 1\nb:\n"},
    {"{\n\"a\": [\n  \"x\",\n  \"y\"\n],\n\"b\": 2\n}\n", "a:\n  x\n  y\nb: 2\n"},
    {"{\n\"a\": \"{[,]} \\\" \\\\\"\n}\n", "a: {[,]} \\\" \\\\\n"},
    {"{\n\"a\": \"\\u001b\\u000ab\"\n}\n", "a: \\u001b\\u000ab\n"},
    {"\"\\", "\\"},
};

Test(about, text)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[100];
        size_t len = dagger_about_text(rows[i].json, text);
        cr_assert_leq(len, strlen(rows[i].json));
        text[len] = '\0';
        cr_expect_str_eq(text, rows[i].text);
    }
}
