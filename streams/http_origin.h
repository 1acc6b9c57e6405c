/* Where the connection of an http(s), tcp or gopher stream goes: scheme, host and port of the
 * opened URL (RFC 6454's origin), checked so that what policy saw, what the peer's certificate is
 * compared with and what the resolver is asked for are the same text.
 */
#ifndef DAGGER_STREAMS_HTTP_ORIGIN_H
#define DAGGER_STREAMS_HTTP_ORIGIN_H

#include <stdbool.h>

#include "stream.h"
#include "url.h"

#define DAGGER_HTTP_HOST_MAX 253 /* bytes of a domain name, RFC 1035 */

struct http_origin {
    bool tls;
    bool host_is_ipv6;
    bool port_given;                     /* the URL has a port, the default one perhaps */
    int port;                            /* 1..65535 */
    char host[DAGGER_HTTP_HOST_MAX + 1]; /* an IPv6 address without its brackets */
};

/* Takes the origin out of a URL whose scheme is http(s), tcp, tcp+tls or gopher(s). Returns 0 or
 * DAGGER_BADINPUT: user or fragment given, port 0, none where there is no default one, a host that
 * is no domain name of letters, digits and '-' (RFC 1123), no IPv4 address of four decimal numbers
 * and no IPv6 address. */
int dagger_http_origin_init(struct http_origin *origin, const struct dagger_url *url);

int dagger_http_default_port(const struct http_origin *origin);

/* Writes "scheme://host:port" and `target` as a URL text and a NUL, the port only where the opened
 * URL had one or `explicit_port`; the scheme is http or https, whatever the opened URL's is.
 * Returns its length, or DAGGER_BADINPUT if it does not fit. */
int dagger_http_origin_url(const struct http_origin *origin, bool explicit_port,
                           struct dagger_slice target, char *text, size_t cap);

/* May this target of the origin be requested? Returns 0, DAGGER_BADINPUT if the two make no URL,
 * DAGGER_PERM if the policy refuses it, or DAGGER_NOMEM. */
int dagger_http_origin_allows(const struct http_origin *origin, const struct dagger_host *host,
                              struct dagger_slice target);

#endif
