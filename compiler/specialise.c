#include "specialise.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "rewrite.h"
#include "specialise_work.h"
#include "temp.h"

bool specialise_in_parts(const struct work *work)
{
    return work->how->parts->count > 1;
}

bool specialise_write_code(const struct work *work, struct span text, FILE *out)
{
    if (!work->how->library)
        return rewrite(text, out);
    span_write(text, out);
    return true;
}

static struct span span_of(const struct input *input)
{
    const char *at = (const char *)input->bytes;
    return (struct span){at, at + input->size};
}

static int read_translated(struct input *input, const char *ending)
{
    char *name = alloc_format("%s%s", TRANSLATED, ending), *path = temp_path(name);
    int result = input_read(input, path);
    free(path);
    free(name);
    return result;
}

/* ---- Files ------------------------------------------------------------------------------------
 */

static void write_settings(const struct work *work, FILE *out)
{
    static const char *const access[] = {
        [MEMORY_FIXED] = "FIXED", [MEMORY_GUARD] = "GUARD", [MEMORY_CHECKED] = "CHECKED"};
    const struct specialisation *how = work->how;
    fprintf(out, "#define DAGGER_ACCESS DAGGER_ACCESS_%s\n", access[how->memory]);
    fprintf(out, "#define DAGGER_SINGLE %d\n", how->single_memory);
    fprintf(out, "#define DAGGER_SIMD %d\n", how->uses_simd);
    fprintf(out, "#define DAGGER_RELAXED_LOADS %d\n", how->relaxed_loads);
    fputs("#include \"guest/code.h\"\n\n", out);
}

/* What all parts, and the start, include. */
static bool write_header(struct work *work)
{
    struct span rest = span_of(&work->header), line = {rest.at, rest.at};
    struct span before = {rest.at, rest.at};
    while (rest.at < rest.end) {
        line = span_line(&rest);
        if (span_is(line, "typedef struct w2c_guest {\n"))
            break;
        before.end = rest.at;
    }
    work->members.at = rest.at;
    while (rest.at < rest.end) {
        work->members.end = rest.at;
        line = span_line(&rest);
        if (span_is(line, "} w2c_guest;\n"))
            break;
    }
    span_write(before, work->out);
    write_settings(work, work->out);
    fputs("#pragma GCC visibility push(hidden)\n", work->out);
    specialise_write_types(work, work->out);
    specialise_declare_data(work, work->out);
    bool known = true;
    /* The calls' imports, exports, and types of several results. */
    while (known && rest.at < rest.end) {
        line = span_line(&rest);
        if (span_starts(line, "#ifdef __cplusplus"))
            break;
        if (!span_starts(line, "/* "))
            known = rewrite(line, work->out);
    }
    if (specialise_in_parts(work)) {
        known = known && specialise_write_variables(work, work->out, "extern ") &&
                specialise_write_declarations(work, work->out, "extern ");
    }
    fputs("#pragma GCC visibility pop\n", work->out);
    span_write(line, work->out);
    span_write(rest, work->out);
    return known && rest.at < rest.end;
}

static bool write_definition(struct work *work, const struct item *item)
{
    struct span text = item->text;
    switch (item->kind) {
    case ITEM_STATEMENT:
        if (specialise_in_parts(work) && span_starts(text, "static "))
            span_write(span_without_static(text), work->out);
        return true;
    case ITEM_ELEMENTS:
        return specialise_write_code(
            work, specialise_in_parts(work) ? span_without_static(text) : text, work->out);
    case ITEM_ENTRY:
        if (span_is(item->name, "init_memories"))
            return specialise_write_init_memories(work, text);
        if (span_is(item->name, "init_tables") && !work->how->library)
            return specialise_write_init_tables(work, text);
        return specialise_write_code(work, text, work->out);
    case ITEM_UNNEEDED:
        span_write(specialise_in_parts(work) ? span_without_static(text) : text, work->out);
        return true;
    default:
        return true;
    }
}

static bool write_first_part(struct work *work)
{
    bool known = true, in_parts = specialise_in_parts(work);
    if (work->how->library)
        specialise_write_library_types(work, work->out);
    else
        known = specialise_write_variables(work, work->out, in_parts ? "" : "static ");
    if (!in_parts)
        known = known && specialise_write_declarations(work, work->out, "");
    for (size_t i = 0; known && i < work->item_count; i++)
        known = write_definition(work, &work->items[i]);
    return known;
}

