#include "process.h"

#include <stdlib.h>

#define FIRST_SLOTS 8

DAGGER_SELDOM void dagger_process_init(struct dagger_process *process,
                                       const struct dagger_host *host)
{
    *process = (struct dagger_process){.host = *host, .limit = DAGGER_STREAMS_DEFAULT};
    dagger_streams_start();
}

/* Allocates at least one more slot. */
static int grow(struct dagger_process *process)
{
    if (process->cap >= process->limit)
        return DAGGER_TOOMANY;
    size_t cap = process->cap ? process->cap * 2 : FIRST_SLOTS;
    if (cap > process->limit)
        cap = process->limit;
    struct dagger_stream **streams =
        realloc(process->streams, cap * sizeof(struct dagger_stream *));
    if (!streams)
        return DAGGER_NOMEM;
    process->streams = streams;
    process->cap = cap;
    return 0;
}

DAGGER_SELDOM int32_t dagger_process_open(struct dagger_process *process, const char *url,
                                          size_t len)
{
    size_t sd = process->lowest;
    while (sd < process->len && process->streams[sd])
        sd++;
    process->lowest = sd;
    /* The slot comes first: an open that has no place must not have created or emptied a file. */
    if (sd == process->cap) {
        int error = grow(process);
        if (error)
            return error;
    }
    struct dagger_stream *stream;
    int error = dagger_stream_open(&process->host, url, len, &stream);
    if (error)
        return error;
    process->streams[sd] = stream;
    if (sd == process->len)
        process->len++;
    process->lowest = sd + 1;
    return (int32_t)sd;
}

static struct dagger_stream *stream_at(const struct dagger_process *process, uint32_t sd)
{
    return sd < process->len ? process->streams[sd] : NULL;
}

DAGGER_SELDOM int32_t dagger_process_close(struct dagger_process *process, uint32_t sd)
{
    struct dagger_stream *stream = stream_at(process, sd);
    if (!stream)
        return DAGGER_BADSD;
    process->streams[sd] = NULL;
    if (sd < process->lowest)
        process->lowest = sd;
    return dagger_stream_close(stream, DAGGER_END_NORMAL);
}

int32_t dagger_process_read(struct dagger_process *process, uint32_t sd, void *data, size_t len)
{
    struct dagger_stream *stream = stream_at(process, sd);
    return stream ? (int32_t)dagger_stream_read(stream, data, len) : DAGGER_BADSD;
}

int32_t dagger_process_write(struct dagger_process *process, uint32_t sd, const void *data,
                             size_t len)
{
    struct dagger_stream *stream = stream_at(process, sd);
    return stream ? (int32_t)dagger_stream_write(stream, data, len) : DAGGER_BADSD;
}

DAGGER_SELDOM int32_t dagger_process_flush(struct dagger_process *process, uint32_t sd)
{
    struct dagger_stream *stream = stream_at(process, sd);
    return stream ? dagger_stream_flush(stream) : DAGGER_BADSD;
}

DAGGER_SELDOM int dagger_process_end(struct dagger_process *process, enum dagger_ending ending)
{
    int first = 0;
    for (size_t sd = 0; sd < process->len; sd++) {
        struct dagger_stream *stream = process->streams[sd];
        /* Taken out first: should closing it end the process a second time, it is not there. */
        process->streams[sd] = NULL;
        int error = stream ? dagger_stream_close(stream, ending) : 0;
        if (!first)
            first = error;
    }
    free(process->streams);
    process->streams = NULL;
    process->len = process->cap = process->lowest = 0;
    return first;
}
