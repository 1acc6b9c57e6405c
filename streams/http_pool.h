/* What the http(s) streams of a process share: one libcurl multi handle, which keeps connections
 * and the trust store for the next stream, and moves all open transfers on whenever one of them
 * waits.
 *
 * Not for several threads, as all of streams/.
 */
#ifndef DAGGER_STREAMS_HTTP_POOL_H
#define DAGGER_STREAMS_HTTP_POOL_H

#include <stdbool.h>

#include "http_curl.h"

struct http_pool {
    const struct http_curl *curl;
    CURLM *multi;
};

/* The process's pool, made at the first call; it lives as long as the process. Returns 0,
 * DAGGER_UNAVAIL if libcurl can't be used, or DAGGER_NOMEM. */
int dagger_http_pool(struct http_pool **pool);

/* Does what can be done without waiting; ended transfers hear of it by dagger_http_transfer_ended.
 * Returns false if libcurl fails as a whole. */
bool dagger_http_pool_perform(struct http_pool *pool);

/* Waits at most `timeout_ms` for something to do. Returns whether a connection became ready. */
bool dagger_http_pool_wait(struct http_pool *pool, int timeout_ms);

#endif
