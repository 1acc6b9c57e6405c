/* Streams over one HTTP exchange: http://host[:port]/path?query and https://...
 *
 * What is written is the request message, what is read is the response message; docs/abi.md says
 * what a guest may rely on. The stream goes one way at a time: the first read ends the request, and
 * nothing can be written after it.
 *
 * The head is checked when it is complete; an error in it, or an end that is missing at flush or
 * read, is BADINPUT and stays so. Nothing is sent before the head is complete and right.
 *
 * A body is what follows the head. It ends where Content-Length says, or at the first read or at
 * close. Fewer bytes than Content-Length, or more, are BADINPUT, and the connection is dropped.
 * Without Content-Length it is sent in chunks, whatever the method; HEAD and TRACE have none. POST,
 * PUT and PATCH have one even if it is empty.
 *
 * If the peer answers with a status of 300 or more before it has the whole body, writes return PIPE
 * and the answer can be read. A peer that answers well before the end gets the rest of the body
 * first, so one that sends a long answer while it still takes the body may wait for a guest that
 * waits for it; the idle timeout ends that.
 *
 * close without a read completes the request and waits for the answer's head, so that a guest that
 * posts and leaves knows from close that it was heard.
 *
 * A connection kept from an earlier stream may turn out to be closed by the peer. The request is
 * then sent again on a new one, unless bytes of its body are gone: that is IO. A request that must
 * not arrive twice (RFC 9110, section 9.2.2) and has no body is never sent on a kept one.
 *
 * Proxies of the environment, cookies, stored credentials and redirects are not used.
 */
#include "kinds.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "http_bytes.h"
#include "http_head.h"
#include "http_origin.h"
#include "http_transfer.h"

enum { GATHERED = 16 * 1024 };

enum http_phase {
    HTTP_HEAD,   /* the guest writes the head */
    HTTP_READY,  /* the head is complete, right and allowed; nothing has been started */
    HTTP_BODY,   /* the exchange has begun, more of the body may come */
    HTTP_SENT,   /* the request is complete */
    HTTP_ANSWER, /* the guest reads */
};

struct http {
    struct dagger_stream stream;
    const struct dagger_host *host;
    struct http_pool *pool;
    struct http_origin origin;
    char *opened_target; /* path and query of the opened URL */
    enum http_phase phase;
    int failure; /* the error that ended this stream, or 0 */
    bool told;   /* a read has returned it */

    struct http_bytes written; /* the head's text while the phase is HEAD or READY */
    size_t seen;               /* see dagger_http_head_end */
    struct http_head head;
    int64_t body_left; /* of Content-Length; -1: not given */

    struct http_transfer transfer;
    struct dagger_buffer out;
    uint8_t gathered[GATHERED];
};

static struct http *http_of(struct dagger_stream *stream)
{
    return (struct http *)stream;
}

/* Nothing can be sent or received from here on. */
static int fail(struct http *http, int error)
{
    http->failure = error;
    dagger_http_transfer_release(&http->transfer);
    return error;
}

static bool never_has_body(const struct http_head *head)
{
    return dagger_slice_is(head->method, "HEAD") || dagger_slice_is(head->method, "TRACE");
}

static bool always_has_body(const struct http_head *head)
{
    return dagger_slice_is(head->method, "POST") || dagger_slice_is(head->method, "PUT") ||
           dagger_slice_is(head->method, "PATCH");
}

static int check_head(struct http *http)
{
    struct http_head *head = &http->head;
    int error = dagger_http_head_parse(head, http->written.data, http->written.end);
    if (error)
        return error;
    const struct http_origin *origin = &http->origin;
    if (head->has_host && !dagger_http_host_agrees(head->host, origin->host, origin->host_is_ipv6,
                                                   origin->port, dagger_http_default_port(origin)))
        return DAGGER_BADINPUT;
    if (never_has_body(head) && (head->chunked || head->content_length > 0))
        return DAGGER_BADINPUT;
    return dagger_http_origin_allows(origin, http->host, head->target);
}

