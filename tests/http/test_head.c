/* The parser of request heads, by rows, the hostile ones first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "streams/error.h"
#include "streams/http_head.h"

/* Text with its length, so that rows may hold a NUL. */
#define TEXT(literal) literal, sizeof literal - 1

/* Parses from a block of exactly `len` bytes, so that a sanitizer sees any byte read beyond; the
 * block is the caller's to free. */
static int parse(struct http_head *head, const char *text, size_t len, char **block)
{
    *block = malloc(len ? len : 1);
    memcpy(*block, text, len);
    size_t seen = 0, end = dagger_http_head_end(*block, len, &seen);
    return end == len && len ? dagger_http_head_parse(head, *block, len) : DAGGER_BADINPUT;
}

static const struct {
    const char *why, *text;
    size_t len;
} refused_rows[] = {
    {"nothing", TEXT("")},
    {"an empty line only", TEXT("\r\n")},
    {"empty line first", TEXT("\r\nGET / HTTP/1.1\r\n\r\n")},
    {"no end", TEXT("GET / HTTP/1.1\r\n")},
    {"bytes after the end", TEXT("GET / HTTP/1.1\r\n\r\nX")},
    {"CR alone as line end", TEXT("GET / HTTP/1.1\r\r\n\r\n")},
    {"HTTP/0.9", TEXT("GET /\r\n\r\n")},
    {"HTTP/2", TEXT("GET / HTTP/2\r\n\r\n")},
    {"HTTP/1.2", TEXT("GET / HTTP/1.2\r\n\r\n")},
    {"version in lower case", TEXT("GET / http/1.1\r\n\r\n")},
    {"space after version", TEXT("GET / HTTP/1.1 \r\n\r\n")},
    {"two spaces", TEXT("GET  / HTTP/1.1\r\n\r\n")},
    {"tab for space", TEXT("GET\t/\tHTTP/1.1\r\n\r\n")},
    {"leading space", TEXT(" GET / HTTP/1.1\r\n\r\n")},
    {"no method", TEXT(" / HTTP/1.1\r\n\r\n")},
    {"method with a colon", TEXT("GE:T / HTTP/1.1\r\n\r\n")},
    {"method with NUL", TEXT("GE\0T / HTTP/1.1\r\n\r\n")},
    {"method with a high byte", TEXT("GET\xe9 / HTTP/1.1\r\n\r\n")},
    {"CONNECT", TEXT("CONNECT h:80 HTTP/1.1\r\n\r\n")},
    {"CONNECT in origin-form", TEXT("CONNECT / HTTP/1.1\r\n\r\n")},
    {"connect", TEXT("connect / HTTP/1.1\r\n\r\n")},
    {"absolute-form", TEXT("GET http://h/ HTTP/1.1\r\n\r\n")},
    {"asterisk-form", TEXT("OPTIONS * HTTP/1.1\r\n\r\n")},
    {"no target", TEXT("GET HTTP/1.1\r\n\r\n")},
    {"query only", TEXT("GET ?x HTTP/1.1\r\n\r\n")},
    {"space in target", TEXT("GET /a b HTTP/1.1\r\n\r\n")},
    {"fragment", TEXT("GET /a#b HTTP/1.1\r\n\r\n")},
    {"NUL in target", TEXT("GET /\0 HTTP/1.1\r\n\r\n")},
    {"CR in target", TEXT("GET /\rX HTTP/1.1\r\n\r\n")},
    {"DEL in target", TEXT("GET /\x7f HTTP/1.1\r\n\r\n")},
    {"high byte in target", TEXT("GET /\xc3\xa9 HTTP/1.1\r\n\r\n")},
    {"field without colon", TEXT("GET / HTTP/1.1\r\nfield\r\n\r\n")},
    {"field without name", TEXT("GET / HTTP/1.1\r\n: x\r\n\r\n")},
    {"space before colon", TEXT("GET / HTTP/1.1\r\nX : y\r\n\r\n")},
    {"folded line", TEXT("GET / HTTP/1.1\r\nX: y\r\n z\r\n\r\n")},
    {"folded by tab", TEXT("GET / HTTP/1.1\r\nX: y\r\n\tZ: z\r\n\r\n")},
    {"folded first line", TEXT("GET / HTTP/1.1\r\n X: y\r\n\r\n")},
    {"semicolon in name", TEXT("GET / HTTP/1.1\r\nX;: y\r\n\r\n")},
    {"bare CR in value", TEXT("GET / HTTP/1.1\r\nX: y\rZ: z\r\n\r\n")},
    {"NUL in value", TEXT("GET / HTTP/1.1\r\nX: y\0z\r\n\r\n")},
    {"control byte in value", TEXT("GET / HTTP/1.1\r\nX: \x1b[2J\r\n\r\n")},
    {"two Hosts", TEXT("GET / HTTP/1.1\r\nHost: h\r\nhost: h\r\n\r\n")},
    {"two lengths", TEXT("POST / HTTP/1.1\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\n")},
    {"equal lengths", TEXT("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n")},
    {"list of lengths", TEXT("POST / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\n")},
    {"no length", TEXT("POST / HTTP/1.1\r\nContent-Length:\r\n\r\n")},
    {"signed length", TEXT("POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n")},
    {"negative length", TEXT("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n")},
    {"hex length", TEXT("POST / HTTP/1.1\r\nContent-Length: 0x1\r\n\r\n")},
    {"length with space", TEXT("POST / HTTP/1.1\r\nContent-Length: 1 2\r\n\r\n")},
    {"length over 2^63-1", TEXT("POST / HTTP/1.1\r\nContent-Length: 9223372036854775808\r\n\r\n")},
    {"length over 2^64", TEXT("POST / HTTP/1.1\r\nContent-Length: 36893488147419103233\r\n\r\n")},
    {"length and chunked",
     TEXT("POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")},
    {"chunked and length",
     TEXT("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n")},
    {"chunked twice",
     TEXT("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n")},
    {"chunked, chunked", TEXT("POST / HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n")},
    {"gzip, chunked", TEXT("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")},
    {"identity", TEXT("POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n")},
    {"vertical tab chunked", TEXT("POST / HTTP/1.1\r\nTransfer-Encoding: \x0b"
                                  "chunked\r\n\r\n")},
    {"empty coding", TEXT("POST / HTTP/1.1\r\nTransfer-Encoding: \r\n\r\n")},
    {"upgrade", TEXT("GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")},
    {"upgrade alone", TEXT("GET / HTTP/1.1\r\nupgrade: websocket\r\n\r\n")},
    {"connection names a field", TEXT("GET / HTTP/1.1\r\nConnection: close, X\r\n\r\n")},
    {"HTTP2-Settings", TEXT("GET / HTTP/1.1\r\nHTTP2-Settings: AAMAAABk\r\n\r\n")},
    {"proxy credentials", TEXT("GET / HTTP/1.1\r\nProxy-Authorization: Basic eDp5\r\n\r\n")},
    {"trailers announced", TEXT("POST / HTTP/1.1\r\nTrailer: X\r\n\r\n")},
    {"other expectation", TEXT("POST / HTTP/1.1\r\nExpect: miracles\r\n\r\n")},
};

