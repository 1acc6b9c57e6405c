/* A function that a server has inside (host.c): it imports nothing, so the only thing it can do is
 * to answer. The program puts a request of HTTP at request(), and finds the answer at answer(). */
#include "answer.h"

#define EXPORT(name) __attribute__((export_name(#name)))

enum { REQUEST_MAX = 8192 };

static char request_text[REQUEST_MAX], answer_text[PAGE_MAX + 256];
static unsigned answer_len;

EXPORT(request) char *request(void)
{
    return request_text;
}

EXPORT(request_max) unsigned request_max(void)
{
    return REQUEST_MAX;
}

EXPORT(answer) char *answer(void)
{
    return answer_text;
}

static void put(const char *text, unsigned len)
{
    for (unsigned i = 0; i < len && answer_len < sizeof answer_text; i++)
        answer_text[answer_len++] = text[i];
}

static void put_text(const char *text)
{
    put(text, dagger_length(text));
}

/* The target's query, in a request line that begins with `method` and a blank. */
static const char *find_query(unsigned len, unsigned *query_len)
{
    unsigned at = 4, end;
    while (at < len && request_text[at] != '?' && request_text[at] > ' ')
        at++;
    at += at < len && request_text[at] == '?';
    for (end = at; end < len && request_text[end] > ' ';)
        end++;
    *query_len = end - at;
    return request_text + at;
}

/* Answers the request of `len` bytes: the length of the answer. */
EXPORT(handle) unsigned handle(unsigned len)
{
    struct page page = {0};
    unsigned query_len;
    if (len >= 5 && begins(request_text, "GET /")) {
        const char *query = find_query(len, &query_len);
        answer_greeting(&page, query, query_len);
    } else {
        answer_error(&page, 405, "GET");
    }
    answer_len = 0;
    put_text(page.status == 200 ? "HTTP/1.1 200 OK\r\n"
                                : "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\n");
    put_text("Connection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ");
    struct page length = {0};
    page_number(&length, page.len);
    put(length.text, length.len);
    put_text("\r\n\r\n");
    put(page.text, page.len);
    return answer_len;
}
