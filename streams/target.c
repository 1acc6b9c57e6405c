#include "target.h"

#include <arpa/inet.h>
#include <string.h>

const struct dagger_target_scheme dagger_target_schemes[] = {
    {"log", DAGGER_SHAPE_STANDARD, 0},
    {"file", DAGGER_SHAPE_FILE, 0},
    {"http", DAGGER_SHAPE_WEB, 80},
    {"https", DAGGER_SHAPE_WEB, 443},
    {"random", DAGGER_SHAPE_PLAIN, 0},
    {"stdin", DAGGER_SHAPE_STANDARD, 0},
    {"stdout", DAGGER_SHAPE_STANDARD, 0},
    {"stderr", DAGGER_SHAPE_STANDARD, 0},
    {"null", DAGGER_SHAPE_PLAIN, 0},
    {"zero", DAGGER_SHAPE_PLAIN, 0},
    {"fd", DAGGER_SHAPE_NAME, 0},
    {"args", DAGGER_SHAPE_NAME, 0},
    {"env", DAGGER_SHAPE_NAME, 0},
    {"clock", DAGGER_SHAPE_NAME, 0},
    {"tcp", DAGGER_SHAPE_NETWORK, 0},
    {"tcp+tls", DAGGER_SHAPE_NETWORK, 0},
    {"tcp+listen", DAGGER_SHAPE_NETWORK, 0},
    {"listen", DAGGER_SHAPE_NAME, 0},
    {"gopher", DAGGER_SHAPE_WEB, 70},
    {"gophers", DAGGER_SHAPE_WEB, 70},
    {"control", DAGGER_SHAPE_PLAIN, 0},
    {NULL, DAGGER_SHAPE_PLAIN, 0},
};

static const struct dagger_target_scheme *find_scheme(struct dagger_slice name)
{
    for (const struct dagger_target_scheme *row = dagger_target_schemes; row->name; row++)
        if (dagger_slice_is(name, row->name))
            return row;
    return NULL;
}

int dagger_target_default_port(struct dagger_slice scheme)
{
    const struct dagger_target_scheme *row = find_scheme(scheme);
    return row ? row->port : 0;
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

/* ---- Hosts ------------------------------------------------------------------------------------
 */

/* An IPv4 address within an IPv6 one (RFC 4291, 2.5.5.2) is connected to as that. */
static size_t put_ipv6(struct dagger_slice in, char *out)
{
    unsigned char address[16];
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    memcpy(out, in.data, in.len);
    out[in.len] = '\0';
    if (inet_pton(AF_INET6, out, address) != 1)
        return in.len;
    if (memcmp(address, mapped, sizeof mapped) == 0)
        inet_ntop(AF_INET, address + sizeof mapped, out, INET6_ADDRSTRLEN);
    else
        inet_ntop(AF_INET6, address, out, INET6_ADDRSTRLEN);
    return strlen(out);
}

static size_t put_host(struct dagger_slice in, bool is_name, char *out)
{
    size_t len = 0;
    for (size_t at = 0; at < in.len; len++) {
        out[len] = (char)dagger_next_byte(in, &at);
        if (!is_name && out[len] >= 'A' && out[len] <= 'Z')
            out[len] += 'a' - 'A';
    }
    return !is_name && len > 1 && out[len - 1] == '.' ? len - 1 : len;
}

/* ---- Paths ------------------------------------------------------------------------------------
 */

/* Length of the separator at in.data[at], 0 if there is none. */
static size_t separator(struct dagger_slice in, size_t at, bool loose, bool is_file)
{
    if (in.data[at] == '/')
        return 1;
    int byte = loose ? dagger_escaped_byte(in, at) : -1;
    return byte == '/' || (byte == '\\' && !is_file) ? 3 : 0;
}

/* 1 for ".", 2 for "..", else 0. */
static int dots(const char *segment, size_t len, bool parameters)
{
    const char *end = parameters ? memchr(segment, ';', len) : NULL;
    len = end ? (size_t)(end - segment) : len;
    return (len == 1 || len == 2) && memcmp(segment, "..", len) == 0 ? (int)len : 0;
}

static size_t put_path(struct dagger_slice in, bool loose, bool is_file, bool pattern, char *out)
{
    size_t len = 0;
    if (in.len == 1)
        return 0;
    for (size_t at = 0; at < in.len;) {
        size_t begin = len, skipped;
        at += separator(in, at, loose, is_file);
        size_t from = at;
        out[len++] = '/';
        while (at < in.len && !(skipped = separator(in, at, loose, is_file))) {
            unsigned char byte = dagger_next_byte(in, &at);
            if (byte == '/' || byte == '%') {
                memcpy(out + len, byte == '/' ? "%2F" : "%25", 3);
                len += 3;
            } else {
                out[len++] = (char)byte;
            }
        }
        if (pattern && at - from == 1 && in.data[from] == '*')
            out[begin + 1] = '%';
        int up = dots(out + begin + 1, len - begin - 1, loose && !is_file);
        if (up || (loose && len == begin + 1))
            len = begin;
        if (up == 2)
            while (len && out[--len] != '/')
                continue;
    }
    return len;
}

/* ---- Queries ----------------------------------------------------------------------------------
 */

static size_t put_query(struct dagger_slice in, char *out)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t len = 0;
    for (size_t at = 0; at < in.len;) {
        int escaped = dagger_escaped_byte(in, at);
        unsigned char byte = dagger_next_byte(in, &at);
        if (escaped < 0 || is_unreserved(byte)) {
            out[len++] = (char)byte;
        } else {
            out[len++] = '%';
            out[len++] = digits[byte >> 4];
            out[len++] = digits[byte & 15];
        }
    }
    return len;
}

