/* Descriptors 0, 1 and 2 of a test: each Criterion case is a process of its own and may replace
 * them. */
#ifndef DAGGER_TESTS_STD_FIXTURE_H
#define DAGGER_TESTS_STD_FIXTURE_H

#include <stddef.h>

#include "streams/stream.h"

/* Replaces `fd` (0, 1, 2) by one end of a new pipe and returns the other. */
int std_pipe(int fd);

/* Replaces `fd` by a new terminal, without echo or output processing, and returns its master. */
int std_terminal(int fd);

/* Replaces `fd` by one end of a socket pair that keeps each write apart, and returns the other. */
int std_packets(int fd);

/* Replaces `fd` by an empty, unnamed file. */
void std_file(int fd);

/* Replaces `fd` by the file at `path`, opened with `flags`. */
void std_path(int fd, const char *path, int flags);

/* Opens a stream; the test fails if that does. */
struct dagger_stream *std_stream(const char *url);
int std_open_error(const char *url);

/* What can be read from `fd` now, without waiting, as a string in a static buffer. */
const char *std_arrived(int fd);

#endif
