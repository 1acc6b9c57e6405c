/* For tests of streams/node.h over host files: a directory stream over BASE/root, see place.h. */
#ifndef DAGGER_TESTS_FILE_NODE_PLACE_H
#define DAGGER_TESTS_FILE_NODE_PLACE_H

#include "place.h"

#include "streams/node.h"

extern struct dagger_stream *top; /* of BASE/root */

void node_setup(void); /* place_setup, and opens top */
void node_teardown(void);

const struct dagger_directory_ops *names_of(struct dagger_stream *dir);
const struct dagger_node_ops *node_of(struct dagger_stream *stream);

/* Opens `path` beneath `dir`; must work. */
struct dagger_stream *open_beneath(struct dagger_stream *dir, const char *path, int flags);
/* Opens, closes what was opened, and returns the error. */
int try_beneath(struct dagger_stream *dir, const char *path, int flags);
/* A directory stream of the host's; must open. */
struct dagger_stream *host_directory(const char *path, bool read_only);

/* Fails the test unless `call` gives `want`, a count or a negative errno value. */
#define GIVES(call, want) gives((call), (want), #call, __LINE__)
void gives(int64_t result, int64_t want, const char *call, int line);

#endif
