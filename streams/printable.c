#include "printable.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Characters that do something to a terminal, or to a reader's idea of the text, other than showing
 * a glyph. Ascending. */
static const struct range {
    uint32_t first, last;
} hidden[] = {
    {0x80, 0x9f},       /* C1 controls: U+009B is a terminal's CSI */
    {0xad, 0xad},       /* soft hyphen */
    {0x61c, 0x61c},     /* bidirectional: Arabic letter mark */
    {0x200b, 0x200b},   /* zero width space */
    {0x200e, 0x200f},   /* bidirectional marks */
    {0x2028, 0x202e},   /* line and paragraph separator, bidirectional embeddings */
    {0x2060, 0x206f},   /* invisible operators, bidirectional isolates, deprecated controls */
    {0xfeff, 0xfeff},   /* byte order mark */
    {0xfff9, 0xfffb},   /* interlinear annotation */
    {0xe0000, 0xe007f}, /* tags */
};

static bool is_hidden(uint32_t c)
{
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        if (c >= hidden[i].first && c <= hidden[i].last)
            return true;
    return false;
}

/* Bytes of the UTF-8 sequence at `text`, its character in *c; 0 if it is none. Unicode, table 3-7:
 * the shortest form only, no surrogates, nothing over U+10FFFF. */
static size_t decode(const uint8_t *text, size_t len, uint32_t *c)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t need = text[0] < 0x80             ? 1
                  : (text[0] & 0xe0) == 0xc0 ? 2
                  : (text[0] & 0xf0) == 0xe0 ? 3
                  : (text[0] & 0xf8) == 0xf0 ? 4
                                             : 0;
    if (!need || need > len)
        return 0;
    uint32_t value = need == 1 ? text[0] : text[0] & (0xffu >> (need + 1));
    for (size_t i = 1; i < need; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (text[i] & 0x3f);
    }
    if (value < least[need] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *c = value;
    return need;
}

size_t dagger_printable_step(const uint8_t *text, size_t len, char out[DAGGER_PRINTABLE_MAX],
                             size_t *written)
{
    static const char plain[] = "\\\t\n\r", letters[] = "\\tnr";
    char escape[DAGGER_PRINTABLE_MAX + 1];
    uint32_t c;
    size_t taken = decode(text, len, &c);
    const char *known = taken == 1 && c ? strchr(plain, (int)c) : NULL;
    if (known) {
        out[0] = '\\';
        out[1] = letters[known - plain];
        *written = 2;
    } else if (!taken || c < 0x20 || c == 0x7f) {
        *written = (size_t)snprintf(escape, sizeof escape, "\\x%02x", text[0]);
        memcpy(out, escape, *written);
        taken = 1;
    } else if (is_hidden(c)) {
        *written = (size_t)snprintf(escape, sizeof escape, "\\u{%04x}", (unsigned)c);
        memcpy(out, escape, *written);
    } else {
        memcpy(out, text, taken);
        *written = taken;
    }
    return taken;
}
