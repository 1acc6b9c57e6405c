/* tcp+listen://HOST:PORT: to open it is to wait for the next connection to that address. */
#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "accept.h"
#include "kinds.h"
#include "now.h"

/* All zero but for family, address and port, so that two are the same if their bytes are. */
union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static struct {
    union address given, actual; /* which differ where the kernel chose the port */
    int fd;
} listeners[DAGGER_LISTEN_MAX];
static size_t listener_count;

/* --- addresses ------------------------------------------------------------------------------- */

/* As policy takes it: IPv4 within IPv6 is IPv4 (target.h). */
static bool take_v6(const char *host, in_port_t port, union address *address)
{
    struct in6_addr v6;
    if (inet_pton(AF_INET6, host, &v6) != 1)
        return false;
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = port;
        memcpy(&address->v4.sin_addr, v6.s6_addr + 12, 4);
    } else {
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_port = port;
        address->v6.sin6_addr = v6;
    }
    return true;
}

static bool take_v4(const char *host, in_port_t port, union address *address)
{
    address->v4.sin_family = AF_INET;
    address->v4.sin_port = port;
    return inet_pton(AF_INET, strcasecmp(host, "localhost") == 0 ? "127.0.0.1" : host,
                     &address->v4.sin_addr) == 1;
}

/* False: the URL says less than an address and a port, or more. */
static bool take_address(const struct dagger_url *url, union address *address)
{
    char host[INET6_ADDRSTRLEN];
    memset(address, 0, sizeof *address);
    if (url->port < 0 || url->path.len || url->has_userinfo || url->has_fragment ||
        url->host.len >= sizeof host || dagger_accept_timeout(url->query) < 0)
        return false;
    memcpy(host, url->host.data, url->host.len);
    host[url->host.len] = '\0';
    in_port_t port = htons((uint16_t)url->port);
    return url->host_is_ipv6 ? take_v6(host, port, address) : take_v4(host, port, address);
}

static bool put_url(const union address *address, char *text, size_t cap)
{
    char host[INET6_ADDRSTRLEN];
    bool v6 = address->any.sa_family == AF_INET6;
    const void *from =
        v6 ? (const void *)&address->v6.sin6_addr : (const void *)&address->v4.sin_addr;
    in_port_t port = v6 ? address->v6.sin6_port : address->v4.sin_port;
    inet_ntop(address->any.sa_family, from, host, sizeof host);
    int len = snprintf(text, cap, "tcp+listen://%s%s%s:%d", v6 ? "[" : "", host, v6 ? "]" : "",
                       ntohs(port));
    return len > 0 && (size_t)len < cap;
}

/* --- sockets --------------------------------------------------------------------------------- */

/* "[::]" is every address, those of IPv4 too, whatever the host's default is. The kernel cuts the
 * length of the queue to its maximum. */
static int begin(int fd, const union address *address)
{
    int on = 1, off = 0;
    bool v6 = address->any.sa_family == AF_INET6;
    socklen_t len = v6 ? sizeof address->v6 : sizeof address->v4;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        (v6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0) ||
        bind(fd, &address->any, len) != 0 || listen(fd, INT_MAX) != 0)
        return dagger_error_from_errno(errno);
    return 0;
}

static int add(const union address *address)
{
    if (listener_count == DAGGER_LISTEN_MAX)
        return DAGGER_TOOMANY;
    int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return dagger_error_from_errno(errno);
    int error = begin(fd, address);
    union address actual;
    memset(&actual, 0, sizeof actual);
    socklen_t len = sizeof actual;
    if (!error && getsockname(fd, &actual.any, &len) != 0)
        error = dagger_error_from_errno(errno);
    if (error) {
        close(fd);
        return error;
    }
    listeners[listener_count].given = *address;
    listeners[listener_count].actual = actual;
    listeners[listener_count++].fd = fd;
    return 0;
}

/* Makes sure that the process listens there: listeners[*at]. */
static int find(const union address *address, size_t *at)
{
    for (*at = 0; *at < listener_count; ++*at)
        if (memcmp(&listeners[*at].given, address, sizeof *address) == 0 ||
            memcmp(&listeners[*at].actual, address, sizeof *address) == 0)
            return 0;
    return add(address);
}

int dagger_listen_announce(const struct dagger_host *host, const char *url, size_t len,
                           char *actual, size_t cap)
{
    struct dagger_url parsed;
    union address address;
    size_t at;
    int error = dagger_url_parse(&parsed, url, len);
    if (error)
        return error;
    if (!dagger_slice_is(parsed.scheme, "tcp+listen") || !take_address(&parsed, &address))
        return DAGGER_BADINPUT;
    if (host->allowed && !host->allowed(host, &parsed))
        return DAGGER_PERM;
    error = find(&address, &at);
    if (error)
        return error;
    return !actual || put_url(&listeners[at].actual, actual, cap) ? 0 : DAGGER_BADINPUT;
}

bool dagger_listen_address(size_t index, char *actual, size_t cap)
{
    return index < listener_count && put_url(&listeners[index].actual, actual, cap);
}

int dagger_listen_open(const struct dagger_host *host, const struct dagger_url *url,
                       struct dagger_stream **out)
{
    union address address;
    size_t at;
    if (!take_address(url, &address))
        return DAGGER_BADINPUT;
    int error = find(&address, &at);
    if (error)
        return error;
    int64_t end = dagger_deadline(dagger_accept_timeout(url->query));
    return dagger_accept(listeners[at].fd, end, host, out);
}
