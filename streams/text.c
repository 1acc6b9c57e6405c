#include "text.h"

#include <stdlib.h>
#include <string.h>

struct text {
    struct dagger_stream base;
    size_t len, at;
    char bytes[];
};

static int64_t text_read(struct dagger_stream *stream, void *data, size_t len)
{
    struct text *text = (struct text *)stream;
    if (len > text->len - text->at)
        len = text->len - text->at;
    memcpy(data, text->bytes + text->at, len);
    text->at += len;
    return (int64_t)len;
}

static int text_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    (void)ending;
    free(stream);
    return 0;
}

static const struct dagger_stream_ops text_ops = {
    .kind = "text",
    .read = text_read,
    .close = text_close,
};

int dagger_text_new(const char *const *strings, size_t count, bool terminated,
                    struct dagger_stream **out)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        len += strlen(strings[i]) + terminated;
    struct text *text = calloc(1, sizeof *text + len);
    if (!text)
        return DAGGER_NOMEM;
    text->base.ops = &text_ops;
    for (size_t i = 0; i < count; i++) {
        size_t part = strlen(strings[i]) + terminated;
        memcpy(text->bytes + text->len, strings[i], part);
        text->len += part;
    }
    *out = &text->base;
    return 0;
}
