/* Text of unknown origin: UTF-8 and what may be printed of it. See diag.h. */
#include "diag.h"

#include <limits.h>
#include <string.h>

size_t text_utf8(const uint8_t *at, const uint8_t *end, uint32_t *character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800,
                                     0x10000}; /* by length: no over-long forms */
    size_t len;
    uint32_t c;

    if (at >= end)
        return 0;
    c = *at;
    if (c < 0x80) {
        *character = c;
        return 1;
    }
    if (c < 0xc2 || c > 0xf4)
        return 0;
    len = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if ((size_t)(end - at) < len)
        return 0;
    c &= 0x7fu >> len;
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (at[i] & 0x3f);
    }
    if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *character = c;
    return len;
}

bool text_is_utf8(const uint8_t *bytes, size_t len)
{
    const uint8_t *end = bytes + len;
    uint32_t character;

    while (bytes < end) {
        size_t n = text_utf8(bytes, end, &character);

        if (n == 0)
            return false;
        bytes += n;
    }
    return true;
}

/* What must not reach a terminal or a log as it is, beyond ASCII's control characters: C1 controls,
 * soft hyphen, bidi marks and overrides, zero-width and invisible characters, line and paragraph
 * separators, interlinear annotations, tags, private use and non-characters. */
static bool text_is_hidden(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        {0x80, 0x9f},     {0xad, 0xad},     {0x34f, 0x34f},      {0x61c, 0x61c},   {0x115f, 0x1160},
        {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x200b, 0x200f},    {0x2028, 0x202e}, {0x2060, 0x206f},
        {0x3164, 0x3164}, {0xe000, 0xf8ff}, {0xfdd0, 0xfdef},    {0xfe00, 0xfe0f}, {0xfeff, 0xfeff},
        {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0xe0000, 0x10ffff},
    };

    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (c >= hidden[i].first && c <= hidden[i].last)
            return true;
    return (c & 0xfffe) == 0xfffe;
}

char *text_escape(char *out, size_t cap, const void *bytes, size_t len)
{
    const uint8_t *at = bytes, *end = at + len;
    size_t used = 0;

    if (cap == 0)
        return out;
    while (at < end) {
        char piece[16];
        uint32_t c = 0;
        size_t n = text_utf8(at, end, &c);
        int size;

        if (n == 0 || c < 0x20 || c == 0x7f || c == '"' || c == '\'' || c == '\\' || c == '`')
            size = snprintf(piece, sizeof piece, "\\x%02x", *at);
        else if (text_is_hidden(c))
            size = snprintf(piece, sizeof piece, "\\u{%x}", (unsigned)c);
        else
            size = snprintf(piece, sizeof piece, "%.*s", (int)n, (const char *)at);
        if (used + (size_t)size + 4 > cap) {
            for (int dots = 0; dots < 3 && used + 1 < cap; dots++)
                out[used++] = '.';
            break;
        }
        memcpy(out + used, piece, (size_t)size);
        used += (size_t)size;
        at += n ? n : 1;
    }
    out[used] = '\0';
    return out;
}

const char *text_shown(const char *text)
{
    static char buffer[PATH_MAX];

    return text_escape(buffer, sizeof buffer, text, strlen(text));
}

enum { LINES_SHOWN = 30, LINE_LENGTH = 500 };

static void print_line(FILE *out, const char *line, size_t len)
{
    if (len > LINE_LENGTH)
        len = LINE_LENGTH;
    for (size_t i = 0; i < len;) {
        char shown[LINE_LENGTH * 8];
        size_t plain = 0;
        while (i + plain < len && memchr("'\"\\", line[i + plain], 3) == NULL)
            plain++;
        fputs(text_escape(shown, sizeof shown, line + i, plain), out);
        i += plain;
        if (i < len)
            fputc(line[i++], out);
    }
}

size_t text_print_lines(FILE *out, const char *name, const char *text, size_t len)
{
    const char *at = text, *end = text + len;
    for (int lines = 0; at < end && lines < LINES_SHOWN; lines++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline != NULL ? newline : end;
        fprintf(out, "  %s: ", name);
        print_line(out, at, (size_t)(stop - at));
        fputc('\n', out);
        at = newline != NULL ? newline + 1 : end;
    }
    return (size_t)(end - at);
}
