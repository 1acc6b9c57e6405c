#include "url_invariants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "streams/error.h"
#include "streams/url.h"

#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);         \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static const char *end_of(struct dagger_slice part)
{
    return part.data + part.len;
}

static void check_bytes(const struct dagger_url *url, const uint8_t *bytes, size_t len)
{
    HOLDS(url->whole.data == url->text && url->whole.len == len);
    HOLDS(url->text[len] == '\0' && strlen(url->text) == len);
    for (size_t i = 0; i < len; i++) {
        uint8_t given = bytes[i];
        HOLDS(given > 0x20 && given < 0x7f && !strchr("\"<>\\^`{|}", given));
        if (i < url->scheme.len && given >= 'A' && given <= 'Z')
            given += 'a' - 'A';
        HOLDS((uint8_t)url->text[i] == given);
    }
}

/* The parts put together again are the whole: nothing lost, nothing twice, nothing out of order. */
static void check_parts(const struct dagger_url *url)
{
    const char *at = url->text;
    HOLDS(url->scheme.data == at && url->scheme.len > 0);
    at = end_of(url->scheme);
    HOLDS(memcmp(at, "://", 3) == 0);
    at += 3;
    if (url->has_userinfo) {
        HOLDS(url->userinfo.data == at);
        at = end_of(url->userinfo);
        HOLDS(*at++ == '@');
    } else {
        HOLDS(url->userinfo.len == 0);
    }
    if (url->host_is_ipv6)
        HOLDS(*at++ == '[' && url->host.len >= 2);
    HOLDS(url->host.data == at);
    at = end_of(url->host);
    if (url->host_is_ipv6)
        HOLDS(*at++ == ']');
    if (at != url->path.data)
        HOLDS(*at++ == ':');
    HOLDS(at <= url->path.data);
    HOLDS(url->port == (at == url->path.data ? -1 : atoi(at)));
    HOLDS(url->port <= 65535);
    HOLDS(strspn(at, "0123456789") == (size_t)(url->path.data - at));
    HOLDS(url->path.len == 0 || url->path.data[0] == '/');
    at = end_of(url->path);
    if (url->has_query)
        HOLDS(*at++ == '?');
    HOLDS(url->query.data == at && (url->has_query || url->query.len == 0));
    at = end_of(url->query);
    HOLDS(*at == (url->has_fragment ? '#' : '\0'));
}

/* A part's bytes that would end it, or begin another, are not in it. */
static void check_delimiters(const struct dagger_url *url)
{
    HOLDS(!memchr(url->userinfo.data, '@', url->userinfo.len));
    HOLDS(!memchr(url->userinfo.data, '/', url->userinfo.len));
    for (const char *c = "/?#@[]"; *c; c++)
        HOLDS(!memchr(url->host.data, *c, url->host.len));
    HOLDS(url->host_is_ipv6 || !memchr(url->host.data, ':', url->host.len));
    HOLDS(!memchr(url->path.data, '?', url->path.len));
    for (const char *c = "#[]"; *c; c++) {
        HOLDS(!memchr(url->path.data, *c, url->path.len));
        HOLDS(!memchr(url->query.data, *c, url->query.len));
    }
}

static void check_decode(struct dagger_slice part)
{
    char *out = malloc(part.len + 1);
    int64_t len = dagger_percent_decode(part, out, part.len + 1);
    if (len < 0) {
        /* The syntax was right, so that only "%00" is left to refuse. */
        HOLDS(len == DAGGER_BADURL);
        bool zero = false;
        for (size_t i = 0; i + 3 <= part.len; i++)
            zero = zero || memcmp(part.data + i, "%00", 3) == 0;
        HOLDS(zero);
    } else {
        HOLDS((size_t)len <= part.len && strlen(out) == (size_t)len);
        char *exact = malloc((size_t)len + 1);
        HOLDS(dagger_percent_decode(part, exact, (size_t)len + 1) == len);
        HOLDS(memcmp(exact, out, (size_t)len + 1) == 0);
        HOLDS(dagger_percent_decode(part, exact, (size_t)len) == DAGGER_BADURL);
        free(exact);
    }
    free(out);
}

static void check_query(struct dagger_slice query)
{
    struct dagger_slice rest = query;
    struct dagger_query_pair pair;
    const char *at = query.data;
    while (dagger_query_next(&rest, &pair)) {
        HOLDS(pair.key.data >= at && end_of(pair.key) <= end_of(query));
        HOLDS(!memchr(pair.key.data, '=', pair.key.len));
        HOLDS(!memchr(pair.key.data, '&', pair.key.len));
        HOLDS(pair.value.data == end_of(pair.key) + (pair.has_value ? 1 : 0));
        HOLDS(!memchr(pair.value.data, '&', pair.value.len));
        HOLDS(pair.has_value || pair.value.len == 0);
        HOLDS(pair.has_value || pair.key.len > 0);
        HOLDS(rest.data >= end_of(pair.value) && end_of(rest) == end_of(query));
        at = end_of(pair.value);
    }
    HOLDS(rest.len == 0);
}

void url_invariants(const uint8_t *bytes, size_t len)
{
    static struct dagger_url url, again;
    memset(&url, 0xaa, sizeof url);
    int result = dagger_url_parse(&url, (const char *)bytes, len);
    HOLDS(result == 0 || result == DAGGER_BADURL);
    HOLDS(result != 0 || (len > 3 && len <= DAGGER_URL_MAX));
    if (result != 0)
        return;
    check_bytes(&url, bytes, len);
    check_parts(&url);
    check_delimiters(&url);
    check_decode(url.userinfo);
    check_decode(url.host);
    check_decode(url.path);
    check_decode(url.query);
    check_query(url.query);

    /* What was accepted is accepted as it was normalised, with the same meaning. */
    memset(&again, 0x55, sizeof again);
    HOLDS(dagger_url_parse(&again, url.text, url.whole.len) == 0);
    HOLDS(memcmp(again.text, url.text, len + 1) == 0);
    HOLDS(again.port == url.port && again.host_is_ipv6 == url.host_is_ipv6);
    HOLDS(again.path.data - again.text == url.path.data - url.text);
    HOLDS(again.query.data - again.text == url.query.data - url.text);
}
