/* Types: value types, function types, limits (5.3) and the type section. */
#include "sections.h"

#include <stdlib.h>

void reading_feature(struct reading *g, enum feature_number number, const uint8_t *at)
{
    if (!(g->module->features & (feature_set)1 << number)) {
        g->module->features |= (feature_set)1 << number;
        g->module->feature_offsets[number] = (uint32_t)(at - g->r.base);
    }
}

void *reading_alloc(struct reading *g, uint32_t count, size_t entry_size)
{
    void *entries = calloc(count ? count : 1, entry_size);

    if (!entries)
        reader_fail(&g->r, g->r.at, "out of memory for %u entries", count);
    return entries;
}

/* The abstract heap types by their byte; returns false if it is none. */
static bool read_abstract_heap_type(struct reading *g, uint8_t byte, const uint8_t *at)
{
    switch (byte) {
    case 0x70: /* func */
    case 0x6f: /* extern */
        return true;
    case 0x69: /* exn */
    case 0x74: /* noexn */
        reading_feature(g, FEATURE_NUMBER_EXCEPTIONS, at);
        return true;
    case 0x6a: /* array, struct, i31, eq, any */
    case 0x6b:
    case 0x6c:
    case 0x6d:
    case 0x6e:
    case 0x71: /* none, noextern, nofunc */
    case 0x72:
    case 0x73:
        reading_feature(g, FEATURE_NUMBER_GC, at);
        return true;
    default:
        return false;
    }
}

static void read_type_index(struct reading *g)
{
    const uint8_t *at = g->r.at;

    if (g->in_types) {
        uint32_t index = reader_u32(&g->r);

        if (index >= g->highest_type && !g->r.failed) {
            g->highest_type = index;
            g->highest_type_offset = (uint32_t)(at - g->r.base);
        }
    } else {
        reader_index(&g->r, g->module->type_count, "type");
    }
}

void read_heap_type(struct reading *g)
{
    struct reader *r = &g->r;
    const uint8_t *at = r->at;

    if (at < r->end && *at >= 0x40 && *at < 0x80) {
        r->at++;
        if (!read_abstract_heap_type(g, *at, at))
            reader_fail(r, at, "unknown heap type 0x%02x", *at);
        return;
    }
    reading_feature(g, FEATURE_NUMBER_FUNCTION_REFERENCES, at);
    int64_t index = reader_leb_signed(r, 33);

    if (r->failed)
        return;
    if (index < 0) {
        reader_fail(r, at, "unknown heap type");
        return;
    }
    r->at = at;
    read_type_index(g);
}

/* Reads one reference type if there is one, else leaves the reader where it is. */
static bool read_ref_type_if(struct reading *g)
{
    struct reader *r = &g->r;
    const uint8_t *at = r->at;

    if (at >= r->end)
        return false;
    if (*at == TYPE_REF || *at == TYPE_REF_NULL) {
        r->at++;
        reading_feature(g, FEATURE_NUMBER_FUNCTION_REFERENCES, at);
        read_heap_type(g);
        return true;
    }
    if (!read_abstract_heap_type(g, *at, at))
        return false;
    r->at++;
    return true;
}

void read_ref_type(struct reading *g)
{
    const uint8_t *at = g->r.at;

    if (!read_ref_type_if(g)) {
        uint8_t byte = reader_byte(&g->r, "a reference type");

        reader_fail(&g->r, at, "expected a reference type, found 0x%02x", byte);
    }
}

void read_value_type(struct reading *g)
{
    struct reader *r = &g->r;
    const uint8_t *at = r->at;
    uint8_t byte;

    if (read_ref_type_if(g))
        return;
    byte = reader_byte(r, "a value type");
    if (byte == 0x7b)
        reading_feature(g, FEATURE_NUMBER_SIMD, at);
    else if (byte < 0x7c || byte > TYPE_I32)
        reader_fail(r, at, "expected a value type, found 0x%02x", byte);
}

