/* The response head as the guest reads it, and the bytes it is held in. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "streams/error.h"
#include "streams/http_response.h"

static struct http_response response;

/* Feeds the lines of `text` one by one; the first error, or 0. */
static int feed(const char *text)
{
    dagger_http_bytes_release(&response.head);
    memset(&response, 0, sizeof response);
    int error = 0;
    while (*text && !error) {
        size_t len = strcspn(text, "\n") + 1;
        error = dagger_http_response_line(&response, text, len);
        text += len;
    }
    return error;
}

static const struct {
    const char *text, *head;
    int status;
    bool framed;
} rows[] = {
    {"HTTP/1.1 200 OK\r\nA: b\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", 200, false},
    {"HTTP/1.1 200 OK\nA: b\n\n", "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", 200, false},
    {"HTTP/1.1 200\r\n\r\n", "HTTP/1.1 200\r\n\r\n", 200, false},
    {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n",
     200, true},
    {"HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 404 No\r\n\r\nTrailer: x\r\n",
     "HTTP/1.1 404 No\r\n\r\n", 404, false},
    {"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nA: b\r\n\r\n",
     "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", 200, true},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding : gzip,\r\n chunked\r\nA: b\r\n\r\n",
     "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", 200, false},
    {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 2\r\nTransfer-Encoding: chunked\r\n\r\n",
     "HTTP/1.1 200 OK\r\n\r\n", 200, true},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\n",
     "HTTP/1.1 200 OK\r\n\r\n", 200, false},
    {"HTTP/1.1 200 OK\r\nTransfer-Encodings: x\r\nX: a\r\n\tb\r\n\r\n",
     "HTTP/1.1 200 OK\r\nTransfer-Encodings: x\r\nX: a\r\n\tb\r\n\r\n", 200, false},
};

Test(http_response, head)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_eq(feed(rows[i].text), 0, "%s", rows[i].text);
        cr_expect(response.complete, "%s", rows[i].text);
        cr_expect_eq(response.status, rows[i].status, "%s", rows[i].text);
        cr_expect_eq(response.framed, rows[i].framed, "%s", rows[i].text);
        const char *head = response.head.data + response.head.start;
        size_t len = dagger_http_bytes_len(&response.head);
        cr_expect(strlen(rows[i].head) == len && !memcmp(head, rows[i].head, len), "%s gave %.*s",
                  rows[i].text, (int)len, head);
    }
    dagger_http_bytes_release(&response.head);
}

Test(http_response, refused)
{
    const char *texts[] = {"X: y\r\n\r\n",
                           "\r\n",
                           "HTTP/1.1\r\n\r\n",
                           "HTTP/1.1 2x0 OK\r\n\r\n",
                           "HTTP/1.1 20\r\n\r\n",
                           "HTTP/1.1 099 OK\r\n\r\n",
                           "HTTP/1.1 101 Switching Protocols\r\n\r\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        cr_expect_eq(feed(texts[i]), DAGGER_IO, "%s", texts[i]);
        cr_expect(!response.complete, "%s", texts[i]);
    }
}

Test(http_response, limit)
{
    cr_assert_eq(feed("HTTP/1.1 200 OK\r\n"), 0);
    size_t lines = 0;
    int error;
    while (!(error = dagger_http_response_line(&response, "X: 678901234\r\n", 14)))
        lines++;
    cr_expect_eq(error, DAGGER_IO);
    cr_expect_eq(lines, (DAGGER_HTTP_RESPONSE_HEAD_MAX - 17) / 14);
    dagger_http_bytes_release(&response.head);
}

/* Random adds and takes against a plain copy of what went in. */
Test(http_bytes, first_in_first_out)
{
    enum { LIMIT = 5000, STEPS = 20000 };
    struct http_bytes bytes = {0};
    uint64_t in = 0, out = 0;
    unsigned state = 1;
    for (int step = 0; step < STEPS; step++) {
        state = state * 1103515245 + 12345;
        uint8_t block[1024];
        size_t len = (state >> 8) % sizeof block;
        if (state >> 31) {
            for (size_t i = 0; i < len; i++)
                block[i] = (uint8_t)((in + i) * 7);
            int result = dagger_http_bytes_add(&bytes, block, len, LIMIT);
            cr_assert_eq(result, in - out + len > LIMIT ? DAGGER_NOSPACE : 0);
            in += result ? 0 : len;
        } else {
            size_t taken = dagger_http_bytes_take(&bytes, block, len);
            cr_assert_eq(taken, in - out < len ? in - out : len);
            for (size_t i = 0; i < taken; i++)
                cr_assert_eq(block[i], (uint8_t)((out + i) * 7));
            out += taken;
        }
        cr_assert_eq(dagger_http_bytes_len(&bytes), in - out);
        cr_assert_leq(bytes.cap, LIMIT);
    }
    cr_expect_gt(out, LIMIT);
    dagger_http_bytes_release(&bytes);
}
