/* What a connection made by libcurl is allowed to be, for the kinds that make one: to the peer that
 * the URL names and to no other, verified if it is TLS, within the host's times. Nothing of the
 * environment (proxies, stored credentials) has a say.
 */
#ifndef DAGGER_STREAMS_HTTP_CONNECTION_H
#define DAGGER_STREAMS_HTTP_CONNECTION_H

#include "http_curl.h"
#include "http_origin.h"
#include "stream.h"

/* What became of the addresses that a handle was to connect to, where the host denies private ones:
 * each is looked at when it is its turn, at every new connection. */
struct http_connection {
    bool refused; /* one at least was private */
    bool tried;   /* one at least was not */
};

/* Makes `easy` connect so. `connection` is all zero and lives as long as the handle. Returns 0 or
 * DAGGER_NOMEM: what has been checked can't be refused any more. */
int dagger_http_connection_setup(const struct http_curl *curl, CURL *easy,
                                 const struct http_origin *origin, const struct dagger_host *host,
                                 struct http_connection *connection);

/* The enum dagger_error for what libcurl says; 0 for CURLE_OK. */
int dagger_http_error(CURLcode code);

/* The same of a handle that was to connect: DAGGER_PERM if it was not let to any address. */
int dagger_http_connection_error(const struct http_connection *connection, CURLcode code);

#endif
