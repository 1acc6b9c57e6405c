#include "http_bytes.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"

enum { FIRST_CAP = 1024 };

static void move_to_front(struct http_bytes *bytes)
{
    size_t len = dagger_http_bytes_len(bytes);
    if (bytes->start && len)
        memmove(bytes->data, bytes->data + bytes->start, len);
    bytes->start = 0;
    bytes->end = len;
}

int dagger_http_bytes_add(struct http_bytes *bytes, const void *data, size_t len, size_t limit)
{
    size_t held = dagger_http_bytes_len(bytes);
    if (held > limit || len > limit - held)
        return DAGGER_NOSPACE;
    if (!len)
        return 0;
    if (len > bytes->cap - bytes->end)
        move_to_front(bytes);
    if (len > bytes->cap - bytes->end) {
        size_t cap = bytes->cap ? bytes->cap : FIRST_CAP;
        while (cap < held + len)
            cap *= 2; /* limits are far below SIZE_MAX / 2 */
        char *grown = realloc(bytes->data, cap < limit ? cap : limit);
        if (!grown)
            return DAGGER_NOMEM;
        bytes->data = grown;
        bytes->cap = cap < limit ? cap : limit;
    }
    memcpy(bytes->data + bytes->end, data, len);
    bytes->end += len;
    return 0;
}

size_t dagger_http_bytes_take(struct http_bytes *bytes, void *out, size_t len)
{
    size_t held = dagger_http_bytes_len(bytes);
    if (len > held)
        len = held;
    if (len)
        memcpy(out, bytes->data + bytes->start, len);
    bytes->start += len;
    if (bytes->start == bytes->end)
        bytes->start = bytes->end = 0;
    return len;
}

void dagger_http_bytes_release(struct http_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct http_bytes){0};
}
