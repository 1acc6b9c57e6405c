/* A stream of data and the table a stream kind fills in.
 *
 * A kind is one file ending in one const `struct dagger_stream_ops` and one open function, named in
 * one row of streams/scheme.c. Kinds know nothing of WebAssembly: pointers they get are host
 * pointers that have been checked.
 *
 * The functions dagger_stream_*() are the only way in. They hold, once and for all kinds: direction
 * checks (a NULL operation is NOTSUP), the retry after EINTR, the loop over short writes, gathering
 * of small writes, and the error kept for the next call after a write that was cut short.
 */
#ifndef DAGGER_STREAMS_STREAM_H
#define DAGGER_STREAMS_STREAM_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "url.h"

struct dagger_stream;
struct dagger_reply;
struct dagger_node_ops;
struct dagger_directory_ops;

/* How a stream ends. After a trap, or when a guest with another status than 0 has left it open,
 * what was promised "whole or not at all" (file, atomic=1) does not appear; all else is delivered
 * as on a normal end. */
enum dagger_ending { DAGGER_END_NORMAL, DAGGER_END_TRAP };

struct dagger_stream_ops {
    const char *kind; /* for messages: "file", "http", ... */

    /* Reads at most `len` (> 0) bytes; blocks until there is at least one. Returns bytes read, 0 at
     * the end of the stream, or a negative error. */
    int64_t (*read)(struct dagger_stream *stream, void *data, size_t len);

    /* Writes at least one and at most `len` (> 0) bytes. Returns bytes written or a negative error;
     * with an error nothing was written. */
    int64_t (*write)(struct dagger_stream *stream, const void *data, size_t len);

    /* Hands on what the kind itself still holds; the gathered bytes have been written before. NULL:
     * nothing to do. Returns 0 or a negative error. */
    int (*flush)(struct dagger_stream *stream);

    /* Says to whoever is at the other end that nothing more is written, now. NULL: NOTSUP. Returns
     * 0 or a negative error. */
    int (*end_writing)(struct dagger_stream *stream);

    /* Releases everything, the object too, whatever it returns: 0 or a negative error other than
     * INTERRUPTED. flush was called before, whether or not it failed. */
    int (*close)(struct dagger_stream *stream, enum dagger_ending ending);

    /* Optional operations, of streams that are opened by node.h's functions; NULL: none. */
    const struct dagger_node_ops *node;
    const struct dagger_directory_ops *directory;
};

/* Bytes gathered before they are written. Two streams over one host descriptor share one. What
 * could not be written stays, so that flush says so each time it is asked; the kind empties the
 * buffer when its last stream is closed. */
struct dagger_buffer {
    uint8_t *data;
    size_t len; /* bytes held, <= cap */
    size_t cap;
};

/* Set by a signal handler: what waits and is interrupted, by that signal, fails with TIMEOUT. */
extern volatile sig_atomic_t dagger_streams_stop;

/* First member of every kind's object. A kind's open function sets ops and, if it wants small
 * writes gathered, out; all else is zero. */
struct dagger_stream {
    const struct dagger_stream_ops *ops;
    const char *scheme;        /* of the URL that it was opened by; NULL: by none */
    struct dagger_buffer *out; /* NULL: each write goes to ops->write at once; owned by the kind */
    bool line_buffered;        /* with out: a write that has a newline is handed on at once */
    int pending;               /* error of a write that was cut short, for the next call; or 0 */
    int error;                 /* the last one of a call, or 0. The process's, as the next two: */
    uint64_t read, written;    /* bytes */
    int64_t deadline; /* nanoseconds of CLOCK_MONOTONIC: from then on what would have to wait is
                         TIMEOUT; 0: none. Kinds that wait look at it: wait.h */
};

/* What the process tells stream kinds of the world they are opened in. All strings are borrowed and
 * live as long as the process. Filled by the runtime's start-up; tests fill their own. */
