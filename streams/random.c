/* random://: the kernel's cryptographically secure bytes, straight into the reader's memory. */
#include <errno.h>
#include <sys/random.h>

#include "kinds.h"

/* Always the full length: getrandom() gives less for long requests and when a signal comes. */
static int64_t random_read(struct dagger_stream *stream, void *data, size_t len)
{
    (void)stream;
    uint8_t *bytes = data;
    size_t done = 0;
    while (done < len) {
        ssize_t count = getrandom(bytes + done, len - done, 0);
        if (count > 0)
            done += (size_t)count;
        else if (count == 0)
            return DAGGER_IO;
        else if (errno != EINTR)
            return dagger_error_from_errno(errno);
    }
    return (int64_t)len;
}

static const struct dagger_stream_ops random_ops = {
    .kind = "random",
    .read = random_read,
    .close = dagger_stream_free,
};

int dagger_random_open(const struct dagger_host *host, const struct dagger_url *url,
                       struct dagger_stream **out)
{
    (void)host;
    if (!dagger_url_is_plain(url, false, false))
        return DAGGER_BADINPUT;
    return dagger_stream_new(&random_ops, out);
}
