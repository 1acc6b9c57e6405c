/* What reaches a terminal of text that nobody vouches for. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

struct row {
    const char *in;
    size_t len;
    const char *out;
};

#define ROW(in, out)                                                                               \
    {                                                                                              \
        in, sizeof in - 1, out                                                                     \
    }

Test(text, escapes)
{
    static const struct row rows[] = {
        ROW("", ""),
        ROW("plain", "plain"),
        ROW("\0", "\\x00"),
        ROW("a\nb\tc\r", "a\\x0ab\\x09c\\x0d"),
        ROW("\x1b[31m", "\\x1b[31m"),
        ROW("\x7f", "\\x7f"),
        ROW("\"'`\\", "\\x22\\x27\\x60\\x5c"),
        ROW("gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"),
        ROW("\xe6\x97\xa5\xf0\x9f\x97\xa1", "\xe6\x97\xa5\xf0\x9f\x97\xa1"),
        ROW("\xc2\x9b", "\\u{9b}"),             /* C1: control sequence introducer */
        ROW("\xe2\x80\xae", "\\u{202e}"),       /* right-to-left override */
        ROW("\xe2\x81\xa6", "\\u{2066}"),       /* isolate */
        ROW("\xe2\x80\x8b", "\\u{200b}"),       /* zero width space */
        ROW("\xe2\x80\xa8", "\\u{2028}"),       /* line separator */
        ROW("\xef\xbb\xbf", "\\u{feff}"),       /* byte order mark */
        ROW("\xf3\xa0\x81\x81", "\\u{e0041}"),  /* tag */
        ROW("\xef\xbf\xbe", "\\u{fffe}"),       /* not a character */
        ROW("\xff", "\\xff"),                   /* never in UTF-8 */
        ROW("\xc0\x80", "\\xc0\\x80"),          /* over-long */
        ROW("\xed\xa0\x80", "\\xed\\xa0\\x80"), /* surrogate */
        ROW("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"),
        ROW("\xe2\x80", "\\xe2\\x80"), /* cut off */
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[128];

        cr_expect_eq(text_escape(out, sizeof out, rows[i].in, rows[i].len), out);
        cr_expect_str_eq(out, rows[i].out, "row %zu", i);
    }
}

Test(text, long_text_is_cut)
{
    char in[1000], out[32];

    memset(in, 'x', sizeof in);
    text_escape(out, sizeof out, in, sizeof in);
    cr_expect_str_eq(out, "xxxxxxxxxxxxxxxxxxxxxxxxxxxx...");
}

Test(text, an_escape_is_never_cut_in_two)
{
    char out[16];

    for (size_t cap = 1; cap <= sizeof out; cap++) {
        text_escape(out, cap, "\x01\x02\x03\x04\x05", 5);
        size_t len = strlen(out), dots = len >= 3 && strcmp(out + len - 3, "...") == 0 ? 3 : 0;

        cr_expect_lt(len, cap);
        if (cap >= 4)
            cr_expect_eq((len - dots) % 4, 0, "%s", out);
    }
}

Test(text, no_room_at_all)
{
    char out[2] = "q";

    text_escape(out, 0, "abc", 3);
    cr_expect_str_eq(out, "q");
    text_escape(out, 1, "abc", 3);
    cr_expect_str_eq(out, "");
}

Test(text, utf8)
{
    cr_expect(text_is_utf8((const uint8_t *)"", 0));
    cr_expect(text_is_utf8((const uint8_t *)"\0\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf", 12));
    cr_expect(text_is_utf8((const uint8_t *)"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8));
    cr_expect_not(text_is_utf8((const uint8_t *)"a\x80", 2));
}

Test(diag, prefixes)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    diag_output(out);
    diag_setup("daggercc", "evil\n.wasm");
    diag_at(0x1a2, "text of %d", 7);
    diag_error("no such thing as %s", "this");
    errno = ENOSPC;
    diag_error("can't write:");
    cr_expect_eq(errno, ENOSPC);
    diag_note("do that");
    diag_output(NULL);
    fclose(out);
    cr_expect_str_eq(text, "daggercc: evil\\x0a.wasm: offset 0x1a2: text of 7\n"
                           "daggercc: error: no such thing as this\n"
                           "daggercc: error: can't write: No space left on device\n"
                           "daggercc: note: do that\n");
    free(text);
}
