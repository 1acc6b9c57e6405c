#include "pattern.h"

#include <stdlib.h>
#include <string.h>

/* ---- Reading ----------------------------------------------------------------------------------
 */

static bool has_star(struct dagger_slice part)
{
    return memchr(part.data, '*', part.len) != NULL;
}

/* In a path '*' is a segment of its own. */
static bool stars_are_segments(struct dagger_slice path)
{
    for (size_t i = 0; i < path.len; i++)
        if (path.data[i] == '*' &&
            (path.data[i - 1] != '/' || (i + 1 < path.len && path.data[i + 1] != '/')))
            return false;
    return true;
}

/* Servers differ on what ".." takes away here (target.h), and the pattern's text could say only one
 * of it. */
static bool is_ambiguous(struct dagger_slice path)
{
    bool goes_up = false, differs = false;
    for (size_t at = 0; at < path.len;) {
        size_t count = 0, dots = 0;
        for (at++; at < path.len && path.data[at] != '/'; count++) {
            unsigned char byte = dagger_next_byte(path, &at);
            dots += byte == '.';
            differs |= byte == '/' || byte == '\\' || byte == ';';
        }
        goes_up |= count == 2 && dots == 2;
        differs |= count == 0 && at < path.len;
    }
    return goes_up && differs;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_of_name(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_';
}

/* An address has no labels to leave open. */
static bool ends_in_number(struct dagger_slice host)
{
    size_t len = host.len && host.data[host.len - 1] == '.' ? host.len - 1 : host.len;
    return len && is_digit(host.data[len - 1]);
}

/* "*.HOST": takes the two characters off. */
static const char *take_host(struct dagger_pattern *pattern, struct dagger_url *url, bool has_host)
{
    struct dagger_slice *host = &url->host;
    if (has_host && host->len > 2 && memcmp(host->data, "*.", 2) == 0) {
        pattern->subdomains = true;
        host->data += 2;
        host->len -= 2;
    }
    if (has_star(*host) || (pattern->subdomains && ends_in_number(*host)))
        return "in a host, '*' stands for what is before a name: *.example.com";
    for (size_t i = 0; has_host && !url->host_is_ipv6 && i < host->len; i++)
        if (!is_of_name(host->data[i]) ||
            (host->data[i] == '.' && (i == 0 || host->data[i - 1] == '.')))
            return "a host is a name of letters, digits and '-', or an address";
    return NULL;
}

/* A port "*", which is none to the parser of URLs: takes it off. */
static bool take_any_port(char *text, size_t *len)
{
    char *end = strstr(text, "://");
    end = end ? end + 3 + strcspn(end + 3, "/?#") : text;
    if (end - text < 2 || memcmp(end - 2, ":*", 2) != 0)
        return false;
    memmove(end - 2, end, *len - (size_t)(end - text) + 1);
    *len -= 2;
    return true;
}

/* For a file: which uses `?mode=` names. */
static const char *take_mode(struct dagger_pattern *pattern, const struct dagger_url *url)
{
    static const char *const modes[] = {"", "mode=r", "mode=w", "mode=rw"};
    for (unsigned i = 1; url->has_query && i < 4; i++)
        if (dagger_slice_is(url->query, modes[i])) {
            pattern->target.uses = i;
            return NULL;
        }
    pattern->target.uses = DAGGER_USE_BOTH;
    return url->has_query ? "a file has no query but ?mode=r, ?mode=w or ?mode=rw" : NULL;
}

static const char *check_shape(struct dagger_pattern *pattern, const struct dagger_url *url)
{
    static const char *const shapes[] = {
        [DAGGER_SHAPE_PLAIN] = "this scheme stands alone: SCHEME://",
        [DAGGER_SHAPE_STANDARD] = "this scheme stands alone: SCHEME://",
        [DAGGER_SHAPE_NAME] = "expected SCHEME:// or SCHEME://NAME",
        [DAGGER_SHAPE_FILE] = "expected file:// or file:///PATH",
        [DAGGER_SHAPE_NETWORK] = "expected SCHEME://, SCHEME://HOST:PORT or SCHEME://HOST:*",
        [DAGGER_SHAPE_WEB] = "expected a host",
    };
    const struct dagger_target *target = &pattern->target;
    enum dagger_shape shape = target->scheme->shape;
    bool host = target->host.len || url->host_is_ipv6, port = url->port >= 0 || pattern->any_port,
         path = target->path[0].len > 0, query = url->has_query, bad = false;
    switch (shape) {
    case DAGGER_SHAPE_PLAIN:
    case DAGGER_SHAPE_STANDARD:
        bad = host || port || path || query;
        break;
    case DAGGER_SHAPE_NAME:
        bad = port || path || query || url->host_is_ipv6 || dagger_slice_is(url->scheme, "fd");
        break;
    case DAGGER_SHAPE_FILE:
        bad = port || (host && !dagger_slice_is(target->host, "localhost"));
        break;
    case DAGGER_SHAPE_NETWORK:
        bad = path || query || host != port;
        break;
    case DAGGER_SHAPE_WEB:
        bad = !host && (port || path || query);
        break;
    }
    return bad ? shapes[shape] : NULL;
}

static const char *fill(struct dagger_pattern *pattern, struct dagger_url *url)
{
    struct dagger_target *target = &pattern->target;
    if (url->has_userinfo || url->has_fragment)
        return "a pattern has no user and no '#'";
    if (url->port == 0)
        return "no port is 0";
    dagger_target_init(target, url, pattern->room, true);
    if (!target->scheme)
        return "unknown scheme";
    enum dagger_shape shape = target->scheme->shape;
    const char *why = take_host(pattern, url, shape >= DAGGER_SHAPE_NETWORK);
    if (why)
        return why;
    if (!stars_are_segments(url->path) || has_star(url->query))
        return "'*' stands for a whole segment of a path only; "
               "patterns are no regular expressions";
    if (shape == DAGGER_SHAPE_WEB && is_ambiguous(url->path))
        return "'..' beside '//', '%2F', '%5C' or ';' means different things to different servers";
    dagger_target_init(target, url, pattern->room, true); /* without the "*." */
    why = check_shape(pattern, url);
    if (!why && shape == DAGGER_SHAPE_FILE) {
        why = take_mode(pattern, url);
        target->has_query = false;
    }
    pattern->any_host = shape <= DAGGER_SHAPE_STANDARD || shape == DAGGER_SHAPE_FILE ||
                        (!target->host.len && !url->host_is_ipv6);
    struct dagger_slice *path = &target->path[DAGGER_READING_STRICT];
    while (path->len && path->data[path->len - 1] == '/')
        path->len--; /* "/x/" is "/x" */
    return why;
}

/* Marks that regular expressions have: "^" says nothing, "$" that nothing follows. */
static struct dagger_slice take_anchors(const char *text, size_t len, bool *exact)
{
    struct dagger_slice rest = {text, len};
    if (rest.len && rest.data[0] == '^')
        rest = (struct dagger_slice){rest.data + 1, rest.len - 1};
    *exact = rest.len && rest.data[rest.len - 1] == '$';
    rest.len -= *exact;
    return rest;
}

struct dagger_pattern *dagger_pattern_new(const char *given, size_t given_len, const char **why)
{
    bool exact;
    struct dagger_slice rest = take_anchors(given, given_len, &exact);
    size_t len = rest.len;
    struct {
        struct dagger_url url;
        char text[];
    } *work = NULL;
    struct dagger_pattern *pattern = NULL;
    *why = "longer than a URL can be";
    if (len > DAGGER_URL_MAX)
        return NULL;
    *why = NULL;
    work = malloc(sizeof *work + len + 1);
    pattern = work ? calloc(1, sizeof *pattern + DAGGER_TARGET_ROOM(len)) : NULL;
    if (pattern) {
        memcpy(work->text, rest.data, len);
        work->text[len] = '\0';
        pattern->exact = exact;
        pattern->any_port = strlen(work->text) == len && take_any_port(work->text, &len);
        *why = dagger_url_parse(&work->url, work->text, len) ? "no URL" : fill(pattern, &work->url);
        if (*why) {
            free(pattern);
            pattern = NULL;
        }
    }
    free(work);
    return pattern;
}

/* ---- Matching ---------------------------------------------------------------------------------
 */

static bool same(struct dagger_slice a, struct dagger_slice b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* The first segment, without its '/'; `*path` is moved on. */
static struct dagger_slice next_segment(struct dagger_slice *path)
{
    const char *begin = path->data + 1, *end = path->data + path->len;
    const char *slash = begin < end ? memchr(begin, '/', (size_t)(end - begin)) : NULL;
    slash = slash ? slash : end;
    *path = (struct dagger_slice){slash, (size_t)(end - slash)};
    return (struct dagger_slice){begin, (size_t)(slash - begin)};
}

/* `either`: the path may also be above the pattern. */
static bool covers(struct dagger_slice pattern, struct dagger_slice path, bool exact, bool either)
{
    while (pattern.len) {
        if (!path.len)
            return either;
        struct dagger_slice wanted = next_segment(&pattern), found = next_segment(&path);
        if (!same(wanted, found) && !(dagger_slice_is(wanted, "%") && found.len))
            return false;
    }
    return !exact || !path.len;
}

static bool host_matches(const struct dagger_pattern *pattern, struct dagger_slice host)
{
    struct dagger_slice wanted = pattern->target.host;
    if (!pattern->subdomains)
        return same(wanted, host);
    if (host.len < wanted.len + 2 || host.data[host.len - wanted.len - 1] != '.')
        return false;
    return same(wanted, (struct dagger_slice){host.data + host.len - wanted.len, wanted.len});
}

bool dagger_pattern_matches(const struct dagger_pattern *pattern,
                            const struct dagger_target *target, enum dagger_question question)
{
    const struct dagger_target *wanted = &pattern->target;
    bool denies = question >= DAGGER_DENIES, any = question == DAGGER_DENIES_ANY;
    if (target->scheme != wanted->scheme || (target->has_userinfo && !denies) ||
        (question == DAGGER_ALLOWS_WHOLE && pattern->exact))
        return false;
    if (denies ? !(target->uses & wanted->uses) : (target->uses & ~wanted->uses) != 0)
        return false;
    bool strict = covers(wanted->path[0], target->path[0], pattern->exact, any);
    bool loose = covers(wanted->path[1], target->path[1], pattern->exact, any);
    if (denies ? !strict && !loose : !strict || !loose)
        return false;
    if (wanted->has_query
            ? !same(wanted->query, target->query)
            : pattern->exact && target->has_query && wanted->scheme->shape != DAGGER_SHAPE_FILE)
        return false;
    if (pattern->any_host)
        return !pattern->exact || !target->host.len || wanted->scheme->shape == DAGGER_SHAPE_FILE;
    return host_matches(pattern, target->host) &&
           (pattern->any_port || wanted->port == target->port);
}
