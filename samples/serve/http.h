/* As much of HTTP/1.1 as a server needs that answers one request and closes the connection. */
#ifndef SAMPLES_SERVE_HTTP_H
#define SAMPLES_SERVE_HTTP_H

#include "answer.h"

enum { LINE_MAX = 8192, FIELDS_MAX = 100 };

/* A line without its end, CRLF or LF: its length or an error, DAGGER_NOENT at the end. */
static inline int http_line(int sd, char line[LINE_MAX])
{
    int len = dagger_read_line(sd, line, LINE_MAX);
    if (len > 0 && line[len - 1] == '\r')
        line[--len] = '\0';
    return len;
}

static inline char http_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The value of the field if the line is that field, else NULL. `name` is in lower case. */
static inline const char *http_field(const char *line, const char *name)
{
    while (*name && http_lower(*line) == *name)
        line++, name++;
    if (*name || *line != ':')
        return 0;
    for (line++; *line == ' ' || *line == '\t'; line++)
        continue;
    return line;
}

/* Reads the fields up to the empty line. The body's length, or -1 if there is a field that makes
 * it doubtful, too many fields or no end. */
static inline long long http_fields(int sd)
{
    static char line[LINE_MAX];
    long long length = 0;
    int seen = 0;
    for (int i = 0; i < FIELDS_MAX; i++) {
        int len = http_line(sd, line);
        if (len < 0)
            return -1;
        if (len == 0)
            return length;
        const char *value = http_field(line, "content-length");
        if (value) {
            length = seen++ ? -1 : read_length(value, dagger_length(value));
            if (length < 0)
                return -1;
        }
        if (http_field(line, "transfer-encoding") || line[0] == ' ' || line[0] == '\t')
            return -1;
    }
    return -1;
}

/* "GET /path?query HTTP/1.x": the query, or NULL if the line is none with this method. */
static inline const char *http_query(const char *line, const char *method)
{
    unsigned len = dagger_length(method);
    if (!begins(line, method) || line[len] != ' ' || line[len + 1] != '/')
        return 0;
    for (line += len + 1; *line && *line != ' ' && *line != '?'; line++)
        continue;
    return *line == '?' ? line + 1 : line;
}

static inline unsigned http_query_length(const char *query)
{
    unsigned len = 0;
    while (query[len] && query[len] != ' ')
        len++;
    return len;
}

static inline const char *http_reason(int status)
{
    return status == 200 ? "OK" : status == 405 ? "Method Not Allowed" : "Bad Request";
}

static inline void http_answer(struct page *page, int in, const char *line)
{
    const char *get = http_query(line, "GET"), *post = http_query(line, "POST");
    long long length = http_fields(in);
    if (length < 0)
        answer_error(page, 400, "no request");
    else if (get)
        answer_greeting(page, get, http_query_length(get));
    else if (!post)
        answer_error(page, 405, "GET or POST");
    else if (answer_count(page, in, (unsigned long long)length) < 0)
        answer_error(page, 400, "it ends too early");
}

/* Reads a request from `in`, answers it on `out`. Returns 0, or an error if nobody asked or
 * nobody listens. */
static inline int http_serve(int in, int out)
{
    static char line[LINE_MAX];
    static struct page page;
    int error = http_line(in, line);
    if (error < 0 && error != DAGGER_NOSPACE)
        return error;
    page.len = 0;
    if (error < 0)
        answer_error(&page, 400, "a request line that long");
    else
        http_answer(&page, in, line);
    dagger_puts(out, "HTTP/1.1 ");
    dagger_put_int(out, page.status);
    dagger_puts(out, " ");
    dagger_puts(out, http_reason(page.status));
    dagger_puts(out, "\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
                     "Content-Length: ");
    dagger_put_int(out, page.len);
    dagger_puts(out, page.status == 405 ? "\r\nAllow: GET, POST\r\n\r\n" : "\r\n\r\n");
    dagger_write_all(out, page.text, page.len);
    return dagger_flush(out);
}

#endif