/* Takes bytes of the head, up to its end. An error in the head is the next call's. */
static int64_t write_head(struct http *http, const void *data, size_t len)
{
    struct http_bytes *written = &http->written;
    size_t before = written->end;
    size_t room = DAGGER_HTTP_HEAD_MAX - before;
    if (!room)
        return fail(http, DAGGER_BADINPUT);
    if (len > room)
        len = room;
    int error = dagger_http_bytes_add(written, data, len, DAGGER_HTTP_HEAD_MAX);
    if (error)
        return fail(http, error);
    size_t end = dagger_http_head_end(written->data, written->end, &http->seen);
    if (!end)
        return (int64_t)len;
    written->end = end;
    error = check_head(http);
    if (error)
        fail(http, error);
    else
        http->phase = HTTP_READY;
    return (int64_t)(end - before);
}

/* Starts the exchange. `body`: bytes of a body are at hand. */
static int begin(struct http *http, bool body)
{
    struct http_head *head = &http->head;
    if (body && never_has_body(head))
        return fail(http, DAGGER_BADINPUT);
    struct http_request request = {
        .origin = &http->origin,
        .host = http->host,
        .method = head->method,
        .target = head->target,
        .fields = head->fields,
        .close = head->close,
        .has_body = !never_has_body(head) &&
                    (body || head->chunked || head->content_length >= 0 || always_has_body(head)),
        .content_length = head->content_length,
    };
    int error = dagger_http_transfer_start(&http->transfer, http->pool, &request);
    dagger_http_bytes_release(&http->written);
    if (error)
        return fail(http, error);
    http->body_left = request.content_length;
    http->phase = request.has_body && http->body_left ? HTTP_BODY : HTTP_SENT;
    if (http->phase == HTTP_SENT)
        dagger_http_transfer_end_body(&http->transfer);
    return 0;
}

/* The peer's answer is all that can still come: what is written from now on is told so at once, and
 * what was gathered before has nowhere to go. */
static int64_t refuse_write(struct http *http, const uint8_t *data, size_t len)
{
    http->stream.out = NULL;
    bool gathered = data >= http->gathered && data < http->gathered + GATHERED;
    return gathered ? (int64_t)len : DAGGER_PIPE;
}

static int64_t write_body(struct http *http, const void *data, size_t len)
{
    if (http->body_left >= 0 && (uint64_t)http->body_left < len)
        len = (size_t)http->body_left;
    int64_t count = dagger_http_transfer_send(&http->transfer, data, len);
    if (count == DAGGER_PIPE && dagger_http_transfer_is_refused(&http->transfer))
        return refuse_write(http, data, len);
    if (count < 0)
        return fail(http, (int)count);
    if (http->body_left >= 0) {
        http->body_left -= count;
        if (!http->body_left) {
            dagger_http_transfer_end_body(&http->transfer);
            http->phase = HTTP_SENT;
        }
    }
    return count;
}

static int64_t http_write(struct dagger_stream *stream, const void *data, size_t len)
{
    struct http *http = http_of(stream);
    http->transfer.deadline = stream->deadline;
    if (http->failure)
        return http->failure;
    if (http->phase == HTTP_HEAD)
        return write_head(http, data, len);
    if (http->phase == HTTP_READY) {
        int error = begin(http, true);
        if (error)
            return error;
    }
    if (http->phase == HTTP_BODY)
        return write_body(http, data, len);
    if (http->phase == HTTP_ANSWER)
        return DAGGER_NOTSUP;
    return fail(http, DAGGER_BADINPUT); /* bytes after the end of the message */
}

static int http_flush(struct dagger_stream *stream)
{
    struct http *http = http_of(stream);
    http->transfer.deadline = stream->deadline;
    if (http->phase == HTTP_ANSWER)
        return 0;
    if (http->failure)
        return http->failure;
    if (http->phase == HTTP_HEAD)
        return http->written.end ? fail(http, DAGGER_BADINPUT) : 0;
    int error = http->phase == HTTP_READY ? begin(http, false) : 0;
    if (!error)
        error = dagger_http_transfer_flush(&http->transfer);
    return error ? fail(http, error) : 0;
}

/* The request of a guest that writes none. */
static int make_get(struct http *http)
{
    http->head = (struct http_head){
        .method = {"GET", 3},
        .target = {http->opened_target, strlen(http->opened_target)},
        .fields = {"", 0},
        .content_length = -1,
    };
    http->phase = HTTP_READY;
    return dagger_http_origin_allows(&http->origin, http->host, http->head.target);
}

