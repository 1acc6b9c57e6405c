/* The head of the response message as the guest reads it: the final status line, the header fields,
 * an empty line, each ended by CRLF. Fed with the lines libcurl hands out one at a time.
 *
 * The body comes with its transfer coding removed, so that Transfer-Encoding is taken out, and with
 * it a Content-Length that stood next to it and does not count (RFC 9112, section 6.3).
 */
#ifndef DAGGER_STREAMS_HTTP_RESPONSE_H
#define DAGGER_STREAMS_HTTP_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>

#include "http_bytes.h"

#define DAGGER_HTTP_RESPONSE_HEAD_MAX (256 * 1024) /* bytes; a longer head is IO */

/* All zero at first; the owner releases `head`. */
struct http_response {
    struct http_bytes head; /* to be read by the guest once `complete` */
    int status;             /* of the last status line, 0 before it */
    bool complete;          /* the final head is there; lines that still come are trailers */
    bool transfer_coded;    /* a Transfer-Encoding field was there */
    bool framed;   /* a field says where the body ends: it does not end with the connection */
    bool dropping; /* a continuation of the last line is dropped as that line was */
};

/* Takes the next line, with its line end. Interim responses (1xx) are skipped. Returns 0,
 * DAGGER_NOMEM, or DAGGER_IO: head too long, no status line, or 101, since nothing else was asked
 * for. */
int dagger_http_response_line(struct http_response *response, const char *line, size_t len);

#endif