struct dagger_host {
    const char *root;    /* directory that file:// paths are resolved beneath; NULL: "." */
    const char *ca_file; /* PEM certificates to trust instead of the system's; NULL: system's */
    bool no_links;       /* file: a symbolic link is PERM, wherever in a path: policy knows paths,
                            and not where links lead */
    int connect_timeout_ms; /* http(s), tcp; 0: the default of 10 000 */
    int idle_timeout_ms;    /* http(s), tcp; 0: the default of 60 000 */
    bool deny_private;      /* http(s), tcp: connect to public addresses only, see address.h */
    /* What the guest may know of how it was started. The program's name comes first; "NAME=VALUE"
     * of what was let through only. Both end with NULL, and may be NULL: none. */
    const char *const *arguments;
    const char *const *environment;
    /* Policy: may this URL be opened? NULL: everything may. Asked by the process before a scheme's
     * open, and by http(s) again for the URL that is really requested. */
    bool (*allowed)(const struct dagger_host *host, const struct dagger_url *url);
    /* Adds the rules of the policy to the answer of control://. NULL: `allowed` has none to tell.
     */
    void (*rules)(struct dagger_reply *reply);
    /* Does a command of control:// and adds to its answer. Returns 0 or a negative error. NULL:
     * control:// is UNAVAIL. */
    int (*control)(const struct dagger_host *host, struct dagger_slice command,
                   struct dagger_reply *reply);
};

/* One row a scheme. open returns 0 and a new stream, or a negative error and leaves *out alone. A
 * row with a NULL open is known but not part of this executable: UNAVAIL. */
struct dagger_scheme {
    const char *name; /* lower case */
    int (*open)(const struct dagger_host *host, const struct dagger_url *url,
                struct dagger_stream **out);
};
extern const struct dagger_scheme dagger_schemes[]; /* ends with a row whose name is NULL */

/* Called once, before the process opens any descriptor of its own: occupies those of 0, 1 and 2
 * that are closed (`app >&-`), so that no other file gets the number and receives what is meant for
 * standard output or error. May be called again. */
void dagger_streams_start(void);

/* Parses `len` bytes as a URL, asks the policy, finds the scheme and opens. Returns 0 and a stream
 * to be given to dagger_stream_close, or a negative error. */
int dagger_stream_open(const struct dagger_host *host, const char *url, size_t len,
                       struct dagger_stream **out);

/* The same with a table of one's own. */
int dagger_stream_open_in(const struct dagger_scheme *schemes, const struct dagger_host *host,
                          const char *url, size_t len, struct dagger_stream **out);

/* As the ABI's calls (docs/abi.md): results are counts or negative errors, never
 * DAGGER_INTERRUPTED. len may be 0 (returns 0) and is at most 2^31-1. */
int64_t dagger_stream_read(struct dagger_stream *stream, void *data, size_t len);
int64_t dagger_stream_write(struct dagger_stream *stream, const void *data, size_t len);
int dagger_stream_flush(struct dagger_stream *stream);

/* Flushes, releases, and returns the first error of the two. The pointer is invalid afterwards. */
int dagger_stream_close(struct dagger_stream *stream, enum dagger_ending ending);

/* For kinds that keep nothing: a new stream, or DAGGER_NOMEM; and its close. */
int dagger_stream_new(const struct dagger_stream_ops *ops, struct dagger_stream **out);
int dagger_stream_free(struct dagger_stream *stream, enum dagger_ending ending);

/* For kinds: writes the gathered bytes, without ops->flush. Returns 0 or a negative error; then
 * what is left stays gathered. Must not be called from ops->write. */
int dagger_stream_drain(struct dagger_stream *stream);

/* The short way of dagger_stream_write, for guests that write byte by byte: if the byte only needs
 * to be gathered, does so and returns true. Otherwise nothing has happened. A leaf without a stack
 * frame when inlined, which is half of its speed. */
static inline bool dagger_stream_put(struct dagger_stream *stream, uint8_t byte)
{
    struct dagger_buffer *out = stream->out;
    if (!out || stream->line_buffered || stream->pending || out->len >= out->cap)
        return false;
    out->data[out->len++] = byte;
    return true;
}

#endif
