/* Waiting for a connection to a socket that listens. */
#ifndef DAGGER_STREAMS_ACCEPT_H
#define DAGGER_STREAMS_ACCEPT_H

#include "stream.h"

/* "timeout=MS", the only key of URLs that wait for connections: milliseconds, INT64_MAX without it.
 * -1: the query is something else. */
int64_t dagger_accept_timeout(struct dagger_slice query);

/* A stream of the next connection to `listener`, which is non-blocking. Waits until `end`
 * (dagger_deadline). What the kernel tells of connections that are over before they were taken is
 * passed over. Returns 0, DAGGER_TIMEOUT, DAGGER_TOOMANY (descriptors: the connection waits on) or
 * another error. */
int dagger_accept(int listener, int64_t end, const struct dagger_host *host,
                  struct dagger_stream **out);

#endif
