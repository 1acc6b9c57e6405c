/* The addresses at which this process takes connections: one table, so that every stream of
 * `tcp+listen://HOST:PORT` that is opened is the next connection to one and the same socket.
 *
 * What listens stays until the process ends. Addresses are compared as addresses, not as text:
 * `[::ffff:127.0.0.1]` is `127.0.0.1`, and so is `localhost`; no name is resolved. Port 0 is the
 * kernel's choice, made once: the same URL means the same socket afterwards, and so does the URL
 * with the port that was chosen.
 */
#ifndef DAGGER_STREAMS_LISTEN_H
#define DAGGER_STREAMS_LISTEN_H

#include "stream.h"

/* Bytes that suffice for the URL of any address, its NUL included. */
#define DAGGER_LISTEN_URL_MAX                                                                      \
    sizeof "tcp+listen://[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]:65535"

/* Makes the process listen at a `tcp+listen://` URL of `len` bytes, unless it does already, and
 * waits for no connection. The policy of `host` is asked as for an open. `actual` (`cap` bytes)
 * gets the URL with the address and the port in their usual spelling, NUL-terminated: what to open,
 * and what clients connect to. May be NULL. Returns 0, or what open would: BADURL, BADINPUT (no
 * address, no port, a name that is not localhost, another scheme, `actual` too short), PERM (the
 * policy, or a port only root may have), EXIST (somebody else listens there), NOENT (an
 * address that the machine does not have), NOTSUP (it has no IPv6), TOOMANY (descriptors, or
 * DAGGER_LISTEN_MAX addresses). Call from one thread at a time. */
int dagger_listen_announce(const struct dagger_host *host, const char *url, size_t len,
                           char *actual, size_t cap);

/* The URL of the `index`-th address, in the order in which they were announced; inherited sockets
 * (`listen://`) are not among them. False: there are no more, or `cap` is too little. */
bool dagger_listen_address(size_t index, char *actual, size_t cap);

#define DAGGER_LISTEN_MAX 64 /* addresses of a process */

#endif