/* Brings the request to its end: nothing more will be written. */
static int complete_request(struct http *http)
{
    int error = 0;
    if (http->phase == HTTP_HEAD)
        error = http->written.end ? DAGGER_BADINPUT : make_get(http);
    if (!error && http->phase == HTTP_READY)
        error = begin(http, false);
    if (!error && http->phase == HTTP_BODY) {
        if (http->body_left > 0 && !dagger_http_transfer_is_refused(&http->transfer))
            error = DAGGER_BADINPUT;
        else
            dagger_http_transfer_end_body(&http->transfer);
    }
    http->stream.out = NULL;
    http->phase = HTTP_ANSWER;
    return error ? fail(http, error) : 0;
}

static int64_t http_read(struct dagger_stream *stream, void *data, size_t len)
{
    struct http *http = http_of(stream);
    http->transfer.deadline = stream->deadline;
    int64_t count = http->failure;
    if (!count && http->phase != HTTP_ANSWER)
        count = complete_request(http);
    if (!count)
        count = dagger_http_transfer_receive(&http->transfer, data, len);
    if (count < 0) {
        http->told = true;
        if (!http->failure)
            fail(http, (int)count);
    }
    return count;
}

/* After a trap, too, the request is completed: the guest had written it. */
static int http_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    (void)ending;
    struct http *http = http_of(stream);
    bool begun = http->phase == HTTP_BODY || http->phase == HTTP_SENT;
    if (!http->failure && begun)
        complete_request(http);
    if (!http->failure && http->phase == HTTP_ANSWER) {
        int error = dagger_http_transfer_finish(&http->transfer);
        if (error)
            fail(http, error);
    }
    int result = http->told ? 0 : http->failure;
    dagger_http_transfer_release(&http->transfer);
    dagger_http_bytes_release(&http->written);
    free(http->opened_target);
    free(http);
    return result;
}

/* A peer may begin its answer with the end of the request, and the guest read something else first.
 */
static int http_end_writing(struct dagger_stream *stream)
{
    struct http *http = http_of(stream);
    http->transfer.deadline = stream->deadline;
    int error = http->failure ? http->failure : dagger_stream_drain(stream);
    if (!error && http->phase != HTTP_ANSWER)
        error = complete_request(http);
    if (!error)
        error = dagger_http_transfer_flush(&http->transfer);
    return error && !http->failure ? fail(http, error) : error;
}

static const struct dagger_stream_ops http_ops = {
    .kind = "http",
    .read = http_read,
    .write = http_write,
    .flush = http_flush,
    .end_writing = http_end_writing,
    .close = http_close,
};

/* Path and query as a request target: origin-form, RFC 9112, section 3.2.1. The URL has no
 * fragment. */
static char *target_of(const struct dagger_url *url)
{
    const char *end = url->whole.data + url->whole.len;
    size_t len = (size_t)(end - url->path.data);
    bool slash = !url->path.len;
    char *target = malloc(len + slash + 1);
    if (!target)
        return NULL;
    target[0] = '/';
    memcpy(target + slash, url->path.data, len);
    target[len + slash] = '\0';
    return target;
}

/* Connects to nobody yet. DAGGER_BADINPUT: see http_origin.h; DAGGER_UNAVAIL: no usable libcurl. */
int dagger_http_open(const struct dagger_host *host, const struct dagger_url *url,
                     struct dagger_stream **out)
{
    struct http_origin origin;
    struct http_pool *pool;
    int error = dagger_http_origin_init(&origin, url);
    if (!error)
        error = dagger_http_pool(&pool);
    if (error)
        return error;
    struct http *http = calloc(1, sizeof *http);
    char *target = http ? target_of(url) : NULL;
    if (!target) {
        free(http);
        return DAGGER_NOMEM;
    }
    http->stream.ops = &http_ops;
    http->stream.out = &http->out;
    http->out.data = http->gathered;
    http->out.cap = GATHERED;
    http->host = host;
    http->pool = pool;
    http->origin = origin;
    http->opened_target = target;
    *out = &http->stream;
    return 0;
}
