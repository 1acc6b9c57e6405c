/* listen://NAME: to open it is to wait for the next connection to a socket that was handed over. */
#include "inherited.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "accept.h"
#include "kinds.h"
#include "node.h"
#include "now.h"
#include "socket.h"

enum { FIRST = 3 }; /* SD_LISTEN_FDS_START */

enum state {
    MISSING, /* not open, or taken already */
    UNFIT,   /* nothing a stream can be made of */
    CONNECTED,
    LISTENING,
};

static struct {
    bool begun;
    const char *wrong; /* the variable */
    size_t count;
    struct {
        enum state state;
        char number[4];           /* its name where it has no other */
        struct dagger_slice name; /* of the environment, or `number` */
    } each[DAGGER_INHERITED_MAX];
} inherited;

/* --- what was handed over -------------------------------------------------------------------- */

static int socket_option(int fd, int option)
{
    int value = -1;
    socklen_t len = sizeof value;
    return getsockopt(fd, SOL_SOCKET, option, &value, &len) == 0 ? value : -1;
}

static enum state state_of(int fd)
{
    struct stat st;
    struct sockaddr_storage peer;
    socklen_t len = sizeof peer;
    if (fstat(fd, &st) != 0)
        return MISSING;
    int family = S_ISSOCK(st.st_mode) ? socket_option(fd, SO_DOMAIN) : -1;
    if ((family != AF_INET && family != AF_INET6 && family != AF_UNIX) ||
        socket_option(fd, SO_TYPE) != SOCK_STREAM)
        return UNFIT;
    if (socket_option(fd, SO_ACCEPTCONN) != 1)
        return getpeername(fd, (struct sockaddr *)&peer, &len) == 0 ? CONNECTED : UNFIT;
    /* One that others take from, too, may have nothing any more when it is our turn. */
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 ? LISTENING : UNFIT;
}

static int64_t number_of(const char *text)
{
    return text ? dagger_slice_decimal((struct dagger_slice){text, strlen(text)}) : -1;
}

/* "NAME:NAME", as many as there are descriptors; systemd gives all of them or none. */
static bool take_names(size_t count)
{
    const char *text = getenv("LISTEN_FDNAMES");
    for (size_t i = 0; i < count; i++) {
        char *number = inherited.each[i].number;
        snprintf(number, sizeof inherited.each[i].number, "%u", (unsigned)(i & 255));
        inherited.each[i].name = (struct dagger_slice){number, strlen(number)};
        if (!text)
            continue;
        size_t len = strcspn(text, ":");
        if ((text[len] == '\0') != (i + 1 == count))
            return false;
        if (len)
            inherited.each[i].name = (struct dagger_slice){text, len};
        text += len + (text[len] != '\0');
    }
    return true;
}

/* Variables that a parent left behind are not ours, and no error. */
static const char *take(void)
{
    const char *text = getenv("LISTEN_FDS");
    if (!text || number_of(getenv("LISTEN_PID")) != getpid())
        return NULL;
    int64_t count = number_of(text);
    if (count < 0 || count > DAGGER_INHERITED_MAX)
        return "LISTEN_FDS";
    if (!take_names((size_t)count))
        return "LISTEN_FDNAMES";
    inherited.count = (size_t)count;
    for (int i = 0; i < (int)count; i++)
        inherited.each[i].state = state_of(FIRST + i);
    return NULL;
}

const char *dagger_inherited_begin(void)
{
    if (!inherited.begun)
        inherited.wrong = take();
    inherited.begun = true;
    return inherited.wrong;
}

size_t dagger_inherited_count(void)
{
    return inherited.count;
}

unsigned dagger_inherited_keep(bool any)
{
    if (!any)
        inherited.count = 0;
    for (size_t i = 0; i < inherited.count; i++)
        if (inherited.each[i].state == UNFIT)
            close(FIRST + (int)i);
    return (unsigned)inherited.count;
}

static bool listens(size_t index)
{
    return index < inherited.count && inherited.each[index].state == LISTENING;
}

bool dagger_inherited_name(size_t index, struct dagger_slice *name)
{
    if (!listens(index))
        return false;
    *name = inherited.each[index].name;
    return true;
}

/* --- listen://NAME --------------------------------------------------------------------------- */

