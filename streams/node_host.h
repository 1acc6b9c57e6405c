/* What the sources of streams over host descriptors with node operations share (node.h). Nothing
 * else includes this.
 *
 *   node_file.c       files, and the operations that all have
 *   node_directory.c  directories: the stream, what is listed, opened and stat'ed
 *   node_names.c      a directory's operations that change or read names
 *   std_node.c        standard streams
 *
 * Functions return 0 or a count, or a negative errno value.
 */
#ifndef DAGGER_STREAMS_NODE_HOST_H
#define DAGGER_STREAMS_NODE_HOST_H

#include "fdio.h"
#include "node.h"
#include "retry.h"

struct dagger_node {
    struct dagger_fd_stream base;
    bool read_only;
    bool nonblock;    /* O_NONBLOCK as was asked for; the descriptor's own may differ */
    bool regular;     /* a regular file, which never blocks */
    bool unconnected; /* a FIFO that may not have had a writer yet */
};

/* --- operations of any descriptor ---------------------------------------------------------- */

int dagger_node_stat(struct dagger_stream *stream, struct stat *st);
int dagger_node_set_size(struct dagger_stream *stream, int64_t size);
int dagger_node_allocate(struct dagger_stream *stream, int64_t offset, int64_t len);
int dagger_node_advise(struct dagger_stream *stream, int64_t offset, int64_t len, int advice);
int dagger_node_set_times(struct dagger_stream *stream, const struct timespec times[2]);
int dagger_node_sync(struct dagger_stream *stream, bool data_only);
int dagger_node_get_flags(struct dagger_stream *stream);

/* EINVAL if `flags` has other flags than O_APPEND and O_NONBLOCK, but for the access mode and those
 * that get_flags says are set. */
int dagger_node_check_flags(struct dagger_stream *stream, int flags);

/* --- files --------------------------------------------------------------------------------- */

/* Makes a stream over `fd`, opened with `flags`, and O_NONBLOCK, for what `st` tells. Takes the
 * descriptor over, also when it fails. */
int dagger_node_file_new(int fd, int flags, const struct stat *st, bool read_only,
                         struct dagger_stream **out);

/* --- directories --------------------------------------------------------------------------- */

/* Operations of node_names.c, for the one table in node_directory.c. */
int dagger_names_set_times(struct dagger_stream *dir, const char *path, bool follow,
                           const struct timespec times[2]);
int dagger_names_make_directory(struct dagger_stream *dir, const char *path);
int dagger_names_remove_directory(struct dagger_stream *dir, const char *path);
int dagger_names_unlink(struct dagger_stream *dir, const char *path);
int dagger_names_rename(struct dagger_stream *dir, const char *path, struct dagger_stream *new_dir,
                        const char *new_path);
int dagger_names_link(struct dagger_stream *dir, const char *path, bool follow,
                      struct dagger_stream *new_dir, const char *new_path);
int dagger_names_make_symlink(struct dagger_stream *dir, const char *target, const char *path);
int64_t dagger_names_read_link(struct dagger_stream *dir, const char *path, char *target,
                               size_t size);

#endif
