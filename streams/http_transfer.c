#include "http_transfer.h"

#include <string.h>

#include "error.h"
#include "http_connection.h"
#include "http_tls.h"
#include "now.h"

enum {
    STASH_MAX = 64 * 1024,   /* a read of the connection fits, so that pausing is rare */
    DISCARD_MAX = 64 * 1024, /* more than this is dearer than a new connection */
    WAIT_MS = 1000,          /* the idle time is looked at that often */
};

/* Ends the exchange; the first error counts. libcurl drops the connection if it is in use. */
static void end_transfer(struct http_transfer *transfer, int error)
{
    if (transfer->ended)
        return;
    transfer->ended = true;
    if (!transfer->error)
        transfer->error = error;
    transfer->pool->curl->multi_remove_handle(transfer->pool->multi, transfer->easy);
}

/* Did the body end with the connection, and that without a word of the peer? */
static bool is_cut_off(const struct http_transfer *transfer)
{
    const struct http_response *response = &transfer->response;
    bool has_body = !transfer->is_head && response->status != 204 && response->status != 304;
    return has_body && !response->framed && transfer->tls_session &&
           !dagger_http_tls_closed(transfer->tls_session);
}

void dagger_http_transfer_ended(struct http_transfer *transfer, CURLcode code)
{
    int error = dagger_http_connection_error(&transfer->connection, code);
    if (!error && (!transfer->response.complete || is_cut_off(transfer)))
        error = DAGGER_IO;
    /* What libcurl also says of a header line that is longer than it takes. */
    if (code == CURLE_OUT_OF_MEMORY && transfer->connected)
        error = DAGGER_IO;
    end_transfer(transfer, error);
}

/* libcurl asks for bytes of the body. */
static size_t on_send(char *room, size_t size, size_t count, void *user)
{
    struct http_transfer *transfer = user;
    size_t len = size * count;
    if (transfer->send_len) {
        if (len > transfer->send_len)
            len = transfer->send_len;
        memcpy(room, transfer->send, len);
        transfer->send += len;
        transfer->send_len -= len;
        return len;
    }
    if (transfer->send_ended)
        return 0;
    transfer->send_paused = true;
    return CURL_READFUNC_PAUSE;
}

/* libcurl hands out a line of the response's head, or of its trailers. */
static size_t on_line(char *line, size_t size, size_t count, void *user)
{
    struct http_transfer *transfer = user;
    transfer->error = dagger_http_response_line(&transfer->response, line, size * count);
    if (transfer->response.complete && !transfer->tls_session)
        transfer->tls_session = dagger_http_tls_session(transfer->pool->curl, transfer->easy);
    return transfer->error ? 0 : size * count;
}

/* libcurl hands out bytes of the body; all are taken, or none. */
static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    struct http_transfer *transfer = user;
    size_t len = size * count;
    if (transfer->discard) {
        transfer->discarded += len;
        return len;
    }
    size_t direct = 0;
    if (!dagger_http_bytes_len(&transfer->response.head) &&
        !dagger_http_bytes_len(&transfer->stash)) {
        direct = transfer->room_len - transfer->received;
        if (direct > len)
            direct = len;
    }
    if (len > direct) {
        int error = dagger_http_bytes_add(&transfer->stash, data + direct, len - direct, STASH_MAX);
        if (error == DAGGER_NOSPACE) {
            transfer->receive_paused = true;
            return CURL_WRITEFUNC_PAUSE;
        }
        if (error) {
            transfer->error = error;
            return 0;
        }
    }
    if (direct)
        memcpy(transfer->room + transfer->received, data, direct);
    transfer->received += direct;
    return len;
}

/* The connection stands, TLS included, and the request is about to be sent. */
static int on_connected(void *user, char *peer_ip, char *local_ip, int peer_port, int local_port)
{
    (void)peer_ip, (void)local_ip, (void)peer_port, (void)local_port;
    struct http_transfer *transfer = user;
    transfer->connected = true;
    return CURL_PREREQFUNC_OK;
}

static bool set_callbacks(struct http_transfer *transfer)
{
    const struct http_curl *curl = transfer->pool->curl;
    CURL *easy = transfer->easy;
    return !curl->easy_setopt(easy, CURLOPT_PRIVATE, transfer) &&
           !curl->easy_setopt(easy, CURLOPT_READFUNCTION, on_send) &&
           !curl->easy_setopt(easy, CURLOPT_READDATA, transfer) &&
           !curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_line) &&
           !curl->easy_setopt(easy, CURLOPT_HEADERDATA, transfer) &&
           !curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) &&
           !curl->easy_setopt(easy, CURLOPT_WRITEDATA, transfer) &&
           !curl->easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected) &&
           !curl->easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
}

int dagger_http_transfer_start(struct http_transfer *transfer, struct http_pool *pool,
                               const struct http_request *request)
{
    transfer->pool = pool;
    transfer->easy = pool->curl->easy_init();
    if (!transfer->easy || !set_callbacks(transfer))
        return DAGGER_NOMEM;
    int error = dagger_http_setup(transfer, request);
    if (!error && pool->curl->multi_add_handle(pool->multi, transfer->easy) != CURLM_OK)
        error = DAGGER_NOMEM;
    return error;
}

void dagger_http_transfer_release(struct http_transfer *transfer)
{
    if (transfer->easy) {
        end_transfer(transfer, 0);
        transfer->pool->curl->easy_cleanup(transfer->easy);
        transfer->pool->curl->slist_free_all(transfer->fields);
    }
    dagger_http_bytes_release(&transfer->response.head);
    dagger_http_bytes_release(&transfer->stash);
    *transfer = (struct http_transfer){0};
}