void read_block_type(struct reading *g)
{
    struct reader *r = &g->r;
    const uint8_t *at = r->at;

    if (at < r->end && *at == TYPE_EMPTY_BLOCK) {
        r->at++;
    } else if (at<r->end && * at> TYPE_EMPTY_BLOCK && *at < 0x80) {
        read_value_type(g);
    } else {
        int64_t index = reader_leb_signed(r, 33);

        if (!r->failed && (index < 0 || index >= g->module->type_count))
            reader_fail(r, at, "block type index %lld out of range: there are %u types",
                        (long long)index, g->module->type_count);
    }
}

/* Limits flags: 1 has a maximum, 2 shared, 4 64-bit, 8 own page size. */
static struct module_limits read_limits(struct reading *g, uint8_t allowed, const char *what)
{
    struct reader *r = &g->r;
    const uint8_t *at = r->at;
    struct module_limits limits = {0};
    uint8_t flags = reader_byte(r, "limits");

    if (flags & ~allowed) {
        reader_fail(r, at, "unknown flags 0x%02x in the limits of a %s", flags, what);
        return limits;
    }
    limits.has_max = flags & 1;
    limits.shared = flags & 2;
    limits.is64 = flags & 4;
    if (limits.shared)
        reading_feature(g, FEATURE_NUMBER_THREADS, at);
    if (limits.shared && !limits.has_max)
        reader_fail(r, at, "a shared %s needs a maximum", what);
    if (limits.is64)
        reading_feature(g, FEATURE_NUMBER_MEMORY64, at);
    limits.min = reader_leb_unsigned(r, limits.is64 ? 64 : 32);
    limits.max = limits.has_max ? reader_leb_unsigned(r, limits.is64 ? 64 : 32) : UINT64_MAX;
    if (!r->failed && limits.max < limits.min)
        reader_fail(r, at, "the minimum of a %s (%llu) is above its maximum (%llu)", what,
                    (unsigned long long)limits.min, (unsigned long long)limits.max);
    if (flags & 8) {
        reading_feature(g, FEATURE_NUMBER_CUSTOM_PAGE_SIZES, at);
        reader_u32(r); /* logarithm of the page's size */
    }
    return limits;
}

struct module_limits read_table_type(struct reading *g)
{
    read_ref_type(g);
    return read_limits(g, 1 | 4, "table");
}

struct module_limits read_memory_type(struct reading *g)
{
    const uint8_t *at = g->r.at;
    struct module_limits limits = read_limits(g, 1 | 2 | 4 | 8, "memory");
    uint64_t most = limits.is64 ? (uint64_t)1 << 48 : 65536;

    if (g->module->features & FEATURE(CUSTOM_PAGE_SIZES))
        return limits;
    if (!g->r.failed && (limits.min > most || (limits.has_max && limits.max > most)))
        reader_fail(&g->r, at, "a memory of more than %llu pages of 64 KiB",
                    (unsigned long long)most);
    return limits;
}

/* 0: constant, 1: variable. */
static bool read_mutability(struct reading *g)
{
    const uint8_t *at = g->r.at;
    uint8_t mutability = reader_byte(&g->r, "mutability");

    if (mutability > 1)
        reader_fail(&g->r, at, "expected mutability 0 or 1, found 0x%02x", mutability);
    return mutability == 1;
}

struct module_global read_global_type(struct reading *g)
{
    struct module_global global = {.type = g->r.at < g->r.end ? *g->r.at : 0};

    read_value_type(g);
    global.is_mutable = read_mutability(g);
    return global;
}

uint32_t read_function_type_index(struct reading *g)
{
    const uint8_t *at = g->r.at;
    uint32_t index = reader_index(&g->r, g->module->type_count, "type");

    if (!g->r.failed && !g->module->types[index].params)
        reader_fail(&g->r, at, "type %u is not the type of a function", index);
    return index;
}

uint32_t read_tag_type(struct reading *g)
{
    const uint8_t *at = g->r.at;
    uint8_t attribute = reader_byte(&g->r, "a tag's attribute");

    if (attribute != 0)
        reader_fail(&g->r, at, "expected a tag's attribute 0, found 0x%02x", attribute);
    return read_function_type_index(g);
}

