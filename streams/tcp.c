/* tcp://host:port and tcp+tls://host:port: the bytes of a connection, each way.
 *
 * libcurl connects, and is the TLS layer: names, addresses, trust and times are those of http and
 * https. It speaks no protocol of its own on such a connection.
 *
 * Small writes are gathered; a read sends them first, since the peer may answer nothing before it
 * has them. After a write that failed nothing more can be sent, and what was gathered is dropped,
 * but what the peer has sent can still be read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "http_connection.h"
#include "http_tls.h"
#include "kinds.h"
#include "node.h"
#include "wait.h"

enum {
    GATHERED = 16 * 1024,
    READ_AHEAD = 16 * 1024, /* a TLS record's most; longer reads go to the reader's memory */
    NOT_YET = -2000,        /* beside the errors: nothing has come */
};

struct tcp {
    struct dagger_stream base;
    const struct http_curl *curl;
    CURL *easy;
    struct http_connection connection;
    int fd; /* the easy handle's */
    int idle_timeout_ms;
    bool tls;
    bool closed;     /* the peer has sent TLS's close_notify */
    bool ended;      /* nothing more comes; */
    int end;         /* 0, or why */
    int write_error; /* of the write that was the last one */
    size_t at, len;  /* what was read ahead and not yet read: ahead[at] to ahead[len - 1] */
    uint8_t ahead[READ_AHEAD];
    struct dagger_buffer out;
    uint8_t gathered[GATHERED];
};

static struct tcp *tcp_of(struct dagger_stream *stream)
{
    return (struct tcp *)stream;
}

static int wait_for(const struct tcp *tcp, short events)
{
    return dagger_wait(&tcp->base, tcp->fd, events, tcp->idle_timeout_ms);
}

/* The end of the TCP connection is not the end of the TLS connection: see http_tls.h. */
static int end_of(const struct tcp *tcp)
{
    bool cut_off = tcp->tls && tcp->curl->ssl_ctx_set_info_callback && !tcp->closed;
    return cut_off ? DAGGER_IO : 0;
}

/* What has come: a count, 0 at the end, a negative error, or NOT_YET. An end stays one: the kernel
 * tells of a reset only once. */
static int64_t receive_now(struct tcp *tcp, void *data, size_t len)
{
    if (tcp->ended)
        return tcp->end;
    size_t count = 0;
    dagger_http_tls_forget();
    CURLcode code = tcp->curl->easy_recv(tcp->easy, data, len, &count);
    tcp->closed = tcp->closed || dagger_http_tls_any_closed();
    if (code == CURLE_OK && count)
        return (int64_t)count;
    if (code == CURLE_AGAIN)
        return NOT_YET;
    tcp->ended = true;
    tcp->end = code == CURLE_OK ? end_of(tcp) : DAGGER_IO;
    return tcp->end;
}

static int64_t receive(struct tcp *tcp, void *data, size_t len)
{
    int64_t count;
    while ((count = receive_now(tcp, data, len)) == NOT_YET) {
        int error = wait_for(tcp, POLLIN);
        if (error)
            return error;
    }
    return count;
}

static int64_t tcp_read(struct dagger_stream *stream, void *data, size_t len)
{
    struct tcp *tcp = tcp_of(stream);
    if (tcp->at == tcp->len) {
        if (len >= READ_AHEAD)
            return receive(tcp, data, len);
        int64_t count = receive(tcp, tcp->ahead, READ_AHEAD);
        if (count <= 0)
            return count;
        tcp->at = 0;
        tcp->len = (size_t)count;
    }
    if (len > tcp->len - tcp->at)
        len = tcp->len - tcp->at;
    memcpy(data, tcp->ahead + tcp->at, len);
    tcp->at += len;
    return (int64_t)len;
}

static int end_writing(struct tcp *tcp, int error)
{
    tcp->write_error = error;
    tcp->base.out = NULL;
    return error;
}

static int64_t tcp_write(struct dagger_stream *stream, const void *data, size_t len)
{
    struct tcp *tcp = tcp_of(stream);
    while (!tcp->write_error) {
        size_t count = 0;
        CURLcode code = tcp->curl->easy_send(tcp->easy, data, len, &count);
        if (code == CURLE_OK && count)
            return (int64_t)count;
        int error = dagger_http_error(code);
        if (code == CURLE_OK || code == CURLE_AGAIN)
            error = wait_for(tcp, POLLOUT);
        if (error)
            end_writing(tcp, error);
    }
    return tcp->write_error;
}

