#include "process.h"

#include <stdlib.h>

#include "control.h"

#define FIRST_SLOTS 8

DAGGER_SELDOM void dagger_process_init(struct dagger_process *process,
                                       const struct dagger_host *host)
{
    *process = (struct dagger_process){.host = *host, .limit = DAGGER_STREAMS_DEFAULT};
    process->host.control = dagger_process_control;
    dagger_streams_start();
}

/* Allocates at least one more slot. */
static int grow(struct dagger_process *process)
{
    if (process->cap >= process->limit) {
        process->limit_met = "limit of open streams";
        return DAGGER_TOOMANY;
    }
    size_t cap = process->cap ? process->cap * 2 : FIRST_SLOTS;
    if (cap > process->limit)
        cap = process->limit;
    struct dagger_slot *slots = realloc(process->slots, cap * sizeof *slots);
    if (!slots)
        return DAGGER_NOMEM;
    process->slots = slots;
    process->cap = cap;
    return 0;
}

/* Finds the lowest free slot: its descriptor, or an error. */
static int32_t reserve(struct dagger_process *process)
{
    size_t sd = process->lowest;
    while (sd < process->len && process->slots[sd].stream)
        sd++;
    process->lowest = sd;
    int error = sd == process->cap ? grow(process) : 0;
    return error ? error : (int32_t)sd;
}

static void occupy(struct dagger_process *process, int32_t sd, struct dagger_stream *stream,
                   void *attached)
{
    process->slots[sd] = (struct dagger_slot){.stream = stream, .attached = attached};
    process->opened++;
    process->lowest = (size_t)sd + 1;
    if (process->len < process->lowest)
        process->len = process->lowest;
}

DAGGER_SELDOM int32_t dagger_process_open(struct dagger_process *process, const char *url,
                                          size_t len)
{
    /* The slot comes first: an open that has no place must not have created or emptied a file. */
    int32_t sd = reserve(process);
    struct dagger_stream *stream;
    int error = sd < 0 ? sd : dagger_stream_open(&process->host, url, len, &stream);
    if (error)
        return error;
    occupy(process, sd, stream, NULL);
    return sd;
}

DAGGER_SELDOM int32_t dagger_process_add(struct dagger_process *process,
                                         struct dagger_stream *stream, void *attached)
{
    int32_t sd = reserve(process);
    if (sd >= 0)
        occupy(process, sd, stream, attached);
    return sd;
}

size_t dagger_process_room(struct dagger_process *process, const struct dagger_slot *slot,
                           size_t len)
{
    if (!process->stream_bytes)
        return len;
    uint64_t left = process->stream_bytes - slot->stream->read -
                    slot->stream->written; /* never more than allowed */
    if (left >= len)
        return len;
    process->limit_met = "limit of bytes of a stream";
    return (size_t)left;
}

/* The slot is free before the stream is closed: should that end the process, it is not there. */
static int empty(struct dagger_process *process, struct dagger_slot *slot,
                 enum dagger_ending ending)
{
    struct dagger_slot old = *slot;
    *slot = (struct dagger_slot){0};
    free(old.attached);
    if (!old.stream)
        return 0;
    process->read += old.stream->read;
    process->written += old.stream->written;
    return dagger_stream_close(old.stream, ending);
}

DAGGER_SELDOM int32_t dagger_process_close(struct dagger_process *process, uint32_t sd)
{
    struct dagger_slot *slot = dagger_process_slot(process, sd);
    if (!slot)
        return DAGGER_BADSD;
    if (sd < process->lowest)
        process->lowest = sd;
    return empty(process, slot, DAGGER_END_NORMAL);
}

DAGGER_SELDOM int32_t dagger_process_move(struct dagger_process *process, uint32_t from,
                                          uint32_t to)
{
    struct dagger_slot *old = dagger_process_slot(process, from),
                       *slot = dagger_process_slot(process, to);
    if (!old || !slot)
        return DAGGER_BADSD;
    if (old == slot)
        return 0;
    int error = empty(process, slot, DAGGER_END_NORMAL);
    *slot = *old;
    *old = (struct dagger_slot){0};
    if (from < process->lowest)
        process->lowest = from;
    return error;
}

int32_t dagger_process_read(struct dagger_process *process, uint32_t sd, void *data, size_t len)
{
    struct dagger_slot *slot = dagger_process_slot(process, sd);
    if (!slot)
        return DAGGER_BADSD;
    size_t room = len ? dagger_process_room(process, slot, len) : 0;
    if (len && !room)
        return DAGGER_PERM;
    struct dagger_stream *stream = slot->stream;
    return (int32_t)dagger_process_count(stream, &stream->read,
                                         dagger_stream_read(stream, data, room));
}

int32_t dagger_process_write(struct dagger_process *process, uint32_t sd, const void *data,
                             size_t len)
{
    struct dagger_slot *slot = dagger_process_slot(process, sd);
    if (!slot)
        return DAGGER_BADSD;
    size_t room = len ? dagger_process_room(process, slot, len) : 0;
    if (len && !room)
        return DAGGER_NOSPACE;
    struct dagger_stream *stream = slot->stream;
    return (int32_t)dagger_process_count(stream, &stream->written,
                                         dagger_stream_write(stream, data, room));
}

DAGGER_SELDOM int32_t dagger_process_flush(struct dagger_process *process, uint32_t sd)
{
    struct dagger_slot *slot = dagger_process_slot(process, sd);
    if (!slot)
        return DAGGER_BADSD;
    int error = dagger_stream_flush(slot->stream);
    if (error)
        slot->stream->error = error;
    return error;
}

DAGGER_SELDOM int dagger_process_end(struct dagger_process *process, enum dagger_ending ending)
{
    int first = 0;
    for (size_t sd = 0; sd < process->len; sd++) {
        int error = empty(process, &process->slots[sd], ending);
        if (!first)
            first = error;
    }
    free(process->slots);
    process->slots = NULL;
    process->len = process->cap = process->lowest = 0;
    return first;
}
