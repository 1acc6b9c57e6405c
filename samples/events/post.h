/* One request: an event posted, and what is to be made of the answer. */
#ifndef POST_H
#define POST_H

#include "json.h"
#include "text.h"

enum { MOST_OF_ANSWER = 65536 };

enum outcome { POSTED, REFUSED, AGAIN, HOPELESS };

/* What is worth another try: the network and the server may come back. */
static enum outcome outcome_of_error(int error)
{
    switch (error) {
    case DAGGER_CONNECT:
    case DAGGER_TIMEOUT:
    case DAGGER_IO:
    case DAGGER_PIPE:
        return AGAIN;
    default:
        return HOPELESS;
    }
}

static enum outcome outcome_of_status(int status)
{
    if (status >= 200 && status < 300)
        return POSTED;
    if (status >= 400 && status < 500 && status != 408 && status != 429)
        return REFUSED;
    return AGAIN;
}

/* The request's head. The host is the URL's; the runtime adds it. */
static void put_head(struct text *head, const struct text *url, struct json_part id, unsigned len)
{
    unsigned at = 0, slashes = 0;
    while (at < url->len && slashes < 3)
        slashes += url->bytes[at++] == '/';
    put(head, "POST /");
    put_bytes(head, url->bytes + at, url->len - at);
    put(head, " HTTP/1.1\r\nContent-Type: application/json\r\nIdempotency-Key: ");
    put_bytes(head, id.at, id.len);
    put(head, "\r\nContent-Length: ");
    put_number(head, len, 1);
    put(head, "\r\n\r\n");
}

/* Posts the body and reads the answer. Returns the status, or an error. */
static int exchange(int web, const struct text *head, const char *body, unsigned len)
{
    char line[12]; /* "HTTP/1.1 204" */
    int error = dagger_write_all(web, head->bytes, head->len);
    if (error == 0)
        error = dagger_write_all(web, body, len);
    if (error < 0 && error != DAGGER_PIPE) /* PIPE: it has answered already */
        return error;
    int n = dagger_read_all(web, line, sizeof line);
    if (n < 0)
        return n;
    int status = 0;
    for (unsigned i = 9; i < sizeof line; i++) {
        if (n < (int)sizeof line || line[i] < '0' || line[i] > '9')
            return DAGGER_IO;
        status = status * 10 + (line[i] - '0');
    }
    return status;
}

/* One attempt; *result is the status or the error. */
static enum outcome post(const struct text *url, struct json_part id, const char *body,
                         unsigned len, int *result)
{
    static char rest[4096];
    struct text head = {0};
    put_head(&head, url, id, len);
    int web = dagger_open(url->bytes, url->len);
    *result = web < 0 ? web : head.cut ? DAGGER_BADURL : exchange(web, &head, body, len);
    /* What the answer says besides is read, not for ever, so that the connection can be used again.
     */
    for (int n = 1, all = 0; *result > 0 && n > 0 && all < MOST_OF_ANSWER; all += n)
        n = dagger_read(web, rest, sizeof rest);
    if (web >= 0)
        dagger_close(web);
    return *result < 0 ? outcome_of_error(*result) : outcome_of_status(*result);
}

#endif