/* The file kind refuses what is repeated and what it does not know; until then it counts as all. */
static unsigned uses_of(struct dagger_slice query)
{
    unsigned uses = 0;
    struct dagger_query_pair pair;
    while (dagger_query_next(&query, &pair)) {
        char key[8], mode[8];
        if (dagger_percent_decode(pair.key, key, sizeof key) < 0 || strcmp(key, "mode") != 0)
            continue;
        if (dagger_percent_decode(pair.value, mode, sizeof mode) < 0)
            uses = DAGGER_USE_BOTH;
        else if (strcmp(mode, "r") == 0)
            uses |= DAGGER_USE_READ;
        else if (strcmp(mode, "w") == 0 || strcmp(mode, "a") == 0 || strcmp(mode, "x") == 0)
            uses |= DAGGER_USE_WRITE;
        else
            uses = DAGGER_USE_BOTH;
    }
    return uses ? uses : DAGGER_USE_READ;
}

/* fd://1 is stdout:// by another name. */
static void rename_standard(struct dagger_target *target)
{
    static const char *const standard[] = {"stdin", "stdout", "stderr"};
    unsigned fd = target->host.len == 1 ? (unsigned)(target->host.data[0] - '0') : 3u;
    if (fd >= 3)
        return;
    target->scheme = find_scheme((struct dagger_slice){standard[fd], strlen(standard[fd])});
    target->host.len = 0;
}

void dagger_target_init(struct dagger_target *target, const struct dagger_url *url, char *room,
                        bool pattern)
{
    const struct dagger_target_scheme *scheme = find_scheme(url->scheme);
    enum dagger_shape shape = scheme ? scheme->shape : DAGGER_SHAPE_WEB;
    bool is_file = shape == DAGGER_SHAPE_FILE;
    *target = (struct dagger_target){
        .scheme = scheme,
        .port = url->port >= 0 ? url->port : dagger_target_default_port(url->scheme),
        .uses = is_file ? uses_of(url->query) : DAGGER_USE_BOTH,
        .has_userinfo = url->has_userinfo,
        .has_query = url->has_query && url->query.len,
    };
    target->host.data = room;
    target->host.len = url->host_is_ipv6 ? put_ipv6(url->host, room)
                                         : put_host(url->host, shape == DAGGER_SHAPE_NAME, room);
    room += target->host.len + INET6_ADDRSTRLEN;
    for (int i = 0; i < DAGGER_READINGS; i++) {
        struct dagger_slice *path = &target->path[i];
        path->data = room;
        path->len =
            put_path(url->path, is_file || i == DAGGER_READING_LOOSE, is_file, pattern, room);
        room += path->len;
    }
    target->query.data = room;
    target->query.len = put_query(url->query, room);
    if (scheme && strcmp(scheme->name, "fd") == 0)
        rename_standard(target);
}
