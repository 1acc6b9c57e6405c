/* Streams over a text that is known when they are opened: they are read to its end, once. */
#ifndef DAGGER_STREAMS_TEXT_H
#define DAGGER_STREAMS_TEXT_H

#include "stream.h"

/* A new stream over a copy of the `count` strings, one behind the other. `terminated`: each
 * string's NUL is part of the text. Returns 0 or DAGGER_NOMEM. */
int dagger_text_new(const char *const *strings, size_t count, bool terminated,
                    struct dagger_stream **out);

#endif
