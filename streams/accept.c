#include "accept.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "socket.h"
#include "wait.h"

int64_t dagger_accept_timeout(struct dagger_slice query)
{
    int64_t timeout = INT64_MAX;
    struct dagger_query_pair pair;
    for (bool seen = false; dagger_query_next(&query, &pair); seen = true) {
        timeout = dagger_slice_decimal(pair.value);
        if (seen || !dagger_slice_is(pair.key, "timeout") || timeout < 0)
            return -1;
    }
    return timeout;
}

/* Errors that are waiting on the new connection: accept(2). */
static bool is_of_connection(int error)
{
    switch (error) {
    case EINTR:
    case EAGAIN:
    case ECONNABORTED:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETDOWN:
    case ENETUNREACH:
    case ENONET:
    case ENOPROTOOPT:
    case EOPNOTSUPP:
    case EPROTO:
        return true;
    default:
        return false;
    }
}

int dagger_accept(int listener, int64_t end, const struct dagger_host *host,
                  struct dagger_stream **out)
{
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0) {
        if (!is_of_connection(errno))
            return dagger_error_from_errno(errno);
        int error = dagger_wait_until(listener, POLLIN, end);
        if (error)
            return error;
    }
    /* As libcurl does: what is to wait for more is gathered already. Not all sockets are TCP's. */
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return dagger_socket_new(fd, host, out);
}