/* Functions keep their order; a part ends where its share of all bodies is reached. Returns the
 * item it ends before. */
static size_t part_end(const struct work *work, unsigned part, size_t next, uint64_t *written)
{
    if (part + 1 == work->how->parts->count)
        return work->item_count;
    uint64_t limit = work->bodies / work->how->parts->count * (part + 1);
    for (; next < work->item_count && *written < limit; next++)
        if (work->items[next].kind == ITEM_BODY)
            *written += span_len(work->items[next].text);
    return next;
}

static bool names_segment(const struct work *work, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (work->items[i].kind == ITEM_BODY && specialise_names_segment(work->items[i].text))
            return true;
    return false;
}

static bool write_part(struct work *work, unsigned part, size_t from, size_t to)
{
    fputs("#include \"guest.h\"\n\n", work->out);
    if (part == 0 || names_segment(work, from, to))
        specialise_write_segment_names(work, work->out);
    bool known = part > 0 || write_first_part(work);
    for (size_t i = from; known && i < to; i++)
        if (work->items[i].kind == ITEM_BODY)
            known = specialise_write_code(work, work->items[i].text, work->out);
    return known;
}

static int open_file(struct work *work, const char *name)
{
    work->out = temp_create(name);
    return work->out != NULL ? 0 : -1;
}

static int close_file(struct work *work, const char *name, bool known)
{
    int result = temp_close(work->out, name);
    return result != 0 ? result : known ? 0 : 1;
}

static int write_parts(struct work *work)
{
    const struct args *parts = work->how->parts;
    size_t next = 0;
    uint64_t written = 0;
    int result = 0;
    for (unsigned i = 0; result == 0 && i < parts->count; i++) {
        char *name = alloc_format("%s.c", parts->items[i]);
        result = open_file(work, name);
        if (result == 0) {
            size_t end = part_end(work, i, next, &written);
            result = close_file(work, name, write_part(work, i, next, end));
            next = end;
        }
        free(name);
    }
    return result;
}

/* Takes the source apart; its data is written meanwhile. */
static int read_items(struct work *work)
{
    size_t cap = 0;
    bool known = true;
    if (open_file(work, "guest.data") != 0)
        return -1;
    struct span rest = work->definitions;
    while (known) {
        struct item item = generated_next(&rest);
        if (item.kind == ITEM_END)
            break;
        if (item.kind == ITEM_UNNEEDED && !work->how->library)
            continue;
        if (item.kind == ITEM_DATA) {
            known = specialise_add_segment(work, &item, work->out);
            continue;
        }
        known = item.kind != ITEM_UNKNOWN;
        if (item.kind == ITEM_BODY)
            work->bodies += span_len(item.text);
        if (work->item_count == cap) {
            cap = 2 * cap + 256;
            work->items = alloc_resize(work->items, cap * sizeof *work->items);
        }
        work->items[work->item_count++] = item;
    }
    return close_file(work, "guest.data", known);
}

static int write_all(struct work *work)
{
    work->tables_grow = span_contains(work->definitions, "wasm_rt_grow_funcref_table(");
    int result = read_items(work);
    if (result == 0 && (result = open_file(work, "guest.h")) == 0)
        result = close_file(work, "guest.h",
                            work->how->library ? specialise_write_library_header(work)
                                               : write_header(work));
    if (result == 0)
        result = write_parts(work);
    if (result == 0)
        result = temp_write(SPECIALISED_DATA ".s", specialise_data_source);
    return result;
}

/* What is written piece by piece, by formats too, would end at a NUL. */
static bool has_nul(const struct input *input)
{
    return memchr(input->bytes, 0, input->size) != NULL;
}

int specialise(const struct specialisation *how)
{
    struct work work = {.how = how};
    int result = -1;
    if (read_translated(&work.source, ".c") == 0 && read_translated(&work.header, ".h") == 0)
        result = !has_nul(&work.source) && !has_nul(&work.header) &&
                         generated_skip_top(span_of(&work.source), &work.definitions)
                     ? write_all(&work)
                     : 1;
    free(work.items);
    free(work.segments);
    input_release(&work.source);
    input_release(&work.header);
    return result;
}
