/* The head of the request message a guest writes to an http(s) stream: request line, header fields,
 * empty line. Pure functions over bytes; nothing is allocated, nothing is changed.
 *
 * The grammar is RFC 9112, sections 2 to 6, read strictly: what two parsers could understand in two
 * ways (a line folded, a bare CR, space before a colon, two lengths) is refused, so that the
 * message that leaves the host is the one that was checked. The framing of the message and its way
 * to the peer are the host's: fields that speak of them are taken out or refused by one table in
 * http_head.c.
 */
#ifndef DAGGER_STREAMS_HTTP_HEAD_H
#define DAGGER_STREAMS_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "url.h"

#define DAGGER_HTTP_HEAD_MAX 65536 /* bytes of a request head; a longer one is BADINPUT */

struct http_head {
    struct dagger_slice method; /* any token but CONNECT; case matters */
    struct dagger_slice target; /* origin-form: begins with '/', visible ASCII, no '#' */
    struct dagger_slice fields; /* the field lines; for dagger_http_field_next */
    struct dagger_slice host;   /* value of the Host field; see has_host */
    bool has_host;
    bool chunked;           /* "Transfer-Encoding: chunked" was given */
    bool close;             /* "Connection: close" was given */
    int64_t content_length; /* >= 0, or -1 if not given; never with chunked */
};

/* Length of the head in `len` bytes, the empty line included; 0 if its end is not there yet.
 * `*seen` is 0 at first and carries the state from call to call while bytes are added. */
size_t dagger_http_head_end(const char *bytes, size_t len, size_t *seen);

/* Parses a whole head of `len` bytes, as dagger_http_head_end found it. The slices point into
 * `bytes`. Returns 0 or DAGGER_BADINPUT; then the object's contents are undefined. */
int dagger_http_head_parse(struct http_head *head, const char *bytes, size_t len);

/* Walks the fields that are to be sent on as they are, in order: name and value, the value without
 * the space around it. `*rest` starts as head->fields. Returns false at the end. */
struct http_field {
    struct dagger_slice name, value;
};
bool dagger_http_field_next(struct dagger_slice *rest, struct http_field *field);

/* Does a Host field's value name this host and port? `host` without brackets, in any case; a port
 * that is absent is `default_port`. */
bool dagger_http_host_agrees(struct dagger_slice value, const char *host, bool host_is_ipv6,
                             int port, int default_port);

#endif