Test(http_head, refused)
{
    for (size_t i = 0; i < sizeof refused_rows / sizeof *refused_rows; i++) {
        struct http_head head;
        char *block;
        int result = parse(&head, refused_rows[i].text, refused_rows[i].len, &block);
        cr_expect_eq(result, DAGGER_BADINPUT, "accepted: %s", refused_rows[i].why);
        free(block);
    }
}

static const struct {
    const char *text, *method, *target;
    int64_t content_length;
    bool chunked, close;
    const char *host;   /* NULL: none */
    const char *fields; /* as sent on: "name=value|" each */
} accepted_rows[] = {
    {"GET / HTTP/1.1\r\n\r\n", "GET", "/", -1, false, false, NULL, ""},
    {"GET / HTTP/1.1\n\n", "GET", "/", -1, false, false, NULL, ""},
    {"GET / HTTP/1.1\n\r\n", "GET", "/", -1, false, false, NULL, ""},
    {"GET /a?b=c&%20 HTTP/1.0\r\n\r\n", "GET", "/a?b=c&%20", -1, false, false, NULL, ""},
    {"GET //x/../y HTTP/1.1\r\n\r\n", "GET", "//x/../y", -1, false, false, NULL, ""},
    {"M-SEARCH! / HTTP/1.1\n\n", "M-SEARCH!", "/", -1, false, false, NULL, ""},
    {"GET / HTTP/1.1\r\nhOST:h:80\r\n\r\n", "GET", "/", -1, false, false, "h:80", ""},
    {"GET / HTTP/1.1\r\nX:\t a b \t\r\nY:\r\n\r\n", "GET", "/", -1, false, false, NULL,
     "X=a b|Y=|"},
    {"GET / HTTP/1.1\r\nX: \xff:;\"\r\n\r\n", "GET", "/", -1, false, false, NULL, "X=\xff:;\"|"},
    {"PUT / HTTP/1.1\r\ncontent-length: 007\r\nA: b\r\n\r\n", "PUT", "/", 7, false, false, NULL,
     "A=b|"},
    {"PUT / HTTP/1.1\r\nContent-Length: 9223372036854775807\r\n\r\n", "PUT", "/", INT64_MAX, false,
     false, NULL, ""},
    {"POST / HTTP/1.1\r\nTransfer-Encoding:chunkeD\r\n\r\n", "POST", "/", -1, true, false, NULL,
     ""},
    {"GET / HTTP/1.1\r\nConnection: keep-alive , Close,\r\n\r\n", "GET", "/", -1, false, true, NULL,
     ""},
    {"GET / HTTP/1.1\r\nTE: trailers\r\nKeep-Alive: 1\r\nExpect: 100-Continue\r\nTEX: 1\r\n\r\n",
     "GET", "/", -1, false, false, NULL, "TEX=1|"},
};

