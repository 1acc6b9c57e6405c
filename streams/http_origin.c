#include "http_origin.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "target.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* RFC 1123, section 2.1: letters, digits and inner '-'. */
static bool is_label(const char *label, size_t len)
{
    if (!len || len > 63 || label[0] == '-' || label[len - 1] == '-')
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = label[i];
        if (!is_digit(c) && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '-')
            return false;
    }
    return true;
}

/* Is this last label a number to a resolver? As WHATWG URL, section 3.5, "ends in a number". */
static bool is_number(const char *label)
{
    bool hex = label[0] == '0' && (label[1] == 'x' || label[1] == 'X');
    const char *digits = hex ? "0123456789abcdefABCDEF" : "0123456789";
    label += hex ? 2 : 0;
    label += strspn(label, digits);
    return !*label || *label == '.';
}

/* A resolver takes "0x7f.1", "2130706433" and "127.1" for IPv4 addresses, behind the back of a
 * policy that knows 127.0.0.1: a host that ends in a number has to be an address in its one usual
 * spelling. */
static bool is_host_name(const char *host)
{
    const char *label = host, *last = host;
    while (label) {
        const char *dot = strchr(label, '.');
        size_t len = dot ? (size_t)(dot - label) : strlen(label);
        if (!len && !dot && label != host)
            break; /* the root's dot */
        if (!is_label(label, len))
            return false;
        last = label;
        label = dot ? dot + 1 : NULL;
    }
    struct in_addr address;
    return !is_number(last) || inet_pton(AF_INET, host, &address) == 1;
}

int dagger_http_default_port(const struct http_origin *origin)
{
    return origin->tls ? 443 : 80;
}

static bool is_tls(struct dagger_slice scheme)
{
    static const char *const schemes[] = {"https", "tcp+tls", "gophers"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (dagger_slice_is(scheme, schemes[i]))
            return true;
    return false;
}

int dagger_http_origin_init(struct http_origin *origin, const struct dagger_url *url)
{
    *origin = (struct http_origin){
        .tls = is_tls(url->scheme),
        .host_is_ipv6 = url->host_is_ipv6,
        .port_given = url->port >= 0,
    };
    origin->port = origin->port_given ? url->port : dagger_target_default_port(url->scheme);
    if (url->has_userinfo || url->has_fragment || !origin->port)
        return DAGGER_BADINPUT;
    if (!url->host.len || url->host.len > DAGGER_HTTP_HOST_MAX)
        return DAGGER_BADINPUT;
    memcpy(origin->host, url->host.data, url->host.len);
    origin->host[url->host.len] = '\0';
    struct in6_addr address;
    bool valid = origin->host_is_ipv6 ? inet_pton(AF_INET6, origin->host, &address) == 1
                                      : is_host_name(origin->host);
    return valid ? 0 : DAGGER_BADINPUT;
}

int dagger_http_origin_url(const struct http_origin *origin, bool explicit_port,
                           struct dagger_slice target, char *text, size_t cap)
{
    char port[sizeof ":65535"] = "";
    if (explicit_port || origin->port_given)
        snprintf(port, sizeof port, ":%d", origin->port);
    if (target.len > DAGGER_URL_MAX)
        return DAGGER_BADINPUT;
    int len = snprintf(text, cap, "%s://%s%s%s%s%.*s", origin->tls ? "https" : "http",
                       origin->host_is_ipv6 ? "[" : "", origin->host,
                       origin->host_is_ipv6 ? "]" : "", port, (int)target.len, target.data);
    return len < 0 || (size_t)len >= cap ? DAGGER_BADINPUT : len;
}

int dagger_http_origin_allows(const struct http_origin *origin, const struct dagger_host *host,
                              struct dagger_slice target)
{
    struct {
        struct dagger_url url;
        char text[DAGGER_URL_MAX + 1];
    } *room = malloc(sizeof *room);
    if (!room)
        return DAGGER_NOMEM;
    int result = dagger_http_origin_url(origin, false, target, room->text, sizeof room->text);
    if (result >= 0) {
        size_t len = (size_t)result;
        bool parses = dagger_url_parse(&room->url, room->text, len) == 0 && !room->url.has_fragment;
        if (!parses)
            result = DAGGER_BADINPUT;
        else
            result = !host->allowed || host->allowed(host, &room->url) ? 0 : DAGGER_PERM;
    }
    free(room);
    return result;
}
