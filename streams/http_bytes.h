/* Bytes between a producer and a consumer, held in memory that grows up to a fixed limit. */
#ifndef DAGGER_STREAMS_HTTP_BYTES_H
#define DAGGER_STREAMS_HTTP_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is an empty one; dagger_http_bytes_release frees the memory and makes it so again. */
struct http_bytes {
    char *data; /* the bytes not yet taken are data[start] to data[end - 1] */
    size_t start, end;
    size_t cap;
};

static inline size_t dagger_http_bytes_len(const struct http_bytes *bytes)
{
    return bytes->end - bytes->start;
}

/* Adds bytes; at most `limit` are held at once. Returns 0, DAGGER_NOMEM, or DAGGER_NOSPACE if they
 * would be more than the limit; with an error nothing was added. */
int dagger_http_bytes_add(struct http_bytes *bytes, const void *data, size_t len, size_t limit);

/* Moves at most `len` bytes to `out`; returns how many. */
size_t dagger_http_bytes_take(struct http_bytes *bytes, void *out, size_t len);

void dagger_http_bytes_release(struct http_bytes *bytes);

#endif