/* libcurl says close_notify. */
static int tcp_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    (void)ending;
    struct tcp *tcp = tcp_of(stream);
    tcp->curl->easy_cleanup(tcp->easy);
    free(tcp);
    return 0;
}

/* --- node.h ---------------------------------------------------------------------------------- */

static int tcp_stat(struct dagger_stream *stream, struct stat *st)
{
    return fstat(tcp_of(stream)->fd, st) ? -errno : 0;
}

/* What TLS holds decrypted, poll(2) knows nothing of: it is taken out. The end and errors are ready
 * to be read, too, as 0 bytes. */
static int64_t tcp_ready(struct dagger_stream *stream, short event, int *fd)
{
    struct tcp *tcp = tcp_of(stream);
    *fd = tcp->fd;
    if (event != POLLIN)
        return -EAGAIN;
    if (tcp->at == tcp->len) {
        if (!stream->pending)
            stream->pending = dagger_stream_drain(stream);
        int64_t count = stream->pending ? 0 : receive_now(tcp, tcp->ahead, READ_AHEAD);
        if (count == NOT_YET)
            return -EAGAIN;
        tcp->at = 0;
        tcp->len = count > 0 ? (size_t)count : 0;
    }
    return (int64_t)(tcp->len - tcp->at);
}

static int tcp_shutdown(struct dagger_stream *stream, int how)
{
    struct tcp *tcp = tcp_of(stream);
    if (tcp->tls)
        return -EOPNOTSUPP;
    bool writes = how == SHUT_WR || how == SHUT_RDWR;
    if (writes && dagger_stream_drain(stream))
        return -EPIPE;
    if (shutdown(tcp->fd, how))
        return -errno;
    if (writes)
        end_writing(tcp, DAGGER_PIPE);
    return 0;
}

static const struct dagger_node_ops tcp_node = {
    .stat = tcp_stat,
    .ready = tcp_ready,
    .shutdown = tcp_shutdown,
};

static const struct dagger_stream_ops tcp_ops = {
    .kind = "tcp",
    .read = tcp_read,
    .write = tcp_write,
    .close = tcp_close,
    .node = &tcp_node,
};

/* --- open ------------------------------------------------------------------------------------ */

/* The protocol above TLS is not known, so that none is offered by ALPN. */
static int tcp_connect(struct tcp *tcp, const struct http_origin *origin,
                       const struct dagger_host *host)
{
    const struct http_curl *curl = tcp->curl;
    int error = dagger_http_connection_setup(curl, tcp->easy, origin, host, &tcp->connection);
    if (error)
        return error;
    if (curl->easy_setopt(tcp->easy, CURLOPT_CONNECT_ONLY, 1L) ||
        curl->easy_setopt(tcp->easy, CURLOPT_SSL_ENABLE_ALPN, 0L))
        return DAGGER_NOMEM;
    error = dagger_http_connection_error(&tcp->connection, curl->easy_perform(tcp->easy));
    if (error)
        return error;
    curl_socket_t fd = CURL_SOCKET_BAD;
    curl->easy_getinfo(tcp->easy, CURLINFO_ACTIVESOCKET, &fd);
    tcp->fd = fd;
    return fd == CURL_SOCKET_BAD ? DAGGER_IO : 0;
}

static int tcp_new(const struct http_curl *curl, const struct http_origin *origin,
                   const struct dagger_host *host, struct dagger_stream **out)
{
    struct tcp *tcp = calloc(1, sizeof *tcp);
    CURL *easy = tcp ? curl->easy_init() : NULL;
    if (!easy) {
        free(tcp);
        return DAGGER_NOMEM;
    }
    tcp->base.ops = &tcp_ops;
    tcp->base.out = &tcp->out;
    tcp->out.data = tcp->gathered;
    tcp->out.cap = GATHERED;
    tcp->curl = curl;
    tcp->easy = easy;
    tcp->tls = origin->tls;
    tcp->idle_timeout_ms = dagger_http_idle_timeout(host);
    int error = tcp_connect(tcp, origin, host);
    if (error)
        tcp_close(&tcp->base, DAGGER_END_NORMAL);
    else
        *out = &tcp->base;
    return error;
}

int dagger_tcp_open(const struct dagger_host *host, const struct dagger_url *url,
                    struct dagger_stream **out)
{
    struct http_origin origin;
    if (url->port < 0 || url->path.len || url->has_query)
        return DAGGER_BADINPUT;
    int error = dagger_http_origin_init(&origin, url);
    if (error)
        return error;
    const struct http_curl *curl = dagger_http_curl();
    return curl ? tcp_new(curl, &origin, host, out) : DAGGER_UNAVAIL;
}
