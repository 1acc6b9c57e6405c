/* Streams over a connected socket: what tcp, gopher and the listening kinds have in common, whoever
 * made the connection and whatever is between its bytes and the guest's.
 *
 * Small writes are gathered; a read sends them first, since the peer may answer nothing before it
 * has them. After a write that failed nothing more can be sent, and what was gathered is dropped,
 * but what the peer has sent can still be read.
 */
#ifndef DAGGER_STREAMS_SOCKET_H
#define DAGGER_STREAMS_SOCKET_H

#include "stream.h"

enum {
    DAGGER_SOCKET_GATHERED = 16 * 1024,
    DAGGER_SOCKET_AHEAD =
        16 * 1024,          /* a TLS record's most; longer reads go to the reader's memory */
    DAGGER_NOT_YET = -2000, /* beside the errors: nothing has come, nothing is taken */
};

struct dagger_socket;

/* How bytes get into and out of the connection. Neither waits; `len` is over 0. */
struct dagger_transport {
    /* A count, 0 at the end, DAGGER_NOT_YET, or a negative error, which like the end is the last
     * answer that is asked for. */
    int64_t (*receive)(struct dagger_socket *socket, void *data, size_t len);
    /* A count over 0, DAGGER_NOT_YET or a negative error. */
    int64_t (*send)(struct dagger_socket *socket, const void *data, size_t len);
    /* Ends the connection; the object stays. */
    void (*release)(struct dagger_socket *socket);
    bool ends_whole; /* one direction can't be ended alone */
};

/* Begins the object of a kind, which is all zero from calloc() before dagger_socket_init. */
struct dagger_socket {
    struct dagger_stream base;
    const struct dagger_transport *transport;
    int fd; /* to be waited for */
    int idle_timeout_ms;
    bool nonblock;   /* of node.h's operations; the five calls wait */
    bool cut;        /* it was reset, as a send was told: the end is none */
    bool ended;      /* nothing more comes; */
    int end;         /* 0, or why */
    int write_error; /* of the write that was the last one */
    size_t at, len;  /* what was read ahead and not yet read: ahead[at] to ahead[len - 1] */
    uint8_t ahead[DAGGER_SOCKET_AHEAD];
    struct dagger_buffer out;
    uint8_t gathered[DAGGER_SOCKET_GATHERED];
};

/* Fills the object of a connection that is made, or is about to be. */
void dagger_socket_init(struct dagger_socket *socket, const struct dagger_stream_ops *ops,
                        const struct dagger_transport *transport, int fd,
                        const struct dagger_host *host);

/* A new stream over the connected stream socket `fd` of the kernel, of whatever family; its file
 * status flags don't matter and are left alone. Takes the descriptor: it is closed with the stream,
 * and here if there is no memory. Returns 0 or DAGGER_NOMEM. */
int dagger_socket_new(int fd, const struct dagger_host *host, struct dagger_stream **out);

/* Operations for the tables of kinds. */
int64_t dagger_socket_read(struct dagger_stream *stream, void *data, size_t len);
int64_t dagger_socket_write(struct dagger_stream *stream, const void *data, size_t len);
int dagger_socket_end_writing(struct dagger_stream *stream);
int dagger_socket_close(struct dagger_stream *stream, enum dagger_ending ending);
extern const struct dagger_node_ops dagger_socket_node;

/* Milliseconds that may pass without a byte. */
int dagger_idle_timeout(const struct dagger_host *host);

#endif
