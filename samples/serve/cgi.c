/* A CGI program (RFC 3875): the web server starts it for each request, says in variables what is
 * asked, and sends on what it prints. Compile it with the variables it may see:
 *
 *     daggercc --env=REQUEST_METHOD --env=QUERY_STRING --env=CONTENT_LENGTH --allow=env:// cgi.wasm
 */
#include "answer.h"
#include "variable.h"

static int is(const char *text, int len, const char *word)
{
    return len == (int)dagger_length(word) && begins(text, word);
}

static void count(struct page *page)
{
    char text[32];
    int len = variable("env://CONTENT_LENGTH", text, sizeof text);
    long long length = len < 0 ? -1 : read_length(text, (unsigned)len);
    int in = dagger_open_url("stdin://");
    if (in < 0 || (len < 0 && len != DAGGER_NOENT && len != DAGGER_NOSPACE))
        answer_error(page, 500, "not now");
    else if (length < 0)
        answer_error(page, 411, "how long is it?");
    else if (answer_count(page, in, (unsigned long long)length) < 0)
        answer_error(page, 400, "it ends too early");
}

static void answer(struct page *page)
{
    static char query[8192];
    char method[16];
    int len = variable("env://REQUEST_METHOD", method, sizeof method);
    if (is(method, len, "POST")) {
        count(page);
    } else if (is(method, len, "GET") || is(method, len, "HEAD")) {
        int query_len = variable("env://QUERY_STRING", query, sizeof query);
        if (query_len < 0 && query_len != DAGGER_NOENT)
            answer_error(page, 500, "no query");
        else
            answer_greeting(page, query, query_len < 0 ? 0 : (unsigned)query_len);
    } else if (len < 0) {
        answer_error(page, 500, "no method");
    } else {
        answer_error(page, 405, "GET, HEAD or POST");
    }
}

int dagger_main(void)
{
    static struct page page;
    int out = dagger_open_url("stdout://");
    if (out < 0)
        return 1;
    answer(&page);
    dagger_puts(out, "Status: ");
    dagger_put_int(out, page.status);
    dagger_puts(out, "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ");
    dagger_put_int(out, page.len);
    dagger_puts(out, page.status == 405 ? "\r\nAllow: GET, HEAD, POST\r\n\r\n" : "\r\n\r\n");
    dagger_write_all(out, page.text, page.len);
    return dagger_close(out) < 0;
}
