#include "stream.h"

#include <stdlib.h>
#include <string.h>

volatile sig_atomic_t dagger_streams_stop;

/* A count that a kind returned for `len` bytes asked for: one that is out of range is a fault of
 * the kind and must not reach a guest, whose memory it would seem to describe. */
static int64_t checked_count(int64_t count, size_t len, int64_t least)
{
    if (count < 0)
        return count;
    return count < least || (uint64_t)count > len ? DAGGER_IO : count;
}

static int take_pending(struct dagger_stream *stream)
{
    int error = stream->pending;
    stream->pending = 0;
    return error;
}

static int64_t read_once(struct dagger_stream *stream, void *data, size_t len)
{
    int64_t count;
    do
        count = checked_count(stream->ops->read(stream, data, len), len, 0);
    while (count == DAGGER_INTERRUPTED && !dagger_streams_stop);
    return count == DAGGER_INTERRUPTED ? DAGGER_TIMEOUT : count;
}

/* Writes all of it unless there is an error, which goes to *error; returns the bytes written. */
static size_t write_all(struct dagger_stream *stream, const uint8_t *data, size_t len, int *error)
{
    size_t done = 0;
    *error = 0;
    while (done < len) {
        int64_t count =
            checked_count(stream->ops->write(stream, data + done, len - done), len - done, 1);
        if (count >= 0)
            done += (size_t)count;
        else if (count != DAGGER_INTERRUPTED || dagger_streams_stop) {
            *error = count == DAGGER_INTERRUPTED ? DAGGER_TIMEOUT : (int)count;
            break;
        }
    }
    return done;
}

int dagger_stream_drain(struct dagger_stream *stream)
{
    struct dagger_buffer *out = stream->out;
    if (!out || !out->len)
        return 0;
    int error;
    size_t done = write_all(stream, out->data, out->len, &error);
    out->len -= done;
    if (out->len)
        memmove(out->data, out->data + done, out->len);
    return error;
}

int64_t dagger_stream_read(struct dagger_stream *stream, void *data, size_t len)
{
    if (!stream->ops->read)
        return DAGGER_NOTSUP;
    int error = take_pending(stream);
    if (error)
        return error;
    if (!len)
        return 0;
    /* A stream that is written and read (a request, a file) is read after what was written. */
    error = dagger_stream_drain(stream);
    if (error)
        return error;
    return read_once(stream, data, len);
}

/* The bytes go to the kind at once. */
static int64_t write_through(struct dagger_stream *stream, const void *data, size_t len)
{
    int error;
    size_t done = write_all(stream, data, len, &error);
    if (error && !done)
        return error;
    stream->pending = error;
    return (int64_t)done;
}

int64_t dagger_stream_write(struct dagger_stream *stream, const void *data, size_t len)
{
    if (!stream->ops->write)
        return DAGGER_NOTSUP;
    int error = take_pending(stream);
    if (error)
        return error;
    if (!len)
        return 0;
    struct dagger_buffer *out = stream->out;
    if (!out)
        return write_through(stream, data, len);

    bool large = len > out->cap / 4;
    if (large || len > out->cap - out->len) {
        error = dagger_stream_drain(stream);
        if (error)
            return error;
    }
    if (large)
        return write_through(stream, data, len);
    memcpy(out->data + out->len, data, len);
    out->len += len;
    /* The bytes have been taken, so that an error now is the next call's. */
    if (stream->line_buffered && memchr(data, '\n', len))
        stream->pending = dagger_stream_drain(stream);
    return (int64_t)len;
}

int dagger_stream_flush(struct dagger_stream *stream)
{
    int first = take_pending(stream);
    int error = dagger_stream_drain(stream);
    if (!first)
        first = error;
    if (stream->ops->flush) {
        do
            error = stream->ops->flush(stream);
        while (error == DAGGER_INTERRUPTED && !dagger_streams_stop);
        if (error == DAGGER_INTERRUPTED)
            error = DAGGER_TIMEOUT;
        if (!first)
            first = error;
    }
    return first;
}

int dagger_stream_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    stream->deadline = 0;
    int first = dagger_stream_flush(stream);
    int error = stream->ops->close(stream, ending);
    return first ? first : error;
}

int dagger_stream_new(const struct dagger_stream_ops *ops, struct dagger_stream **out)
{
    struct dagger_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return DAGGER_NOMEM;
    stream->ops = ops;
    *out = stream;
    return 0;
}

int dagger_stream_free(struct dagger_stream *stream, enum dagger_ending ending)
{
    (void)ending;
    free(stream);
    return 0;
}
