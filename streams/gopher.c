/* gopher://host/TYPE SELECTOR and gophers://: RFC 1436 by URLs of RFC 4266. The question is sent
 * when the stream is opened, and its answer is what is read. */
#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "node.h"
#include "socket.h"
#include "tcp.h"

static const struct dagger_stream_ops gopher_ops = {
    .kind = "gopher",
    .read = dagger_socket_read,
    .end_writing = dagger_socket_end_writing,
    .close = dagger_socket_close,
    .node = &dagger_socket_node,
};

/* A "." or ".." where there are segments to whoever decodes first. A policy takes them for steps,
 * and no server does. */
static bool has_dot_segment(struct dagger_slice path)
{
    size_t len = 0, dots = 0;
    for (size_t at = 0; at < path.len;) {
        unsigned char byte = dagger_next_byte(path, &at);
        bool ends = byte == '/' || byte == '\\';
        dots += byte == '.';
        len += !ends;
        if ((ends || at == path.len) && len == dots && (len == 1 || len == 2))
            return true;
        if (ends)
            len = dots = 0;
    }
    return false;
}

/* What follows the path's '/' and the type, a letter that the server is not told. '?' means nothing
 * in these URLs (RFC 4266, section 2.2). Returns the length of the line, its CRLF too. */
static int64_t put_question(const struct dagger_url *url, char line[DAGGER_URL_MAX + 3])
{
    const struct dagger_slice *last = url->has_query ? &url->query : &url->path;
    int64_t len = 0;
    if (url->path.len < 2 && url->has_query)
        return DAGGER_BADINPUT; /* there is no type before it */
    if (has_dot_segment(url->path))
        return DAGGER_BADINPUT;
    if (url->path.len > 1) {
        const char *from = url->path.data + 1, *end = last->data + last->len;
        struct dagger_slice all = {from, (size_t)(end - from)};
        len = dagger_percent_decode(all, line, DAGGER_URL_MAX + 1);
        if (len < 0 || strpbrk(line, "\r\n"))
            return DAGGER_BADINPUT; /* NUL; a line's end, after which a second question began */
        if (line[0] == '/' || line[0] == '\\')
            return DAGGER_BADINPUT; /* no type, and to policy no part of the path */
        memmove(line, line + 1, (size_t)--len);
    }
    memcpy(line + len, "\r\n", 2);
    return len + 2;
}

int dagger_gopher_open(const struct dagger_host *host, const struct dagger_url *url,
                       struct dagger_stream **out)
{
    char line[DAGGER_URL_MAX + 3];
    struct dagger_stream *stream;
    int64_t len = put_question(url, line);
    int error = len < 0 ? (int)len : dagger_tcp_connect(host, url, &stream);
    if (error)
        return error;
    int64_t sent = dagger_stream_write(stream, line, (size_t)len);
    error = sent < 0 ? (int)sent : dagger_stream_flush(stream);
    if (error) {
        dagger_stream_close(stream, DAGGER_END_NORMAL);
        return error;
    }
    stream->ops = &gopher_ops;
    stream->out = NULL;
    *out = stream;
    return 0;
}
