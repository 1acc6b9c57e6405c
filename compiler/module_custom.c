/* Custom sections: names, producers, target features. Their contents are hints: what is malformed
 * in them is left out, and the module is none the worse for it.
 *
 * Source: WebAssembly Core Specification 2.0, 7.4 (name section); tool-conventions,
 * ProducersSection.md and Linking.md (target features).
 */
#include "sections.h"

#include <stdlib.h>
#include <string.h>

/* Values without messages: like reader_*, but failure only ends the section. */
struct quiet {
    const uint8_t *at, *end;
    bool failed;
};

static uint32_t quiet_u32(struct quiet *q)
{
    uint32_t value = 0;

    for (unsigned shift = 0; shift < 35; shift += 7) {
        if (q->at >= q->end || q->failed || (shift == 28 && *q->at > 0x0f))
            break;
        value |= (uint32_t)(*q->at & 0x7f) << shift;
        if (*q->at++ < 0x80)
            return value;
    }
    q->failed = true;
    return 0;
}

static struct module_text quiet_name(struct quiet *q)
{
    struct module_text name = {q->at, quiet_u32(q)};

    name.data = q->at;
    if (q->failed || name.len > (size_t)(q->end - q->at) || !text_is_utf8(name.data, name.len)) {
        q->failed = true;
        return (struct module_text){NULL, 0};
    }
    q->at += name.len;
    return name;
}

static bool text_is(struct module_text text, const char *other)
{
    return text.len == strlen(other) && memcmp(text.data, other, text.len) == 0;
}

static bool next_name(struct quiet *q, uint32_t *index, struct module_text *name)
{
    *index = quiet_u32(q);
    *name = quiet_name(q);
    return !q->failed;
}

bool module_next_name(const struct module *module, uint32_t *offset, uint32_t *index,
                      struct module_text *name)
{
    const uint8_t *start;
    struct quiet q;

    if (*offset >= module->names.size)
        return false;
    start = module->bytes + module->names.offset;
    q = (struct quiet){start + *offset, start + module->names.size, false};
    if (!next_name(&q, index, name))
        return false;
    *offset = (uint32_t)(q.at - start);
    return true;
}

/* Keeps the run of good entries: indices ascend and exist, names are UTF-8. */
static void read_function_names(struct reading *g, struct quiet q)
{
    struct module *module = g->module;
    uint32_t count = quiet_u32(&q), index;
    uint64_t least = 0; /* lowest index the next entry may have */
    const uint8_t *start = q.at;
    struct module_text name;

    if (q.failed)
        return;
    module->names.offset = (uint32_t)(start - g->r.base);
    for (uint32_t i = 0; i < count && next_name(&q, &index, &name); i++) {
        if (index < least || index >= module->functions.total)
            break;
        least = (uint64_t)index + 1;
        module->names.size = (uint32_t)(q.at - start);
    }
}

/* The first subsection of function names counts. It may come before the functions are known, in
 * which case no index exists; the specification puts it last. */
static void read_name_section(struct reading *g, struct quiet q)
{
    enum { FUNCTION_NAMES = 1 };

    while (q.at < q.end && !q.failed && g->module->names.size == 0) {
        uint8_t id = *q.at++;
        uint32_t size = quiet_u32(&q);

        if (q.failed || size > (size_t)(q.end - q.at))
            return;
        if (id == FUNCTION_NAMES)
            read_function_names(g, (struct quiet){q.at, q.at + size, false});
        q.at += size;
    }
}

/* Appends to an allocated line for messages, up to a bound; drops what does not fit. */
static void append(struct module_text *line, const char *separator, struct module_text text)
{
    enum { LINE_MAX_SIZE = 240 };
    size_t between = line->len ? strlen(separator) : 0;
    uint8_t *data;

    if (line->len + between + text.len > LINE_MAX_SIZE)
        return;
    data = realloc((void *)line->data, line->len + between + text.len + 1);
    if (!data)
        return;
    memcpy(data + line->len, separator, between);
    memcpy(data + line->len + between, text.data, text.len);
    line->data = data;
    line->len += (uint32_t)(between + text.len);
}

/* Fields of named values with versions. */
static void read_producers_section(struct reading *g, struct quiet q)
{
    uint32_t fields = quiet_u32(&q);

    for (uint32_t i = 0; i < fields && !q.failed; i++) {
        struct module_text field = quiet_name(&q);
        uint32_t values = quiet_u32(&q);

        for (uint32_t j = 0; j < values && !q.failed; j++) {
            struct module_text name = quiet_name(&q), version = quiet_name(&q);

            if (q.failed || !(text_is(field, "language") || text_is(field, "processed-by")))
                continue;
            append(&g->module->producers, ", ", name);
            if (version.len > 0 && g->module->producers.len > 0)
                append(&g->module->producers, " ", version);
        }
    }
}

/* Names with a prefix: '+' used, '-' not allowed, '=' required. */
static void read_target_features_section(struct reading *g, struct quiet q)
{
    uint32_t count = quiet_u32(&q);

    for (uint32_t i = 0; i < count && q.at < q.end; i++) {
        uint8_t prefix = *q.at++;
        struct module_text name = quiet_name(&q);

        if (q.failed)
            return;
        if (prefix != '-')
            append(&g->module->target_features, ", ", name);
    }
}

void read_custom_section(struct reading *g)
{
    struct module_text name = reader_name(&g->r, "the name of a custom section");
    struct quiet q = {g->r.at, g->r.end, false};

    if (g->r.failed)
        return;
    if (text_is(name, "name"))
        read_name_section(g, q);
    else if (text_is(name, "producers") && g->module->producers.len == 0)
        read_producers_section(g, q);
    else if (text_is(name, "target_features") && g->module->target_features.len == 0)
        read_target_features_section(g, q);
    g->r.at = g->r.end;
}