/* Lets libcurl call again for a direction that a callback has paused. It may do so before this
 * returns. */
static void resume(struct http_transfer *transfer, bool *paused)
{
    if (!*paused || transfer->ended)
        return;
    *paused = false;
    int still = (transfer->send_paused ? CURLPAUSE_SEND : 0) |
                (transfer->receive_paused ? CURLPAUSE_RECV : 0);
    CURLcode code = transfer->pool->curl->easy_pause(transfer->easy, still);
    if (code)
        end_transfer(transfer, dagger_http_error(code));
}

typedef bool transfer_condition(const struct http_transfer *transfer);

/* Moves all transfers on until this one has ended or fulfils the condition. Connecting is timed by
 * libcurl, waiting after that here: the time restarts whenever a connection is ready, so that a
 * peer may be slow but not silent. */
static void wait_until(struct http_transfer *transfer, transfer_condition *fulfilled)
{
    int64_t last = 0;
    while (!transfer->ended) {
        if (!dagger_http_pool_perform(transfer->pool))
            end_transfer(transfer, DAGGER_IO);
        if (transfer->ended || fulfilled(transfer))
            return;
        int64_t now = dagger_now(CLOCK_MONOTONIC) / 1000000;
        if (!last || !transfer->connected)
            last = now;
        int64_t end = last + transfer->idle_timeout_ms;
        if (transfer->deadline && transfer->deadline / 1000000 < end)
            end = transfer->deadline / 1000000;
        int64_t left = end - now;
        if (left <= 0)
            end_transfer(transfer, DAGGER_TIMEOUT);
        else if (dagger_http_pool_wait(transfer->pool, left < WAIT_MS ? (int)left : WAIT_MS))
            last = 0;
    }
}

bool dagger_http_transfer_is_refused(const struct http_transfer *transfer)
{
    return transfer->response.complete && transfer->response.status >= 300;
}

static bool has_taken_all(const struct http_transfer *transfer)
{
    return !transfer->send_len || dagger_http_transfer_is_refused(transfer);
}

int64_t dagger_http_transfer_send(struct http_transfer *transfer, const void *data, size_t len)
{
    if (dagger_http_transfer_is_refused(transfer))
        return DAGGER_PIPE;
    transfer->send = data;
    transfer->send_len = len;
    resume(transfer, &transfer->send_paused);
    wait_until(transfer, has_taken_all);
    size_t taken = len - transfer->send_len;
    transfer->send = NULL;
    transfer->send_len = 0;
    if (taken)
        return (int64_t)taken;
    return transfer->error ? transfer->error : DAGGER_PIPE;
}

/* libcurl asks for more only when all it had was sent; at the end of the body, it counts. */
static bool has_left(const struct http_transfer *transfer)
{
    const struct http_curl *curl = transfer->pool->curl;
    if (transfer->response.complete)
        return true;
    if (transfer->has_body && !transfer->send_ended)
        return transfer->send_paused;
    long head = 0;
    curl_off_t body = 0;
    curl->easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &head);
    curl->easy_getinfo(transfer->easy, CURLINFO_SIZE_UPLOAD_T, &body);
    return head > 0 && body >= transfer->content_length;
}

int dagger_http_transfer_flush(struct http_transfer *transfer)
{
    wait_until(transfer, has_left);
    return transfer->error;
}

void dagger_http_transfer_end_body(struct http_transfer *transfer)
{
    transfer->send_ended = true;
    resume(transfer, &transfer->send_paused);
}

static bool has_received(const struct http_transfer *transfer)
{
    return transfer->response.complete &&
           (transfer->received || dagger_http_bytes_len(&transfer->response.head) ||
            dagger_http_bytes_len(&transfer->stash));
}

static size_t take_held(struct http_transfer *transfer, void *data, size_t len)
{
    size_t taken = 0;
    if (transfer->response.complete)
        taken = dagger_http_bytes_take(&transfer->response.head, data, len);
    if (taken < len)
        taken += dagger_http_bytes_take(&transfer->stash, (char *)data + taken, len - taken);
    return taken;
}

int64_t dagger_http_transfer_receive(struct http_transfer *transfer, void *data, size_t len)
{
    size_t held = take_held(transfer, data, len);
    if (held)
        return (int64_t)held;
    transfer->room = data;
    transfer->room_len = len;
    transfer->received = 0;
    resume(transfer, &transfer->receive_paused);
    if (!transfer->received)
        wait_until(transfer, has_received);
    size_t received = transfer->received;
    transfer->room = NULL;
    transfer->room_len = transfer->received = 0;
    if (!received)
        received = take_held(transfer, data, len);
    if (received)
        return (int64_t)received;
    return transfer->error == DAGGER_PIPE ? DAGGER_IO : transfer->error;
}

static bool has_answer(const struct http_transfer *transfer)
{
    return transfer->response.complete;
}

int dagger_http_transfer_finish(struct http_transfer *transfer)
{
    wait_until(transfer, has_answer);
    if (transfer->error)
        return transfer->error;
    transfer->discard = true;
    resume(transfer, &transfer->receive_paused);
    for (size_t before = SIZE_MAX;
         !transfer->ended && before != transfer->discarded && transfer->discarded < DISCARD_MAX;) {
        before = transfer->discarded;
        if (!dagger_http_pool_perform(transfer->pool))
            break;
    }
    return 0;
}
