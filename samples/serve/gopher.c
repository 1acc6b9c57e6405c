/* A Gopher site (RFC 1436): a menu, a text, and a search that greets. Started by inetd it reads a
 * line that says what is wanted; as a CGI program of a Gopher server (REQUEST is set) it is told by
 * variables. Its arguments are host and port for the menu's lines. */
#include "answer.h"
#include "variable.h"

static char selector[1024], search[1024], host[256] = "localhost", port[8] = "70";

static int is(const char *text, const char *word)
{
    return begins(text, word) && text[dagger_length(word)] == '\0';
}

/* "SELECTOR [TAB SEARCH]": without its end. Returns 0, or an error if there is none. */
static int read_request(void)
{
    int in = dagger_open_url("stdin://");
    int len = in < 0 ? in : dagger_read_line(in, selector, sizeof selector);
    if (len < 0)
        return len;
    if (len > 0 && selector[len - 1] == '\r')
        selector[len - 1] = '\0';
    char *tab = selector;
    while (*tab && *tab != '\t')
        tab++;
    unsigned i = 0;
    for (const char *from = *tab ? tab + 1 : tab; *from && *from != '\t'; from++)
        search[i++] = *from;
    *tab = '\0';
    return 0;
}

/* What is not there has a default. */
static int failed(int result)
{
    return result < 0 && result != DAGGER_NOENT;
}

static void item(int out, const char *kind_and_name, const char *target)
{
    const char *const parts[] = {kind_and_name, "\t", target, "\t", host, "\t", port, "\r\n"};
    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++)
        dagger_puts(out, parts[i]);
}

/* The search as the query of a form. */
static void greet(int out)
{
    static char query[sizeof search + 5] = "name=";
    static struct page page;
    unsigned len = 5;
    for (const char *from = search; *from; from++)
        query[len++] = *from == '&' ? '+' : *from;
    answer_greeting(&page, query, len);
    dagger_write_all(out, page.text, page.len);
}

int dagger_main(void)
{
    int out = dagger_open_url("stdout://");
    if (out < 0)
        return 1;
    int request = variable("env://REQUEST", selector, sizeof selector);
    int is_cgi = request >= 0;
    if (failed(variable("args://1", host, sizeof host)) ||
        failed(variable("args://2", port, sizeof port)) || failed(request) ||
        (is_cgi && failed(variable("env://SEARCHREQUEST", search, sizeof search))))
        return 1;
    if (!is_cgi && read_request() < 0)
        return 1;

    if (is(selector, "") || is(selector, "/")) {
        item(out, "iA site that is a guest of Dagger", "fake");
        item(out, "0About", "/about");
        item(out, "7Greet somebody", "/greet");
    } else if (is(selector, "/about")) {
        dagger_puts(out, "Written in C, compiled to WebAssembly, compiled to this.\r\n");
    } else if (is(selector, "/greet") || is_cgi) {
        greet(out);
    } else {
        item(out, "3There is no such thing here", "fake");
    }
    if (!is_cgi)
        dagger_puts(out, ".\r\n");
    return dagger_close(out) < 0;
}
