/* A file URL (RFC 8089) becomes a request. */
#include "file.h"

#include <string.h>
#include <strings.h>

/* The host says whose files: ours ("" or "localhost"). A user, a port or a fragment would be
 * ignored by other programs; here it is refused, since the guest then means something we would not
 * do. */
static bool authority_is_ours(const struct dagger_url *url)
{
    if (url->has_userinfo || url->port >= 0 || url->host_is_ipv6 || url->has_fragment)
        return false;
    static const char local[] = "localhost";
    return url->host.len == 0 || (url->host.len == sizeof local - 1 &&
                                  strncasecmp(url->host.data, local, sizeof local - 1) == 0);
}

static bool set_mode(struct dagger_file_request *request, const char *value)
{
    static const struct {
        const char *name;
        enum dagger_file_mode mode;
    } modes[] = {
        {"r", DAGGER_FILE_READ},   {"w", DAGGER_FILE_WRITE},       {"a", DAGGER_FILE_APPEND},
        {"x", DAGGER_FILE_CREATE}, {"rw", DAGGER_FILE_READ_WRITE},
    };
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(value, modes[i].name) == 0) {
            request->mode = modes[i].mode;
            return true;
        }
    }
    return false;
}

/* Decimal digits only: strtoll would take signs, blanks and other bases. */
static bool set_offset(struct dagger_file_request *request, const char *value)
{
    int64_t offset = 0;
    if (!*value)
        return false;
    for (; *value; value++) {
        if (*value < '0' || *value > '9')
            return false;
        if (__builtin_mul_overflow(offset, 10, &offset) ||
            __builtin_add_overflow(offset, *value - '0', &offset))
            return false;
    }
    request->offset = offset;
    return true;
}

static bool set_sync(struct dagger_file_request *request, const char *value)
{
    request->sync = true;
    return strcmp(value, "1") == 0;
}

static bool set_atomic(struct dagger_file_request *request, const char *value)
{
    request->atomic = true;
    return strcmp(value, "1") == 0;
}

enum option { MODE, OFFSET, SYNC, ATOMIC, OPTIONS };

static const struct {
    const char *key;
    bool (*set)(struct dagger_file_request *request, const char *value);
} options[OPTIONS] = {
    [MODE] = {"mode", set_mode},
    [OFFSET] = {"offset", set_offset},
    [SYNC] = {"sync", set_sync},
    [ATOMIC] = {"atomic", set_atomic},
};

/* Reads one pair into the request and marks it in `seen`. */
static bool set_option(struct dagger_file_request *request, const struct dagger_query_pair *pair,
                       bool seen[OPTIONS])
{
    char key[16], value[32]; /* every key and value that is known fits */
    if (!pair->has_value || dagger_percent_decode(pair->key, key, sizeof key) < 0 ||
        dagger_percent_decode(pair->value, value, sizeof value) < 0)
        return false;
    for (size_t i = 0; i < OPTIONS; i++) {
        if (strcmp(key, options[i].key) != 0)
            continue;
        bool repeated = seen[i];
        seen[i] = true;
        return !repeated && options[i].set(request, value);
    }
    return false;
}

/* What each option needs: append has no start to choose, a replacement starts empty and is always
 * written, and there is nothing to sync where nothing is written. */
static bool options_agree(const struct dagger_file_request *request, const bool seen[OPTIONS])
{
    if (request->atomic && (request->mode != DAGGER_FILE_WRITE || seen[OFFSET]))
        return false;
    if (request->mode == DAGGER_FILE_APPEND && seen[OFFSET])
        return false;
    return !(request->sync && request->mode == DAGGER_FILE_READ);
}

int dagger_file_request(struct dagger_file_request *request, const struct dagger_url *url)
{
    *request = (struct dagger_file_request){.mode = DAGGER_FILE_READ};
    if (!authority_is_ours(url) || url->path.len == 0)
        return DAGGER_BADINPUT;

    /* "%2F" is decoded as well and separates names like "/": a name can't have it, and where the
     * path may lead is decided when it is resolved, not by its spelling. */
    int64_t len = dagger_percent_decode(url->path, request->path, sizeof request->path);
    if (len < 0)
        return (int)len;

    bool seen[OPTIONS] = {false};
    struct dagger_slice rest = url->query;
    struct dagger_query_pair pair;
    while (dagger_query_next(&rest, &pair))
        if (!set_option(request, &pair, seen))
            return DAGGER_BADINPUT;
    return options_agree(request, seen) ? 0 : DAGGER_BADINPUT;
}
