/* null:// and zero://. */
#include <string.h>

#include "kinds.h"

static int64_t null_read(struct dagger_stream *stream, void *data, size_t len)
{
    (void)stream, (void)data, (void)len;
    return 0;
}

static int64_t zero_read(struct dagger_stream *stream, void *data, size_t len)
{
    (void)stream;
    memset(data, 0, len);
    return (int64_t)len;
}

static int64_t null_write(struct dagger_stream *stream, const void *data, size_t len)
{
    (void)stream, (void)data;
    return (int64_t)len;
}

static const struct dagger_stream_ops null_ops = {
    .kind = "null",
    .read = null_read,
    .write = null_write,
    .close = dagger_stream_free,
};

static const struct dagger_stream_ops zero_ops = {
    .kind = "zero",
    .read = zero_read,
    .write = null_write,
    .close = dagger_stream_free,
};

int dagger_null_open(const struct dagger_host *host, const struct dagger_url *url,
                     struct dagger_stream **out)
{
    (void)host;
    if (!dagger_url_is_plain(url, false, false))
        return DAGGER_BADINPUT;
    return dagger_stream_new(dagger_slice_is(url->scheme, "zero") ? &zero_ops : &null_ops, out);
}
