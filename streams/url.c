#include "url.h"

#include <arpa/inet.h>
#include <string.h>

#include "error.h"

/* Where a byte may stand: RFC 3986, appendix A. '%' is looked at apart. */
enum byte_class {
    IN_SCHEME = 1,   /* ALPHA DIGIT + - . */
    IN_USERINFO = 2, /* unreserved sub-delims : */
    IN_HOST = 4,     /* unreserved sub-delims (reg-name; IPv4 addresses are a subset) */
    IN_PATH = 8,     /* pchar / */
    IN_QUERY = 16,   /* pchar / ?, the fragment too */
};

static bool is_alpha(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static unsigned classes_of(unsigned char c)
{
    if (is_alpha(c) || is_digit(c))
        return IN_SCHEME | IN_USERINFO | IN_HOST | IN_PATH | IN_QUERY;
    switch (c) {
    case '+':
    case '-':
    case '.':
        return IN_SCHEME | IN_USERINFO | IN_HOST | IN_PATH | IN_QUERY;
    case '_':
    case '~':
    case '!':
    case '$':
    case '&':
    case '\'':
    case '(':
    case ')':
    case '*':
    case ',':
    case ';':
    case '=':
        return IN_USERINFO | IN_HOST | IN_PATH | IN_QUERY;
    case ':':
        return IN_USERINFO | IN_PATH | IN_QUERY;
    case '@':
    case '/':
        return IN_PATH | IN_QUERY;
    case '?':
        return IN_QUERY;
    default:
        return 0;
    }
}

static int hex_value(unsigned char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int dagger_escaped_byte(struct dagger_slice in, size_t at)
{
    if (in.len - at < 3 || in.data[at] != '%')
        return -1;
    int high = hex_value((unsigned char)in.data[at + 1]);
    int low = hex_value((unsigned char)in.data[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

unsigned char dagger_next_byte(struct dagger_slice in, size_t *at)
{
    int byte = dagger_escaped_byte(in, *at);
    if (byte < 0)
        return (unsigned char)in.data[(*at)++];
    *at += 3;
    return (unsigned char)byte;
}

static bool consists_of(struct dagger_slice part, enum byte_class allowed)
{
    for (size_t i = 0; i < part.len; i++) {
        if (part.data[i] == '%') {
            if (allowed == IN_SCHEME || dagger_escaped_byte(part, i) < 0)
                return false;
            i += 2;
        } else if (!(classes_of((unsigned char)part.data[i]) & allowed)) {
            return false;
        }
    }
    return true;
}

static struct dagger_slice part_of(struct dagger_slice whole, size_t from, size_t to)
{
    return (struct dagger_slice){whole.data + from, to - from};
}

/* Offset of the first byte of `part` that is one of `stops`, or its length. */
static size_t find_any(struct dagger_slice part, const char *stops)
{
    size_t i = 0;
    while (i < part.len && (part.data[i] == '\0' || !strchr(stops, part.data[i])))
        i++;
    return i;
}

static bool parse_port(struct dagger_url *url, struct dagger_slice digits)
{
    if (!digits.len)
        return true;
    int port = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (!is_digit((unsigned char)digits.data[i]))
            return false;
        port = port * 10 + (digits.data[i] - '0');
        if (port > 65535)
            return false;
    }
    url->port = port;
    return true;
}

static bool is_ipv6(struct dagger_slice host)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;
    if (host.len >= sizeof text || memchr(host.data, '\0', host.len))
        return false;
    memcpy(text, host.data, host.len);
    text[host.len] = '\0';
    return inet_pton(AF_INET6, text, &address) == 1;
}

/* authority = [ userinfo "@" ] host [ ":" port ] */
static bool parse_authority(struct dagger_url *url, struct dagger_slice part)
{
    size_t at = find_any(part, "@");
    url->has_userinfo = at < part.len;
    if (url->has_userinfo) {
        url->userinfo = part_of(part, 0, at);
        if (!consists_of(url->userinfo, IN_USERINFO))
            return false;
        part = part_of(part, at + 1, part.len);
    }

    size_t end;
    if (part.len && part.data[0] == '[') {
        size_t bracket = find_any(part, "]");
        if (bracket == part.len)
            return false;
        url->host_is_ipv6 = true;
        url->host = part_of(part, 1, bracket);
        if (!is_ipv6(url->host))
            return false;
        end = bracket + 1;
        if (end < part.len && part.data[end] != ':')
            return false;
    } else {
        end = find_any(part, ":");
        url->host = part_of(part, 0, end);
        if (!consists_of(url->host, IN_HOST))
            return false;
    }
    return end == part.len || parse_port(url, part_of(part, end + 1, part.len));
}

static bool parse_scheme(struct dagger_url *url, size_t len)
{
    if (!len || !is_alpha((unsigned char)url->text[0]))
        return false;
    url->scheme = part_of(url->whole, 0, len);
    if (!consists_of(url->scheme, IN_SCHEME))
        return false;
    for (size_t i = 0; i < len; i++)
        if (url->text[i] >= 'A' && url->text[i] <= 'Z')
            url->text[i] += 'a' - 'A';
    return true;
}

int dagger_url_parse(struct dagger_url *url, const char *bytes, size_t len)
{
    if (!len || len > DAGGER_URL_MAX)
        return DAGGER_BADURL;
    memcpy(url->text, bytes, len);
    url->text[len] = '\0';
    url->whole = (struct dagger_slice){url->text, len};

    size_t at = find_any(url->whole, ":/?#");
    if (len - at < 3 || memcmp(url->text + at, "://", 3) != 0 || !parse_scheme(url, at))
        return DAGGER_BADURL;

    struct dagger_slice rest = part_of(url->whole, at + 3, len);
    size_t end = find_any(rest, "/?#");
    url->userinfo = part_of(rest, 0, 0);
    url->port = -1;
    url->host_is_ipv6 = false;
    if (!parse_authority(url, part_of(rest, 0, end)))
        return DAGGER_BADURL;

    rest = part_of(rest, end, rest.len);
    end = find_any(rest, "?#");
    url->path = part_of(rest, 0, end);

    rest = part_of(rest, end, rest.len);
    url->has_query = rest.len && rest.data[0] == '?';
    end = find_any(rest, "#");
    url->query = part_of(rest, url->has_query ? 1 : 0, end);

    rest = part_of(rest, end, rest.len);
    url->has_fragment = rest.len > 0;
    struct dagger_slice fragment = part_of(rest, url->has_fragment ? 1 : 0, rest.len);

    if (!consists_of(url->path, IN_PATH) || !consists_of(url->query, IN_QUERY) ||
        !consists_of(fragment, IN_QUERY))
        return DAGGER_BADURL;
    return 0;
}

bool dagger_url_is_plain(const struct dagger_url *url, bool host, bool query)
{
    return !url->has_userinfo && url->port < 0 && !url->has_fragment && !url->host_is_ipv6 &&
           (host || !url->host.len) && (query || !url->query.len) &&
           (!url->path.len || dagger_slice_is(url->path, "/"));
}

bool dagger_slice_is(struct dagger_slice slice, const char *text)
{
    return slice.len == strlen(text) && memcmp(slice.data, text, slice.len) == 0;
}

int64_t dagger_slice_decimal(struct dagger_slice slice)
{
    int64_t value = 0;
    if (!slice.len || (slice.len > 1 && slice.data[0] == '0'))
        return -1;
    for (size_t i = 0; i < slice.len; i++) {
        if (!is_digit((unsigned char)slice.data[i]))
            return -1;
        int digit = slice.data[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, digit, &value))
            value = INT64_MAX;
    }
    return value;
}

int64_t dagger_percent_decode(struct dagger_slice in, char *out, size_t cap)
{
    size_t len = 0;
    for (size_t i = 0; i < in.len; i++) {
        int byte = (unsigned char)in.data[i];
        if (byte == '%') {
            byte = dagger_escaped_byte(in, i);
            if (byte <= 0)
                return DAGGER_BADURL;
            i += 2;
        }
        if (len + 1 >= cap)
            return DAGGER_BADURL;
        out[len++] = (char)byte;
    }
    if (len >= cap)
        return DAGGER_BADURL;
    out[len] = '\0';
    return (int64_t)len;
}

bool dagger_query_next(struct dagger_slice *rest, struct dagger_query_pair *pair)
{
    while (rest->len && rest->data[0] == '&')
        *rest = part_of(*rest, 1, rest->len);
    if (!rest->len)
        return false;
    size_t end = find_any(*rest, "&");
    struct dagger_slice both = part_of(*rest, 0, end);
    *rest = part_of(*rest, end, rest->len);

    size_t equals = find_any(both, "=");
    pair->has_value = equals < both.len;
    pair->key = part_of(both, 0, equals);
    pair->value = part_of(both, pair->has_value ? equals + 1 : equals, both.len);
    return true;
}
