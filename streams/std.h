/* What the kinds over the host's standard descriptors share. */
#ifndef DAGGER_STREAMS_STD_H
#define DAGGER_STREAMS_STD_H

#include <stddef.h>
#include <stdint.h>

#include "stream.h"

/* Whether the host's descriptor 0, 1 or 2 can be read (0) or written (1, 2): 0, NOENT if it was
 * closed when the program started, PERM if it was opened for the other direction. */
int dagger_std_check(int fd);

/* --- for std_node.c ------------------------------------------------------------------------ */

/* Makes a stream of `size` bytes, a struct dagger_fd_stream first, over `fd`, which it checks. To
 * be closed by dagger_std_close. Returns 0 or an enum dagger_error. */
int dagger_std_new(int fd, const struct dagger_stream_ops *ops, size_t size,
                   struct dagger_stream **out);

int64_t dagger_std_read(struct dagger_stream *stream, void *data, size_t len);
int dagger_std_close(struct dagger_stream *stream, enum dagger_ending ending);

/* Bytes of standard input that were read ahead and not read by the guest; and lets go of them. */
size_t dagger_std_ahead(void);
void dagger_std_forget(void);

/* Writes what is gathered for standard output. What can't be written stays. Returns 0 or an enum
 * dagger_error; errno says more of one. */
int dagger_std_drain(void);

/* Before a wait for standard input: a prompt must be seen before its answer is waited for. */
void dagger_std_prompt(void);

#endif