Test(http_head, accepted)
{
    for (size_t i = 0; i < sizeof accepted_rows / sizeof *accepted_rows; i++) {
        struct http_head head;
        const char *text = accepted_rows[i].text;
        char *block;
        cr_assert_eq(parse(&head, text, strlen(text), &block), 0, "refused: %s", text);
        cr_expect(dagger_slice_is(head.method, accepted_rows[i].method), "%s", text);
        cr_expect(dagger_slice_is(head.target, accepted_rows[i].target), "%s", text);
        cr_expect_eq(head.content_length, accepted_rows[i].content_length, "%s", text);
        cr_expect_eq(head.chunked, accepted_rows[i].chunked, "%s", text);
        cr_expect_eq(head.close, accepted_rows[i].close, "%s", text);
        const char *host = accepted_rows[i].host;
        cr_expect_eq(head.has_host, host != NULL, "%s", text);
        cr_expect(!host || dagger_slice_is(head.host, host), "%s", text);

        char fields[256] = "";
        struct dagger_slice rest = head.fields;
        struct http_field field;
        for (size_t at = 0; dagger_http_field_next(&rest, &field);)
            at +=
                (size_t)snprintf(fields + at, sizeof fields - at, "%.*s=%.*s|", (int)field.name.len,
                                 field.name.data, (int)field.value.len, field.value.data);
        cr_expect_str_eq(fields, accepted_rows[i].fields, "%s", text);
        free(block);
    }
}

Test(http_head, end_is_found_however_the_bytes_arrive)
{
    static const char text[] = "GET / HTTP/1.1\r\nA: b\n\r\nbody\n\n";
    size_t head_len = strlen("GET / HTTP/1.1\r\nA: b\n\r\n");
    for (size_t step = 1; step < sizeof text; step++) {
        size_t seen = 0, end = 0;
        for (size_t len = 0; !end && len < sizeof text - 1;) {
            len = len + step < sizeof text - 1 ? len + step : sizeof text - 1;
            end = dagger_http_head_end(text, len, &seen);
        }
        cr_expect_eq(end, head_len, "in steps of %zu: %zu", step, end);
    }
}

Test(http_head, longest)
{
    static char text[DAGGER_HTTP_HEAD_MAX + 1];
    static const char start[] = "GET / HTTP/1.1\r\nX: ";
    for (size_t len = DAGGER_HTTP_HEAD_MAX; len <= DAGGER_HTTP_HEAD_MAX + 1; len++) {
        memset(text, 'v', len);
        memcpy(text, start, sizeof start - 1);
        memcpy(text + len - 4, "\r\n\r\n", 4);
        struct http_head head;
        char *block;
        int expected = len <= DAGGER_HTTP_HEAD_MAX ? 0 : DAGGER_BADINPUT;
        cr_expect_eq(parse(&head, text, len, &block), expected);
        free(block);
    }
}

static const struct {
    const char *value, *host;
    bool host_is_ipv6;
    int port;
    bool agrees;
} host_rows[] = {
    {"", "h", false, 80, false},
    {"other", "h", false, 80, false},
    {"h.", "h", false, 80, false},
    {"h:81", "h", false, 80, false},
    {"h", "h", false, 81, false},
    {"h:80:80", "h", false, 80, false},
    {"h:+80", "h", false, 80, false},
    {"h:65616", "h", false, 80, false}, /* 80 modulo 2^16 */
    {"h:4294967376", "h", false, 80, false},
    {"u@h", "h", false, 80, false},
    {"h,h", "h", false, 80, false},
    {"h h", "h", false, 80, false},
    {"::1", "::1", true, 80, false},
    {"[::1", "::1", true, 80, false},
    {"[::1]80", "::1", true, 80, false},
    {"[::2]", "::1", true, 80, false},
    {"[h]", "h", false, 80, false},
    {"h", "h", false, 80, true},
    {"H:80", "h", false, 80, true},
    {"h:", "h", false, 80, true},
    {"h:081", "h", false, 81, true},
    {"[::1]", "::1", true, 80, true},
    {"[::1]:8080", "::1", true, 8080, true},
    {"[FE80::1]:80", "fe80::1", true, 80, true},
};

Test(http_head, host_field)
{
    for (size_t i = 0; i < sizeof host_rows / sizeof *host_rows; i++) {
        struct dagger_slice value = {host_rows[i].value, strlen(host_rows[i].value)};
        cr_expect_eq(dagger_http_host_agrees(value, host_rows[i].host, host_rows[i].host_is_ipv6,
                                             host_rows[i].port, 80),
                     host_rows[i].agrees, "%s", host_rows[i].value);
    }
}
