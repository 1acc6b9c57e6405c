/* A stream kind that follows a script: each call must be the next step's, and does what it says. */
#ifndef DAGGER_TESTS_MOCK_STREAM_H
#define DAGGER_TESTS_MOCK_STREAM_H

#include "streams/stream.h"

enum mock_op { MOCK_END, MOCK_READ, MOCK_WRITE, MOCK_FLUSH, MOCK_CLOSE };

#define MOCK_ALL INT64_MAX /* of a write: takes whatever it is given */

struct mock_step {
    enum mock_op op;
    int64_t result;   /* an error, or the most bytes taken; returned as it is with `lie` */
    const char *data; /* what a read gives, with `result` its length */
    bool lie;         /* return `result` though it is no possible count */
};

struct mock_stream {
    struct dagger_stream base;
    const struct mock_step *next;
    uint8_t written[4096]; /* all the bytes that were taken */
    size_t written_len;
    size_t writes; /* calls of write */
    bool closed;
    enum dagger_ending ending;
};

/* Makes a stream that follows `script` up to its MOCK_END; gathers in `out` if that is not NULL.
 * The object is the caller's, also after close. A call that is not in the script fails the test. */
void mock_init(struct mock_stream *mock, const struct mock_step *script, struct dagger_buffer *out);

/* True if the whole script was followed. */
bool mock_done(const struct mock_stream *mock);

#endif
