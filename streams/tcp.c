/* tcp://host:port and tcp+tls://host:port: the bytes of a connection, each way.
 *
 * libcurl connects, and is the TLS layer: names, addresses, trust and times are those of http and
 * https. It speaks no protocol of its own on such a connection. Reading and writing are socket.h's.
 */
#include "tcp.h"

#include <stdlib.h>

#include "http_connection.h"
#include "http_tls.h"
#include "kinds.h"
#include "node.h"
#include "socket.h"

struct tcp {
    struct dagger_socket socket;
    const struct http_curl *curl;
    CURL *easy;
    struct http_connection connection;
    bool tls;
    bool closed; /* the peer has sent TLS's close_notify */
};

static struct tcp *tcp_of(struct dagger_socket *socket)
{
    return (struct tcp *)socket;
}

/* The end of the TCP connection is not the end of the TLS connection: see http_tls.h. */
static int end_of(const struct tcp *tcp)
{
    bool cut_off = tcp->tls && tcp->curl->ssl_ctx_set_info_callback && !tcp->closed;
    return cut_off ? DAGGER_IO : 0;
}

static int64_t tcp_receive(struct dagger_socket *socket, void *data, size_t len)
{
    struct tcp *tcp = tcp_of(socket);
    size_t count = 0;
    dagger_http_tls_forget();
    CURLcode code = tcp->curl->easy_recv(tcp->easy, data, len, &count);
    tcp->closed = tcp->closed || dagger_http_tls_any_closed();
    if (code == CURLE_OK && count)
        return (int64_t)count;
    if (code == CURLE_AGAIN)
        return DAGGER_NOT_YET;
    return code == CURLE_OK ? end_of(tcp) : DAGGER_IO;
}

static int64_t tcp_send(struct dagger_socket *socket, const void *data, size_t len)
{
    struct tcp *tcp = tcp_of(socket);
    size_t count = 0;
    CURLcode code = tcp->curl->easy_send(tcp->easy, data, len, &count);
    if (code == CURLE_OK && count)
        return (int64_t)count;
    return code == CURLE_OK || code == CURLE_AGAIN ? DAGGER_NOT_YET : dagger_http_error(code);
}

/* libcurl says close_notify. */
static void tcp_release(struct dagger_socket *socket)
{
    struct tcp *tcp = tcp_of(socket);
    tcp->curl->easy_cleanup(tcp->easy);
}

static const struct dagger_transport tcp_transport = {
    .receive = tcp_receive,
    .send = tcp_send,
    .release = tcp_release,
};
static const struct dagger_transport tls_transport = {
    .receive = tcp_receive,
    .send = tcp_send,
    .release = tcp_release,
    .ends_whole = true,
};

static const struct dagger_stream_ops tcp_ops = {
    .kind = "tcp",
    .read = dagger_socket_read,
    .write = dagger_socket_write,
    .end_writing = dagger_socket_end_writing,
    .close = dagger_socket_close,
    .node = &dagger_socket_node,
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
    tcp->socket.fd = fd;
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
    dagger_socket_init(&tcp->socket, &tcp_ops, origin->tls ? &tls_transport : &tcp_transport, -1,
                       host);
    tcp->curl = curl;
    tcp->easy = easy;
    tcp->tls = origin->tls;
    int error = tcp_connect(tcp, origin, host);
    if (error)
        dagger_socket_close(&tcp->socket.base, DAGGER_END_NORMAL);
    else
        *out = &tcp->socket.base;
    return error;
}

int dagger_tcp_connect(const struct dagger_host *host, const struct dagger_url *url,
                       struct dagger_stream **out)
{
    struct http_origin origin;
    int error = dagger_http_origin_init(&origin, url);
    if (error)
        return error;
    const struct http_curl *curl = dagger_http_curl();
    return curl ? tcp_new(curl, &origin, host, out) : DAGGER_UNAVAIL;
}

int dagger_tcp_open(const struct dagger_host *host, const struct dagger_url *url,
                    struct dagger_stream **out)
{
    return url->path.len || url->has_query ? DAGGER_BADINPUT : dagger_tcp_connect(host, url, out);
}
