/* URLs as open() takes them: RFC 3986 syntax of the form scheme "://" authority path ["?" query].
 *
 * The parser copies the bytes into the object (no allocation); every component is a slice of that
 * copy. Nothing is percent-decoded until a stream kind asks, so that "%2F" and "/" stay different.
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
    int port;                     /* 0..65535, -1 if absent */
    bool has_userinfo;
    bool host_is_ipv6; /* host was in brackets */
    bool has_query;
    bool has_fragment; /* "#..." was there; no scheme of ours has a use for it */
    char text[DAGGER_URL_MAX + 1];
};

/* Parses `len` bytes. The object must stay where it is: the slices point into it.
 * Returns 0 or DAGGER_BADURL: empty, too long, no "scheme://", a scheme not of RFC 3986's letters, a
 * control byte (0x00-0x1f, 0x7f), a space, a byte over 0x7f, a '%' not followed by two hex
 * digits, a bad port, a bad bracket. */
int dagger_url_parse(struct dagger_url *url, const char *bytes, size_t len);

bool dagger_slice_is(struct dagger_slice slice, const char *text);

/* Percent-decodes into `out` (capacity `cap` bytes, a NUL is added and must fit too).
 * Returns the decoded length, or DAGGER_BADURL if it does not fit or "%00" occurs. */
int64_t dagger_percent_decode(struct dagger_slice in, char *out, size_t cap);

/* Walks the query's "key=value" pairs, '&' between them. `*rest` starts as url->query and is moved
 * on; returns false at the end. A pair without '=' has an empty value and has_value false. Keys and
 * values are not decoded. */
struct dagger_query_pair {
    struct dagger_slice key, value;
    bool has_value;
};
bool dagger_query_next(struct dagger_slice *rest, struct dagger_query_pair *pair);

#endif
