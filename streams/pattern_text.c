/* Patterns as text: daggercc bakes it in and shows it. Apart, so that executables are without. */
#include "pattern.h"

#include <stdio.h>
#include <string.h>

struct text {
    char *at;
};

static void put(struct text *out, const char *bytes, size_t len)
{
    memcpy(out->at, bytes, len);
    out->at += len;
    *out->at = '\0';
}

static void put_text(struct text *out, const char *text)
{
    put(out, text, strlen(text));
}

/* What stands for itself in a name, and of the rest in a path: '*' and '$' mean something else. */
#define IN_NAMES "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!&'()+,;="
static const char in_names[] = IN_NAMES, in_paths[] = IN_NAMES ":@";

static void put_encoded(struct text *out, struct dagger_slice part, const char *plain)
{
    for (size_t i = 0; i < part.len; i++) {
        char escape[4];
        unsigned char c = (unsigned char)part.data[i];
        snprintf(escape, sizeof escape, "%%%02X", c);
        bool stays = c && strchr(plain, c);
        put(out, stays ? (const char *)&part.data[i] : escape, stays ? 1 : 3);
    }
}

/* "%2F" and "%25" are escaped already; "%" is '*'. */
static void put_path(struct text *out, struct dagger_slice path)
{
    for (size_t i = 0; i < path.len;) {
        size_t len = 0;
        while (i + len < path.len && path.data[i + len] != '/' && path.data[i + len] != '%')
            len++;
        put_encoded(out, (struct dagger_slice){path.data + i, len}, in_paths);
        i += len;
        if (i == path.len)
            break;
        bool wild = path.data[i] == '%' && (i + 1 == path.len || path.data[i + 1] == '/');
        size_t taken = path.data[i] == '/' || wild ? 1 : 3;
        put(out, wild ? "*" : path.data + i, taken);
        i += taken;
    }
}

static void put_port(struct text *out, const struct dagger_pattern *pattern)
{
    const struct dagger_target *target = &pattern->target;
    char port[sizeof ":65535"];
    snprintf(port, sizeof port, ":%d", target->port & 0xffff);
    if (pattern->any_port)
        put_text(out, ":*");
    else if (target->port != target->scheme->port)
        put_text(out, port);
}

void dagger_pattern_text(const struct dagger_pattern *pattern, char *text)
{
    const struct dagger_target *target = &pattern->target;
    enum dagger_shape shape = target->scheme->shape;
    struct text out = {text};
    put_text(&out, target->scheme->name);
    put_text(&out, pattern->subdomains ? "://*." : "://");
    if (!pattern->any_host) {
        bool brackets =
            shape >= DAGGER_SHAPE_NETWORK && memchr(target->host.data, ':', target->host.len);
        if (brackets)
            put(&out, "[", 1);
        if (brackets)
            put(&out, target->host.data, target->host.len);
        else
            put_encoded(&out, target->host, in_names);
        if (brackets)
            put(&out, "]", 1);
        put_port(&out, pattern);
    }
    put_path(&out, target->path[DAGGER_READING_STRICT]);
    if (shape == DAGGER_SHAPE_FILE && target->uses != DAGGER_USE_BOTH)
        put_text(&out, target->uses == DAGGER_USE_READ ? "?mode=r" : "?mode=w");
    if (target->has_query) {
        put(&out, "?", 1);
        put(&out, target->query.data, target->query.len);
    }
    if (pattern->exact)
        put(&out, "$", 1);
}
