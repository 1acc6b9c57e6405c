/* One request: an event posted, and what is to be made of the answer. */
#ifndef POST_H
#define POST_H

#include "json.h"
#include "text.h"

#ifndef EXCHANGE_MS /* -DEXCHANGE_MS=1000: how long a request and its answer may take */
#define EXCHANGE_MS 120000
#endif

enum { READS_OF_REST = 16 };

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
    unsigned at = 0, slashes = 0; /* to what follows the host: "/path?query", "?query" or nothing */
    while (at < url->len && url->bytes[at] != '?' && (slashes += url->bytes[at] == '/') < 3)
        at++;
    put(head, slashes == 3 ? "POST " : "POST /");
    put_bytes(head, url->bytes + at, url->len - at);
    put(head, " HTTP/1.1\r\nContent-Type: application/json\r\nIdempotency-Key: ");
    put_bytes(head, id.at, id.len);
    put(head, "\r\nContent-Length: ");
    put_number(head, len, 1);
    put(head, "\r\n\r\n");
}

/* A peer that sends a byte now and then is never idle, so the whole has a limit. Without it where
 * the policy does not allow control://. */
static void limit_time(int web)
{
    static int control = DAGGER_BADSD;
    char answer[64];
    struct text command = {0};
    if (control < 0)
        control = dagger_open_url("control://");
    if (control < 0)
        return;
    put(&command, "deadline ");
    put_number(&command, (unsigned)web, 1);
    put(&command, " ");
    put_number(&command, EXCHANGE_MS, 1);
    put(&command, "\n");
    dagger_write_all(control, command.bytes, command.len);
    dagger_read(control, answer, sizeof answer);
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
    if (web >= 0)
        limit_time(web);
    *result = web < 0 ? web : head.cut ? DAGGER_BADURL : exchange(web, &head, body, len);
    /* What the answer says besides is read, not for ever, so that the connection can be used again.
     */
    for (int n = 1, reads = 0; *result > 0 && n > 0 && reads < READS_OF_REST; reads++)
        n = dagger_read(web, rest, sizeof rest);
    if (web >= 0)
        dagger_close(web);
    return *result < 0 ? outcome_of_error(*result) : outcome_of_status(*result);
}

#endif