static void read_field_type(struct reading *g)
{
    if (g->r.at < g->r.end && (*g->r.at == 0x78 || *g->r.at == 0x77)) /* i8, i16 */
        g->r.at++;
    else
        read_value_type(g);
    read_mutability(g);
}

static void read_composite_type(struct reading *g, struct module_functype *type)
{
    struct reader *r = &g->r;
    const uint8_t *at = r->at;
    uint8_t form = reader_byte(r, "the form of a type");

    if (form == FORM_FUNC) {
        type->param_count = reader_count(r, "parameters", 1, LIMIT_PARAMS);
        type->params = r->at;
        for (uint32_t i = 0; i < type->param_count && !r->failed; i++)
            read_value_type(g);
        type->result_count = reader_count(r, "results", 1, LIMIT_RESULTS);
        type->results = r->at;
        for (uint32_t i = 0; i < type->result_count && !r->failed; i++)
            read_value_type(g);
    } else if (form == FORM_STRUCT || form == FORM_ARRAY) {
        uint32_t fields = form == FORM_ARRAY ? 1 : reader_count(r, "fields", 2, LIMIT_FIELDS);

        reading_feature(g, FEATURE_NUMBER_GC, at);
        for (uint32_t i = 0; i < fields && !r->failed; i++)
            read_field_type(g);
    } else {
        reader_fail(r, at, "expected the form of a function type 0x60, found 0x%02x", form);
    }
}

/* A type with its supertypes (0x50 open, 0x4f final), if it has any. */
static void read_sub_type(struct reading *g)
{
    struct reader *r = &g->r;
    struct module *module = g->module;
    struct module_functype type = {0};

    if (r->at < r->end && (*r->at == 0x50 || *r->at == 0x4f)) {
        reading_feature(g, FEATURE_NUMBER_GC, r->at);
        r->at++;
        uint32_t supertypes = reader_count(r, "supertypes", 1, LIMIT_FIELDS);

        for (uint32_t i = 0; i < supertypes && !r->failed; i++)
            read_type_index(g);
    }
    read_composite_type(g, &type);
    if (!r->failed)
        module->types[module->type_count++] = type;
}

/* Makes room for `count` more types: a recursive group brings more than were announced. */
static bool reserve_types(struct reading *g, uint32_t count)
{
    struct module *module = g->module;
    uint64_t needed = (uint64_t)module->type_count + count;
    void *types;

    if (needed <= g->type_room)
        return true;
    if (needed > LIMIT_TYPES) {
        reader_fail(&g->r, g->r.at, "more than %d types", LIMIT_TYPES);
        return false;
    }
    needed += needed / 2;
    types = realloc(module->types, needed * sizeof *module->types);
    if (!types) {
        reader_fail(&g->r, g->r.at, "out of memory for %llu types", (unsigned long long)needed);
        return false;
    }
    module->types = types;
    g->type_room = (uint32_t)needed;
    return true;
}

void read_type_section(struct reading *g)
{
    struct reader *r = &g->r;
    struct module *module = g->module;
    uint32_t count = reader_count(r, "types", 2, LIMIT_TYPES);

    g->in_types = true;
    reserve_types(g, count ? count : 1);
    for (uint32_t i = 0; i < count && !r->failed; i++) {
        uint32_t group = 1;

        if (r->at < r->end && *r->at == 0x4e) {
            reading_feature(g, FEATURE_NUMBER_GC, r->at);
            r->at++;
            group = reader_count(r, "types", 2, LIMIT_TYPES);
        }
        if (!r->failed && reserve_types(g, group))
            for (uint32_t j = 0; j < group && !r->failed; j++)
                read_sub_type(g);
    }
    g->in_types = false;
    if (!r->failed && g->highest_type_offset && g->highest_type >= module->type_count)
        reader_fail(r, r->base + g->highest_type_offset, "type index %u out of range: there are %u",
                    g->highest_type, module->type_count);
}
