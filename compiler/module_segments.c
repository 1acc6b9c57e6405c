/* The sections of element and data segments (5.5.12, 5.5.14, 5.5.16). */
#include "sections.h"

/* The bits of an element segment's flags. */
enum { ELEMENT_PASSIVE = 1, ELEMENT_EXPLICIT = 2, ELEMENT_EXPRESSIONS = 4 };

static void read_element_segment(struct reading *g)
{
    struct reader *r = &g->r;
    const uint8_t *at = r->at;
    uint32_t flags = reader_u32(r), count;

    if (flags > 7) {
        reader_fail(r, at, "unknown kind of element segment %u", flags);
        return;
    }
    if (!(flags & ELEMENT_PASSIVE)) {
        uint32_t table = flags & ELEMENT_EXPLICIT ? reader_u32(r) : 0;

        if (table >= g->module->table_counts.total)
            reader_fail(r, at, "table index %u out of range: there are %u", table,
                        g->module->table_counts.total);
        read_expression(g, 0, true);
    }
    if (flags & (ELEMENT_PASSIVE | ELEMENT_EXPLICIT)) {
        if (flags & ELEMENT_EXPRESSIONS) {
            read_ref_type(g);
        } else if (reader_byte(r, "the kind of elements") != 0) {
            reader_fail(r, r->at - 1, "unknown kind of elements, expected 0");
        }
    }
    count = reader_count(r, "elements", 1, LIMIT_SEGMENT_ENTRIES);
    for (uint32_t i = 0; i < count && !r->failed; i++) {
        if (flags & ELEMENT_EXPRESSIONS)
            read_expression(g, 0, true);
        else
            reading_function_reference(g);
    }
}

void read_element_section(struct reading *g)
{
    uint32_t count = reader_count(&g->r, "element segments", 2, LIMIT_SEGMENTS);

    for (uint32_t i = 0; i < count && !g->r.failed; i++)
        read_element_segment(g);
    g->module->element_count = count;
}

void read_data_count_section(struct reading *g)
{
    g->data_count = reader_u32(&g->r);
    g->has_data_count = true;
}

/* 0: active in memory 0, 1: passive, 2: active in a memory of its choice. */
static void read_data_segment(struct reading *g)
{
    struct reader *r = &g->r;
    const uint8_t *at = r->at;
    uint32_t flags = reader_u32(r);

    if (flags > 2) {
        reader_fail(r, at, "unknown kind of data segment %u", flags);
        return;
    }
    if (flags != 1) {
        uint32_t memory = flags == 2 ? reader_u32(r) : 0;

        if (memory >= g->module->memory_counts.total)
            reader_fail(r, at, "memory index %u out of range: there are %u", memory,
                        g->module->memory_counts.total);
        read_expression(g, 0, true);
    }
    uint32_t size = reader_u32(r);

    reader_bytes(r, size, "a data segment");
    g->module->data_size += size;
}

void read_data_section(struct reading *g)
{
    const uint8_t *at = g->r.at;
    uint32_t count = reader_count(&g->r, "data segments", 2, LIMIT_SEGMENTS);

    if (g->has_data_count && count != g->data_count)
        reader_fail(&g->r, at, "%u data segments, but the data count section says %u", count,
                    g->data_count);
    for (uint32_t i = 0; i < count && !g->r.failed; i++)
        read_data_segment(g);
    g->module->data_count = count;
}
