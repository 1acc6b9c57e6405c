/* Connections that libcurl makes, for kinds that speak a protocol of their own on one. */
#ifndef DAGGER_STREAMS_TCP_H
#define DAGGER_STREAMS_TCP_H

#include "stream.h"

/* Connects to the host and port of `url`, by TLS if its scheme says so; the rest of it is not
 * looked at. Gives a struct dagger_socket. Returns 0 or what docs/abi.md says of tcp. */
int dagger_tcp_connect(const struct dagger_host *host, const struct dagger_url *url,
                       struct dagger_stream **out);

#endif
