/* Sockets that the process was started with, by the protocol of sd_listen_fds(3): LISTEN_PID is its
 * number, LISTEN_FDS says how many there are, from descriptor 3 on, and LISTEN_FDNAMES their names.
 *
 * Who starts the process says so by dagger_inherited_begin, before anything opens a descriptor.
 * Until then there are none: inside other programs they are that program's.
 */
#ifndef DAGGER_STREAMS_INHERITED_H
#define DAGGER_STREAMS_INHERITED_H

#include "stream.h"

#define DAGGER_INHERITED_MAX 64

/* Reads the variables, looks at the descriptors and makes those that listen non-blocking. Sockets
 * are stream sockets of TCP or of the host that listen or are connected. The first call does it.
 * Returns NULL, or the name of the variable that is not as it has to be: there are no sockets
 * then. */
const char *dagger_inherited_begin(void);

/* Descriptors that were handed over, sockets or not. */
size_t dagger_inherited_count(void);

/* Closes those that no stream can be made of. If `any` is false, all of them count as gone, and are
 * the caller's to close. Returns how many numbers from 3 on may be in use. */
unsigned dagger_inherited_keep(bool any);

/* The name of one that listens, or its number where it has none; false: it does not listen. */
bool dagger_inherited_name(size_t index, struct dagger_slice *name);

/* For one that listens: a stream whose only operations are node.h's, accept among them. The
 * descriptor stays open when it is closed. `host` is that of the accepted streams, and borrowed.
 * Returns 0 or a negative errno value. */
int dagger_inherited_listener(size_t index, const struct dagger_host *host,
                              struct dagger_stream **out);

#endif
