/* Single transfers over host descriptors, with errors as stream kinds return them. */
#ifndef DAGGER_STREAMS_FDIO_H
#define DAGGER_STREAMS_FDIO_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "stream.h"

/* What streams over one host descriptor begin with. */
struct dagger_fd_stream {
    struct dagger_stream stream;
    int fd;
};

/* read(2) and write(2) once, for `len` > 0: a count (which may be short), 0 for the end of the
 * file, or a negative enum dagger_error, DAGGER_INTERRUPTED after EINTR. A descriptor that somebody
 * made non-blocking is waited for, since it may be shared with other programs and must not be
 * changed. errno says more of an error. */
int64_t dagger_fd_read(int fd, void *data, size_t len);
int64_t dagger_fd_write(int fd, const void *data, size_t len);
int64_t dagger_fd_write_vector(int fd, const struct iovec *data, int count);

#endif
