/* random_get, sched_yield. */
#include <sched.h>

#include "wasi.h"

/* From random://, as every random byte a guest gets; but it is no URL that anybody need allow. */
uint32_t wasi_random_get(struct w2c_dagger *imports, uint32_t at, uint32_t len)
{
    static const char url[] = "random://";
    static const struct dagger_host host;
    uint8_t *bytes = wasi_at(imports, at, len);
    struct dagger_stream *stream;
    if (!bytes)
        return WASI_FAULT;
    int error = dagger_stream_open(&host, url, sizeof url - 1, &stream);
    if (error)
        return wasi_from_stream(error);
    int64_t count = 0;
    for (size_t done = 0; done < len && count >= 0; done += (size_t)count) {
        size_t part = len - done < INT32_MAX ? len - done : INT32_MAX;
        count = dagger_stream_read(stream, bytes + done, part);
    }
    dagger_stream_close(stream, DAGGER_END_NORMAL);
    return count < 0 ? wasi_from_stream(count) : WASI_SUCCESS;
}

uint32_t wasi_sched_yield(struct w2c_dagger *imports)
{
    (void)imports;
    sched_yield();
    return WASI_SUCCESS;
}
