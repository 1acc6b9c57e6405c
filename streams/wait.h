/* Waiting for a host descriptor on behalf of a stream. */
#ifndef DAGGER_STREAMS_WAIT_H
#define DAGGER_STREAMS_WAIT_H

#include <poll.h>

#include "stream.h"

/* Waits until `fd` is ready for `events` (POLLIN or POLLOUT), for `most_ms` milliseconds at most
 * (-1: for ever) and not beyond the stream's deadline. Returns 0 when it may be ready,
 * DAGGER_TIMEOUT, or another negative error; never DAGGER_INTERRUPTED. */
int dagger_wait(const struct dagger_stream *stream, int fd, short events, int most_ms);

/* The same until `end`, of CLOCK_MONOTONIC (dagger_deadline): looks once where it is over. */
int dagger_wait_until(int fd, short events, int64_t end);

/* For descriptors that block: the same before a transfer of `*len` bytes if the stream has a
 * deadline, else nothing. What is to be written is shortened to what a pipe takes at once. */
int dagger_wait_in_time(const struct dagger_stream *stream, int fd, short events, size_t *len);

#endif