/* By its number, or else the first one of that name; inherited.count: there is none. */
static size_t find(struct dagger_slice host, const char *name)
{
    int64_t number = number_of(name);
    if (!host.len || number >= 0)
        return number < (int64_t)inherited.count ? (size_t)(number < 0 ? 0 : number)
                                                 : inherited.count;
    size_t at = 0;
    while (at < inherited.count && !dagger_slice_is(inherited.each[at].name, name))
        at++;
    return at;
}

int dagger_inherited_open(const struct dagger_host *host, const struct dagger_url *url,
                          struct dagger_stream **out)
{
    char name[DAGGER_URL_MAX + 1];
    int64_t timeout = dagger_accept_timeout(url->query);
    if (!dagger_url_is_plain(url, true, true) || url->host_is_ipv6 || timeout < 0)
        return DAGGER_BADINPUT;
    if (dagger_percent_decode(url->host, name, sizeof name) < 0)
        return DAGGER_BADURL;
    size_t at = find(url->host, name);
    if (at >= inherited.count)
        return DAGGER_NOENT;
    int fd = FIRST + (int)at;
    switch (inherited.each[at].state) {
    case LISTENING:
        return dagger_accept(fd, dagger_deadline(timeout), host, out);
    case CONNECTED:
        inherited.each[at].state = MISSING;
        return dagger_socket_new(fd, host, out);
    case UNFIT:
        return DAGGER_NOTSUP;
    default:
        return DAGGER_NOENT;
    }
}

/* --- node.h ---------------------------------------------------------------------------------- */

struct listener {
    struct dagger_stream base;
    const struct dagger_host *host;
    int fd;
    bool nonblock;
};

static struct listener *listener_of(struct dagger_stream *stream)
{
    return (struct listener *)stream;
}

static int listener_stat(struct dagger_stream *stream, struct stat *st)
{
    return fstat(listener_of(stream)->fd, st) ? -errno : 0;
}

static int listener_get_flags(struct dagger_stream *stream)
{
    return O_RDWR | (listener_of(stream)->nonblock ? O_NONBLOCK : 0);
}

static int listener_set_flags(struct dagger_stream *stream, int flags)
{
    if (flags & ~(O_NONBLOCK | O_ACCMODE))
        return -EINVAL;
    listener_of(stream)->nonblock = flags & O_NONBLOCK;
    return 0;
}

static int64_t listener_ready(struct dagger_stream *stream, short event, int *fd)
{
    (void)event;
    *fd = listener_of(stream)->fd;
    return -EAGAIN;
}

static int listener_accept(struct dagger_stream *stream, int flags, struct dagger_stream **out)
{
    const struct listener *listener = listener_of(stream);
    int64_t end = listener->nonblock ? dagger_deadline(0)
                  : stream->deadline ? stream->deadline
                                     : INT64_MAX;
    switch (dagger_accept(listener->fd, end, listener->host, out)) {
    case 0:
        return flags ? (*out)->ops->node->set_flags(*out, flags) : 0;
    case DAGGER_TIMEOUT:
        return listener->nonblock ? -EAGAIN : dagger_streams_stop ? -EINTR : -ETIMEDOUT;
    case DAGGER_TOOMANY:
        return -EMFILE;
    case DAGGER_NOMEM:
        return -ENOMEM;
    default:
        return -EIO;
    }
}

static int listener_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    (void)ending;
    free(stream);
    return 0;
}

static const struct dagger_node_ops listener_node = {
    .stat = listener_stat,
    .get_flags = listener_get_flags,
    .set_flags = listener_set_flags,
    .ready = listener_ready,
    .accept = listener_accept,
};

static const struct dagger_stream_ops listener_ops = {
    .kind = "listen",
    .close = listener_close,
    .node = &listener_node,
};

int dagger_inherited_listener(size_t index, const struct dagger_host *host,
                              struct dagger_stream **out)
{
    if (!listens(index))
        return -ENOTSOCK;
    struct listener *listener = calloc(1, sizeof *listener);
    if (!listener)
        return -ENOMEM;
    listener->base.ops = &listener_ops;
    listener->host = host;
    listener->fd = FIRST + (int)index;
    *out = &listener->base;
    return 0;
}
