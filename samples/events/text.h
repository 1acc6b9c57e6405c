/* Texts that are put together piece by piece: URLs, heads of requests, records of the log. */
#ifndef TEXT_H
#define TEXT_H

#include <dagger.h>

enum { TEXT_CAP = 4096 };

/* Empty when zeroed. What does not fit is left out, which `cut` says. */
struct text {
    unsigned len;
    int cut;
    char bytes[TEXT_CAP];
};

static void put_bytes(struct text *text, const char *bytes, unsigned len)
{
    for (unsigned i = 0; i < len; i++) {
        if (text->len == TEXT_CAP)
            text->cut = 1;
        else
            text->bytes[text->len++] = bytes[i];
    }
}

static void put(struct text *text, const char *more)
{
    put_bytes(text, more, dagger_length(more));
}

/* A number of at least `width` (at most 20) digits. */
static void put_number(struct text *text, unsigned long long value, unsigned width)
{
    char digits[20];
    unsigned at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0 || sizeof digits - at < width);
    put_bytes(text, digits + at, sizeof digits - at);
}

/* Makes it a record on log://, which escapes what is not printable. */
static void say(const struct text *text)
{
    static int log = DAGGER_BADSD;
    if (log < 0)
        log = dagger_open_url("log://?prefix=events");
    dagger_write(log, text->bytes, text->len);
}

#endif
