#include "specialise.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "rewrite.h"
#include "specialise_work.h"
#include "temp.h"

static bool in_parts(const struct work *work)
{
    return work->how->parts->count > 1;
}

static void write_span(FILE *out, struct span span)
{
    fwrite(span.at, 1, span_len(span), out);
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

/* A definition that other parts need: in one of them without, for the others with `linkage`. */
static struct span without_static(struct span text)
{
    if (span_starts(text, "static "))
        text.at += strlen("static ");
    return text;
}

static bool write_declarations(struct work *work, FILE *out, const char *linkage)
{
    bool known = true;
    for (size_t i = 0; known && i < work->item_count; i++) {
        const struct item *item = &work->items[i];
        struct span text = item->text;
        switch (item->kind) {
        case ITEM_PROTOTYPE:
            known = rewrite(in_parts(work) ? without_static(text) : text, out);
            break;
        case ITEM_STATEMENT:
            if (in_parts(work) && span_starts(text, "static ")) {
                fputs(linkage, out);
                text = without_static(text);
            }
            write_span(out, text);
            break;
        case ITEM_ELEMENTS:
            if (in_parts(work))
                fprintf(out, "%sconst wasm_elem_segment_expr_t %.*s[];\n", linkage,
                        (int)span_len(item->name), item->name.at);
            break;
        default:
            break;
        }
    }
    return known;
}

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
    struct span rest = span_of(&work->header), line;
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
    write_span(work->out, before);
    write_settings(work, work->out);
    fputs("#pragma GCC visibility push(hidden)\n", work->out);
    specialise_write_types(work, work->out);
    specialise_write_segment_names(work, work->out);
    bool known = true;
    /* The calls' imports, exports, and types of several results. */
    while (known && rest.at < rest.end) {
        line = span_line(&rest);
        if (span_starts(line, "#ifdef __cplusplus"))
            break;
        if (!span_starts(line, "/* "))
            known = rewrite(line, work->out);
    }
    if (in_parts(work)) {
        specialise_write_variables(work, work->out, "extern ");
        known = known && write_declarations(work, work->out, "extern ");
    }
    fputs("#pragma GCC visibility pop\n", work->out);
    write_span(work->out, line);
    write_span(work->out, rest);
    return known && rest.at < rest.end;
}

static bool write_definition(struct work *work, const struct item *item)
{
    struct span text = item->text;
    switch (item->kind) {
    case ITEM_STATEMENT:
        if (in_parts(work) && span_starts(text, "static "))
            write_span(work->out, without_static(text));
        return true;
    case ITEM_ELEMENTS:
        return rewrite(in_parts(work) ? without_static(text) : text, work->out);
    case ITEM_ENTRY:
        if (span_is(item->name, "init_memories"))
            return specialise_write_init_memories(work, text);
        if (span_is(item->name, "init_tables"))
            return specialise_write_init_tables(work, text);
        return rewrite(text, work->out);
    default:
        return true;
    }
}

static bool write_first_part(struct work *work)
{
    bool known = true;
    if (in_parts(work)) {
        specialise_write_variables(work, work->out, "");
    } else {
        specialise_write_variables(work, work->out, "static ");
        known = write_declarations(work, work->out, "");
    }
    for (size_t i = 0; known && i < work->item_count; i++)
        known = write_definition(work, &work->items[i]);
    return known;
}

/* Functions keep their order; a part ends where its share of all bodies is reached. */
static bool write_bodies(struct work *work, unsigned part, size_t *next, uint64_t *written)
{
    uint64_t limit = work->bodies / work->how->parts->count * (part + 1);
    bool last = part + 1 == work->how->parts->count, known = true;
    for (; known && *next < work->item_count && (last || *written < limit); ++*next) {
        const struct item *item = &work->items[*next];
        if (item->kind != ITEM_BODY)
            continue;
        *written += span_len(item->text);
        known = rewrite(item->text, work->out);
    }
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
            fputs("#include \"guest.h\"\n\n", work->out);
            bool known = i > 0 || write_first_part(work);
            result = close_file(work, name, known && write_bodies(work, i, &next, &written));
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
        if (item.kind == ITEM_UNNEEDED)
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
        result = close_file(work, "guest.h", write_header(work));
    if (result == 0)
        result = write_parts(work);
    if (result == 0)
        result = temp_write(SPECIALISED_DATA ".s", specialise_data_source);
    return result;
}

int specialise(const struct specialisation *how)
{
    struct work work = {.how = how};
    int result = -1;
    if (read_translated(&work.source, ".c") == 0 && read_translated(&work.header, ".h") == 0)
        result =
            generated_skip_top(span_of(&work.source), &work.definitions) ? write_all(&work) : 1;
    free(work.items);
    free(work.segments);
    input_release(&work.source);
    input_release(&work.header);
    return result;
}
