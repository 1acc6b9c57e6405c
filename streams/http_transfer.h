/* One HTTP exchange over libcurl, as blocking calls on the caller's memory.
 *
 * The body of either direction is copied once, between libcurl's buffer and the memory the caller
 * gives to send or receive. Nothing is asked of the peer that the caller does not wait for: a
 * direction nobody waits for is paused, so that memory stays bounded (one libcurl buffer each way
 * and a stash of the same size) whatever the length of the bodies.
 *
 * Errors: DAGGER_CONNECT, DAGGER_TLS, DAGGER_TIMEOUT, DAGGER_NOMEM, DAGGER_PIPE (the peer takes no
 * more), DAGGER_IO (all else: a broken response, a body that ends early).
 */
#ifndef DAGGER_STREAMS_HTTP_TRANSFER_H
#define DAGGER_STREAMS_HTTP_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http_connection.h"
#include "http_head.h"
#include "http_origin.h"
#include "http_pool.h"
#include "http_response.h"
#include "stream.h"

/* What is to be requested. Strings and slices are only read while it is started. */
struct http_request {
    const struct http_origin *origin;
    const struct dagger_host *host;
    struct dagger_slice method, target;
    struct dagger_slice fields; /* see dagger_http_field_next */
    bool close;                 /* the connection is not to be used again */
    bool has_body;
    int64_t content_length; /* with has_body: of the body, or -1: sent in chunks */
};

/* All zero until it is started; must stay where it is until it is released. */
struct http_transfer {
    struct http_pool *pool;
    CURL *easy;
    struct curl_slist *fields;
    int idle_timeout_ms;
    int64_t deadline; /* as struct dagger_stream has it; set before each call that may wait */
    struct http_connection connection;
    int64_t content_length;
    bool has_body;
    bool is_head; /* the response has no body */

    /* What the caller waits with: bytes to be sent, room for bytes to be received. */
    const uint8_t *send;
    size_t send_len;
    uint8_t *room;
    size_t room_len, received;

    struct http_response response;
    const void *tls_session; /* what the response comes over, see http_tls.h; NULL: plain TCP */
    struct http_bytes stash; /* body bytes that came when there was no room */
    size_t discarded;        /* body bytes nobody wants, when `discard` */
    bool discard;

    bool send_ended; /* the body is complete once `send` has gone */
    bool send_paused, receive_paused;
    bool connected; /* the connection stands, from here on the idle timeout counts */
    bool ended;     /* nothing more happens; `error` says how it went */
    int error;
};

/* Starts the exchange without waiting for anything. Returns 0 or a negative error; the object is to
 * be released in either case. */
int dagger_http_transfer_start(struct http_transfer *transfer, struct http_pool *pool,
                               const struct http_request *request);

/* Sends bytes of the body. Returns how many were taken (less than `len` if the peer answered
 * early), or a negative error; DAGGER_PIPE if the peer has refused the rest by its answer, which
 * can then be received, or does not listen any more. */
int64_t dagger_http_transfer_send(struct http_transfer *transfer, const void *data, size_t len);

/* Has the peer answered that it does not want the rest of the body (a status of 300 or more)? Then
 * none of it is sent any more. */
bool dagger_http_transfer_is_refused(const struct http_transfer *transfer);

/* Waits until what was given so far, the head at least, has left for the peer. */
int dagger_http_transfer_flush(struct http_transfer *transfer);

/* Says that the body is complete; sends what this takes when anything is next waited for. */
void dagger_http_transfer_end_body(struct http_transfer *transfer);

/* Receives response bytes, head first: at least one, or 0 at the end. */
int64_t dagger_http_transfer_receive(struct http_transfer *transfer, void *data, size_t len);

/* Waits until the peer has answered, and lets the connection be used again if the rest of the
 * answer is short and already there. Returns 0 or a negative error. */
int dagger_http_transfer_finish(struct http_transfer *transfer);

/* Drops the exchange, and the connection if the exchange is not over. */
void dagger_http_transfer_release(struct http_transfer *transfer);

/* For the pool: libcurl has finished with this exchange. */
void dagger_http_transfer_ended(struct http_transfer *transfer, CURLcode code);

/* For http_setup.c: makes transfer->easy do what the request says, its callbacks aside. Returns 0
 * or a negative error. */
int dagger_http_setup(struct http_transfer *transfer, const struct http_request *request);

#endif
