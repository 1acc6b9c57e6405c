/* What the handlers in this folder answer, whatever they are asked by: a greeting for a GET, the
 * lines, words and bytes of what is posted. Plain text, at most PAGE_MAX bytes. */
#ifndef SAMPLES_SERVE_ANSWER_H
#define SAMPLES_SERVE_ANSWER_H

#include <dagger.h>

enum { PAGE_MAX = 1024, NAME_MAX = 64 };

struct page {
    int status; /* of HTTP */
    unsigned len;
    char text[PAGE_MAX];
};

static inline void page_add(struct page *page, const char *text, unsigned len)
{
    for (unsigned i = 0; i < len && page->len < PAGE_MAX; i++)
        page->text[page->len++] = text[i];
}

static inline void page_text(struct page *page, const char *text)
{
    page_add(page, text, dagger_length(text));
}

static inline void page_number(struct page *page, unsigned long long value)
{
    char digits[20];
    unsigned at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    page_add(page, digits + at, sizeof digits - at);
}

static inline int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static inline int begins(const char *text, const char *with)
{
    unsigned len = dagger_length(with);
    for (unsigned i = 0; i < len; i++)
        if (text[i] != with[i])
            return 0;
    return 1;
}

/* The value of "name=" in a query, decoded; control characters become '?'. */
static inline unsigned find_name(const char *query, unsigned len, char name[NAME_MAX])
{
    unsigned at = 0, found = 0;
    while (at + 5 <= len && !begins(query + at, "name="))
        while (at < len && query[at++] != '&')
            continue;
    for (at += 5; at < len && query[at] != '&' && found < NAME_MAX; at++) {
        char c = query[at] == '+' ? ' ' : query[at];
        if (c == '%' && at + 2 < len && hex_digit(query[at + 1]) >= 0 &&
            hex_digit(query[at + 2]) >= 0) {
            c = (char)(hex_digit(query[at + 1]) << 4 | hex_digit(query[at + 2]));
            at += 2;
        }
        name[found++] = c >= 0 && c < ' ' ? '?' : c;
    }
    return found;
}

static inline void answer_greeting(struct page *page, const char *query, unsigned len)
{
    char name[NAME_MAX];
    unsigned found = find_name(query, len, name);
    page->status = 200;
    page_text(page, "hello, ");
    page_add(page, found ? name : "world", found ? found : 5);
    page_text(page, "\n");
}

/* Reads `length` bytes of `sd`. Returns 0, or an error if they do not come. */
static inline int answer_count(struct page *page, int sd, unsigned long long length)
{
    static char block[65536];
    unsigned long long bytes = 0, words = 0, lines = 0;
    int inside = 0;
    while (bytes < length) {
        unsigned long long left = length - bytes;
        int n = dagger_read(sd, block, left < sizeof block ? (unsigned)left : sizeof block);
        if (n <= 0)
            return n ? n : DAGGER_IO;
        for (int i = 0; i < n; i++) {
            int blank = block[i] == ' ' || (block[i] >= '\t' && block[i] <= '\r');
            words += !blank && !inside;
            inside = !blank;
            lines += block[i] == '\n';
        }
        bytes += (unsigned)n;
    }
    page->status = 200;
    page_text(page, "lines ");
    page_number(page, lines);
    page_text(page, " words ");
    page_number(page, words);
    page_text(page, " bytes ");
    page_number(page, bytes);
    page_text(page, "\n");
    return 0;
}

static inline void answer_error(struct page *page, int status, const char *text)
{
    page->status = status;
    page->len = 0;
    page_text(page, text);
    page_text(page, "\n");
}

/* Decimal digits and nothing else, up to 10^15; -1: no length. */
static inline long long read_length(const char *text, unsigned len)
{
    long long value = 0;
    for (unsigned i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || i == 15)
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return len ? value : -1;
}

#endif
