/* What of a guest's text reaches a terminal: rows, then every byte and every character there is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "streams/printable.h"

/* The whole text as it may be shown. Each step reads no further than it may. */
static const char *shown(const char *text, size_t len)
{
    static char out[4096];
    size_t out_len = 0;
    for (size_t at = 0; at < len;) {
        char step[DAGGER_PRINTABLE_MAX];
        size_t written = 0;
        uint8_t *exact = malloc(len - at);
        memcpy(exact, text + at, len - at);
        size_t taken = dagger_printable_step(exact, len - at, step, &written);
        free(exact);
        cr_assert(taken >= 1 && taken <= 4 && taken <= len - at, "%zu taken", taken);
        cr_assert(written >= 1 && written <= DAGGER_PRINTABLE_MAX, "%zu written", written);
        cr_assert_lt(out_len + written, sizeof out);
        memcpy(out + out_len, step, written);
        out_len += written;
        at += taken;
    }
    out[out_len] = '\0';
    return out;
}

#define ROW(in, out)                                                                               \
    {                                                                                              \
        (in), sizeof(in) - 1, (out)                                                                \
    }

Test(printable, rows)
{
    static const struct {
        const char *in;
        size_t len;
        const char *out;
    } rows[] = {
        /* terminals */
        ROW("\x1b[2J", "\\x1b[2J"),
        ROW("\x1b]0;title\a", "\\x1b]0;title\\x07"),
        ROW("\b\b\b", "\\x08\\x08\\x08"),
        ROW("a\0b", "a\\x00b"),
        ROW("\r", "\\r"),
        ROW("\n", "\\n"),
        ROW("\t", "\\t"),
        ROW("\v\f", "\\x0b\\x0c"),
        ROW("\x7f", "\\x7f"),
        ROW("\x9b"
            "2J",
            "\\x9b2J"),
        ROW("\xc2\x9b"
            "2J",
            "\\u{009b}2J"),
        ROW("\xc2\x85", "\\u{0085}"),
        /* readers */
        ROW("\xe2\x80\xae"
            "fdp.exe",
            "\\u{202e}fdp.exe"),
        ROW("\xe2\x81\xa6", "\\u{2066}"),
        ROW("\xe2\x80\x8f", "\\u{200f}"),
        ROW("\xd8\x9c", "\\u{061c}"),
        ROW("\xe2\x80\xa8", "\\u{2028}"),
        ROW("\xe2\x80\xa9", "\\u{2029}"),
        ROW("\xe2\x80\x8b", "\\u{200b}"),
        ROW("\xef\xbb\xbf", "\\u{feff}"),
        ROW("\xf3\xa0\x81\x81", "\\u{e0041}"),
        /* escapes that are text already */
        ROW("\\x1b", "\\\\x1b"),
        ROW("C:\\new", "C:\\\\new"),
        /* not UTF-8: cut, overlong, surrogates, beyond the end, stray */
        ROW("\xc3", "\\xc3"),
        ROW("\xc3(", "\\xc3("),
        ROW("\xe2\x82", "\\xe2\\x82"),
        ROW("\xf0\x9f\x98", "\\xf0\\x9f\\x98"),
        ROW("\xc0\x80", "\\xc0\\x80"),
        ROW("\xc1\xbf", "\\xc1\\xbf"),
        ROW("\xe0\x80\x9b", "\\xe0\\x80\\x9b"),
        ROW("\xf0\x80\x80\x9b", "\\xf0\\x80\\x80\\x9b"),
        ROW("\xed\xa0\x80", "\\xed\\xa0\\x80"),
        ROW("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"),
        ROW("\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80"),
        ROW("\xff\xfe", "\\xff\\xfe"),
        ROW("\x80", "\\x80"),
        ROW("\xe2\x1b[2J", "\\xe2\\x1b[2J"),
        /* text */
        ROW("hello, world", "hello, world"),
        ROW("gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"),
        ROW("\xe2\x82\xac", "\xe2\x82\xac"),
        ROW("\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"),
        ROW("\xe2\x80\x8d", "\xe2\x80\x8d"),
        ROW("\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd"),
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_str_eq(shown(rows[i].in, rows[i].len), rows[i].out);
}

Test(printable, every_byte)
{
    for (int byte = 0; byte < 256; byte++) {
        char in = (char)byte;
        const char *out = shown(&in, 1);
        for (const char *c = out; *c; c++)
            cr_expect(*c >= 0x20 && *c < 0x7f, "byte 0x%02x shows 0x%02x", byte, *c & 0xff);
        if (byte >= 0x20 && byte < 0x7f && byte != '\\')
            cr_expect_eq(strlen(out), 1);
        else
            cr_expect_gt(strlen(out), 1);
    }
}

static size_t encode(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = len; i-- > 1; c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)((0xf00 >> len & 0xff) | c);
    return len;
}

/* Each character is shown as it is or in ASCII, and those that Unicode calls Cc, Zl, Zp or
 * Bidi_Control (UAX 9) are never shown as they are. */
Test(printable, every_character)
{
    size_t escaped = 0;
    for (uint32_t c = 0x80; c <= 0x10ffff; c++) {
        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        char in[4];
        size_t len = encode(c, in);
        const char *out = shown(in, len);
        bool as_is = strlen(out) == len && memcmp(out, in, len) == 0;
        if (!as_is) {
            escaped++;
            char expected[16];
            snprintf(expected, sizeof expected, "\\u{%04x}", (unsigned)c);
            cr_assert_str_eq(out, expected);
        }
        bool control = c < 0xa0 || c == 0x2028 || c == 0x2029 || c == 0x61c || c == 0x200e ||
                       c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
        if (control)
            cr_assert_not(as_is, "U+%04X", (unsigned)c);
    }
    cr_expect_lt(escaped, 256, "%zu characters are escaped", escaped);
}
