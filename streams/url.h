/* URLs as open() takes them: RFC 3986 syntax of the form scheme "://" authority path ["?" query].
 *
 * The parser copies the bytes into the object (no allocation); every component is a slice of that
 * copy. Nothing is percent-decoded until a stream kind asks, so that "%2F" and "/" stay different,
 * and "." and ".." segments stay as they are: what they mean is the stream kind's to say.
 */
#ifndef DAGGER_STREAMS_URL_H
#define DAGGER_STREAMS_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DAGGER_URL_MAX 8192 /* bytes; a longer URL is BADURL */

struct dagger_slice {
    const char *data; /* not NUL-terminated */
    size_t len;
};

struct dagger_url {
    struct dagger_slice whole;    /* as given, but with the scheme in lower case */
    struct dagger_slice scheme;   /* lower case */
    struct dagger_slice userinfo; /* without '@'; see has_userinfo */
    struct dagger_slice host;     /* as given, an IPv6 address without its brackets */
    struct dagger_slice path;     /* with its leading '/', or empty */
    struct dagger_slice query;    /* without '?'; see has_query */
    int port;                     /* 0..65535, -1 if absent or empty ("host:") */
    bool has_userinfo;
    bool host_is_ipv6; /* host was in brackets */
    bool has_query;
    bool has_fragment; /* "#..." was there; no scheme of ours has a use for it */
    char text[DAGGER_URL_MAX + 1];
};

/* Parses `len` bytes. The object must stay where it is: the slices point into it. Every slice has a
 * non-NULL pointer into `text`, also when it is empty.
 * Returns 0 or DAGGER_BADURL: empty, too long, no "scheme://", a byte that RFC 3986 does not allow
 * in its component (control bytes, space, bytes over 0x7f, '"', '<', '>', '\', '^', '`', '{', '|',
 * '}' anywhere; '[', ']' but around an IPv6 address; a second '@' in the authority, a second '#'),
 * a '%' not followed by two hex digits, a port that is no number up to 65535, brackets around
 * anything but an IPv6 address (RFC 3986's "IPvFuture" and RFC 6874's zones are refused too). After
 * an error the object's contents are undefined. */
int dagger_url_parse(struct dagger_url *url, const char *bytes, size_t len);

/* True if the URL says no more than its scheme, a host if `host` allows one, and a query if `query`
 * allows one: no user, port, fragment, nor a path but "/". */
bool dagger_url_is_plain(const struct dagger_url *url, bool host, bool query);

bool dagger_slice_is(struct dagger_slice slice, const char *text);

/* The value of decimal digits without leading zeros, INT64_MAX for all that are larger; -1 if the
 * slice is anything else. */
int64_t dagger_slice_decimal(struct dagger_slice slice);

/* The byte that "%XX" at in.data[at] stands for, or -1 if that is not what stands there. */
int dagger_escaped_byte(struct dagger_slice in, size_t at);

/* The byte at in.data[*at], decoded if it is escaped; `*at` is moved on. */
unsigned char dagger_next_byte(struct dagger_slice in, size_t *at);

/* Percent-decodes into `out` (capacity `cap` bytes, a NUL is added and must fit too). '+' stays
 * '+'. Returns the decoded length, or DAGGER_BADURL if it does not fit, "%00" occurs, or a '%' is
 * not followed by two hex digits. */
int64_t dagger_percent_decode(struct dagger_slice in, char *out, size_t cap);

/* Walks the query's "key=value" pairs, '&' between them. `*rest` starts as url->query and is moved
 * on; returns false at the end. A pair without '=' has an empty value and has_value false; what is
 * empty between two '&' is passed over, as in WHATWG URL 5.1. Keys and values are not decoded. */
struct dagger_query_pair {
    struct dagger_slice key, value;
    bool has_value;
};
bool dagger_query_next(struct dagger_slice *rest, struct dagger_query_pair *pair);

#endif
