#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "rewrite.h"
#include "specialise_work.h"

/* A table with more elements at the start is allocated when it runs. */
enum { STATIC_TABLE_MAX = 1 << 20 };

/* ---- Variables --------------------------------------------------------------------------------
 */

/* Elements of a table that never grows, 0 if it is to be allocated. */
static unsigned static_table_size(const struct work *work, struct span name)
{
    if (work->tables_grow)
        return 0;
    char *call = alloc_format("wasm_rt_allocate_funcref_table(&instance->%.*s, ",
                              (int)span_len(name), name.at);
    struct span after = span_after(work->definitions, call);
    free(call);
    uint64_t size;
    if (!span_number(&after, &size))
        return 0;
    return size <= STATIC_TABLE_MAX ? (unsigned)size : 0;
}

static void write_static_table(FILE *out, struct span name, unsigned size, const char *linkage)
{
    int len = (int)span_len(name);
    fprintf(out, "%swasm_rt_funcref_t " MEMBER "%.*s_data[%u];\n", linkage, len, name.at, size);
    fprintf(out,
            "#define " MEMBER "%.*s ((wasm_rt_funcref_table_t){" MEMBER "%.*s_data, %u, %u, %u})\n",
            len, name.at, len, name.at, size, size, size);
}

/* "  u32 w2c_g0;", "  bool data_segment_dropped_w2c_guest_d0 : 1;" */
bool specialise_write_variables(const struct work *work, FILE *out, const char *linkage)
{
    if (work->how->single_memory && work->how->memory != MEMORY_FIXED)
        fprintf(out, "%su8 *guest_memory_base;\n", linkage);
    struct span members = work->members;
    while (members.at < members.end) {
        struct span line = span_line(&members);
        const char *end = memchr(line.at, ';', span_len(line));
        const char *bits = memmem(line.at, span_len(line), " : ", 3);
        if (end == NULL)
            return false;
        end = bits != NULL ? bits : end;
        const char *start = end;
        while (start > line.at && start[-1] != ' ' && start[-1] != '*')
            start--;
        struct span type = {line.at, start}, name = {start, end};
        while (type.at < type.end && *type.at == ' ')
            type.at++;
        if (span_starts(type, "wasm_rt_funcref_table_t")) {
            unsigned size = static_table_size(work, name);
            if (size > 0) {
                write_static_table(out, name, size, linkage);
                continue;
            }
        }
        fprintf(out, "%s%.*s" MEMBER "%.*s;\n", linkage, (int)span_len(type), type.at,
                (int)span_len(name), name.at);
    }
    return true;
}

/* Is it the allocation of a table that is a variable? */
static bool allocates_static_table(const struct work *work, struct span line)
{
    return span_starts(line, "  wasm_rt_allocate_funcref_table(&instance->") &&
           static_table_size(work, span_identifier(span_after(line, "&instance->"))) > 0;
}

bool specialise_write_init_tables(struct work *work, struct span text)
{
    bool known = true;
    while (known && text.at < text.end) {
        struct span line = span_line(&text);
        if (!allocates_static_table(work, line))
            known = rewrite(line, work->out);
    }
    return known;
}

/* ---- Types ------------------------------------------------------------------------------------
 */

/* Equal types get one number: that of the first whose 32 bytes, as they are written, are the same.
 */
struct type_slot {
    struct span bytes;
    size_t number; /* 0: free */
};

static size_t type_number(struct type_slot *slots, size_t slot_count, struct span bytes,
                          size_t number)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *at = bytes.at; at < bytes.end; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    for (size_t i = hash & (slot_count - 1);; i = (i + 1) & (slot_count - 1)) {
        struct type_slot *slot = &slots[i];
        if (slot->number == 0)
            *slot = (struct type_slot){bytes, number};
        if (span_len(slot->bytes) == span_len(bytes) &&
            memcmp(slot->bytes.at, bytes.at, span_len(bytes)) == 0)
            return slot->number;
    }
}

void specialise_write_types(const struct work *work, FILE *out)
{
    size_t slot_count = 64, number = 0;
    while (slot_count < work->item_count * 2)
        slot_count *= 2;
    struct type_slot *slots = alloc_zeroed(slot_count * sizeof *slots);
    for (size_t i = 0; i < work->item_count; i++) {
        const struct item *item = &work->items[i];
        if (item->kind == ITEM_TYPE)
            fprintf(out, "#define %.*s ((wasm_rt_func_type_t)%zu)\n", (int)span_len(item->name),
                    item->name.at,
                    type_number(slots, slot_count, span_after(item->text, "\""), ++number));
    }
    free(slots);
}
