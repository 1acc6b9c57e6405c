/* How a TLS connection ended: by the peer's close_notify, or cut off.
 *
 * libcurl takes the end of the TCP connection for the end of the TLS connection. Whoever can cut
 * the former could so shorten, unseen, a body that ends with the connection; such a body is
 * incomplete (RFC 9112, section 9.8). libcurl lets its user at OpenSSL's context, and OpenSSL tells
 * of the alerts it receives; this is where they are noted. With another TLS library behind libcurl
 * nothing is known.
 */
#ifndef DAGGER_STREAMS_HTTP_TLS_H
#define DAGGER_STREAMS_HTTP_TLS_H

#include <stdbool.h>

#include "http_curl.h"

/* Makes the connection that `easy` may open tell of its end. Returns false if there is no memory.
 */
bool dagger_http_tls_watch(const struct http_curl *curl, CURL *easy);

/* The TLS session of a transfer, called from one of its callbacks; NULL: none, or nothing is known
 * of it. */
const void *dagger_http_tls_session(const struct http_curl *curl, CURL *easy);

/* Was this session closed by the peer's close_notify since the last dagger_http_tls_forget? */
bool dagger_http_tls_closed(const void *session);
void dagger_http_tls_forget(void);

/* Was any? For who has moved only one since. */
bool dagger_http_tls_any_closed(void);

#endif
