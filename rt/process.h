/* A guest's process: its slice of streams and the five calls over it, on host pointers.
 *
 * Whoever runs the guest (ahead-of-time code, an interpreter) checks pointers and lengths against
 * the guest's memory first and then calls these, so that both engines share them to the letter.
 */
#ifndef DAGGER_RT_PROCESS_H
#define DAGGER_RT_PROCESS_H

#include <stddef.h>
#include <stdint.h>

#include "stream.h"

/* Called seldom: compiled to be small where all else is compiled to be fast. */
#define DAGGER_SELDOM          __attribute__((cold))

#define DAGGER_STREAMS_DEFAULT 1024 /* streams a process may hold open at once */

struct dagger_slot {
    struct dagger_stream *stream; /* NULL: the slot is free */
    void *attached; /* what whoever added the stream keeps with it, from malloc(); or NULL */
};

struct dagger_process {
    struct dagger_host host;
    struct dagger_slot *slots; /* the slice; a descriptor is an offset into it */
    size_t len;                /* slots in use or freed below the highest one ever used */
    size_t cap;                /* slots allocated */
    size_t lowest;             /* no slot below this one is free */
    size_t limit;              /* slots allowed */
    uint64_t stream_bytes;     /* that may be read and written, of each stream; 0: any number */
    uint64_t opened;           /* streams so far, */
    uint64_t read, written;    /* and bytes of those that are closed */
    const char *limit_met;     /* what the last call was refused or cut for, for a trace, or NULL */
};

/* Makes an empty process; no allocation. `host` is copied. Comes before anything that opens a
 * descriptor: see dagger_streams_start. */
void dagger_process_init(struct dagger_process *process, const struct dagger_host *host);

/* The five calls of the ABI. `len` is at most 2^31-1. open: `url` is not NUL-terminated. Results as
 * docs/abi.md says: a descriptor, a count, 0, or a negative enum dagger_error. */
int32_t dagger_process_open(struct dagger_process *process, const char *url, size_t len);
int32_t dagger_process_close(struct dagger_process *process, uint32_t sd);
int32_t dagger_process_read(struct dagger_process *process, uint32_t sd, void *data, size_t len);
int32_t dagger_process_write(struct dagger_process *process, uint32_t sd, const void *data,
                             size_t len);
int32_t dagger_process_flush(struct dagger_process *process, uint32_t sd);

/* Takes an open stream into the lowest free slot, and `attached`, which is freed with it. Returns
 * the descriptor, or a negative error: both are the caller's still then. */
int32_t dagger_process_add(struct dagger_process *process, struct dagger_stream *stream,
                           void *attached);

/* Moves what is at `from` to `to`, both open, and closes what was there. Returns the error of that,
 * or 0. */
int32_t dagger_process_move(struct dagger_process *process, uint32_t from, uint32_t to);

/* The slot of an open stream, or NULL. Good until a stream is opened. */
static inline struct dagger_slot *dagger_process_slot(const struct dagger_process *process,
                                                      uint32_t sd)
{
    return sd < process->len && process->slots[sd].stream ? &process->slots[sd] : NULL;
}

/* How many of `len` bytes, at least one, may be read or written there: 0 if that is none. */
size_t dagger_process_room(struct dagger_process *process, const struct dagger_slot *slot,
                           size_t len);

/* That they were, as a transfer returned it: adds to `*bytes`, the stream's `read` or `written`, or
 * keeps the error. Returns the same. */
static inline int64_t dagger_process_count(struct dagger_stream *stream, uint64_t *bytes,
                                           int64_t result)
{
    if (result < 0)
        stream->error = (int)result;
    else
        *bytes += (uint64_t)result;
    return result;
}

/* Flushes and closes all streams in order of their descriptors and frees the slice. Returns 0 or
 * the first error. The process is empty afterwards and may be used or ended again. */
int dagger_process_end(struct dagger_process *process, enum dagger_ending ending);

/* The short way of one byte into a stream's buffer. False if it has to go by dagger_process_write;
 * nothing has happened then. */
static inline bool dagger_process_put(struct dagger_process *process, uint32_t sd, uint8_t byte)
{
    if (sd >= process->len || process->stream_bytes)
        return false;
    struct dagger_stream *stream = process->slots[sd].stream;
    if (!stream || !dagger_stream_put(stream, byte))
        return false;
    stream->written++;
    return true;
}

#endif
