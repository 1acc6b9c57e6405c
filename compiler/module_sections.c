/* The sections of imports, functions, tables, memories, globals, tags, exports and start (5.5). */
#include "sections.h"

#include <stdlib.h>
#include <string.h>

/* The index spaces by kind; their names in messages. */
static const char *const kind_names[] = {"function", "table", "memory", "global", "tag"};

static struct module_counts *space(struct module *module, enum module_extern kind)
{
    switch (kind) {
    case EXTERN_FUNC:
        return &module->functions;
    case EXTERN_TABLE:
        return &module->table_counts;
    case EXTERN_MEMORY:
        return &module->memory_counts;
    case EXTERN_GLOBAL:
        return &module->globals;
    case EXTERN_TAG:
        break;
    }
    return &module->tags;
}

/* Adds `count` entries of `size` bytes to an array that has `have`. */
static void *grow(struct reading *g, void *entries, uint32_t have, uint32_t count, size_t size)
{
    void *more = realloc(entries, ((size_t)have + count + 1) * size);

    if (!more)
        reader_fail(&g->r, g->r.at, "out of memory for %u entries", count);
    return more ? more : entries;
}

static void note_more_memories(struct reading *g, const uint8_t *at)
{
    if (g->module->memory_counts.total > 1)
        reading_feature(g, FEATURE_NUMBER_MULTI_MEMORY, at);
}

/* Tables and memories are few: their arrays grow one by one. */
static void add_table(struct reading *g, struct module_limits limits)
{
    struct module *module = g->module;

    module->tables = grow(g, module->tables, module->table_counts.total, 1, sizeof *module->tables);
    if (!g->r.failed)
        module->tables[module->table_counts.total++] = limits;
}

static void add_memory(struct reading *g, struct module_limits limits)
{
    struct module *module = g->module;
    const uint8_t *at = g->r.at;

    module->memories =
        grow(g, module->memories, module->memory_counts.total, 1, sizeof *module->memories);
    if (g->r.failed)
        return;
    module->memories[module->memory_counts.total++] = limits;
    note_more_memories(g, at);
}

/* Room for so many more. */
static void add_globals(struct reading *g, uint32_t count)
{
    struct module *module = g->module;

    module->global_types =
        grow(g, module->global_types, module->globals.total, count, sizeof *module->global_types);
}

static enum module_extern read_kind(struct reading *g)
{
    const uint8_t *at = g->r.at;
    uint8_t kind = reader_byte(&g->r, "the kind of an import or export");

    if (kind > EXTERN_TAG) {
        reader_fail(&g->r, at, "unknown kind of import or export 0x%02x", kind);
        return EXTERN_FUNC;
    }
    return (enum module_extern)kind;
}

static void read_import(struct reading *g, struct module_import *import)
{
    struct module *module = g->module;
    struct module_counts *counts;

    import->offset = (uint32_t)(g->r.at - g->r.base);
    import->module = reader_name(&g->r, "the module name of an import");
    import->name = reader_name(&g->r, "the name of an import");
    import->kind = read_kind(g);
    if (g->r.failed)
        return;
    switch (import->kind) {
    case EXTERN_FUNC:
        import->type = read_function_type_index(g);
        break;
    case EXTERN_TABLE:
        add_table(g, read_table_type(g));
        break;
    case EXTERN_MEMORY:
        add_memory(g, read_memory_type(g));
        break;
    case EXTERN_GLOBAL:
        add_globals(g, 1);
        if (!g->r.failed)
            module->global_types[module->globals.total] = read_global_type(g);
        break;
    case EXTERN_TAG:
        import->type = read_tag_type(g);
        break;
    }
    counts = space(module, import->kind);
    counts->imported++;
    if (import->kind != EXTERN_TABLE && import->kind != EXTERN_MEMORY)
        counts->total++;
}

void read_import_section(struct reading *g)
{
    struct module *module = g->module;
    uint32_t count = reader_count(&g->r, "imports", 4, LIMIT_IMPORTS);

    module->imports = g->r.failed ? NULL : reading_alloc(g, count, sizeof *module->imports);
    for (uint32_t i = 0; i < count && !g->r.failed; i++) {
        read_import(g, &module->imports[i]);
        module->import_count++;
    }
    if (g->r.failed)
        return;
    module->function_types =
        reading_alloc(g, module->functions.imported, sizeof *module->function_types);
    for (uint32_t i = 0, function = 0; i < count && !g->r.failed; i++)
        if (module->imports[i].kind == EXTERN_FUNC)
            module->function_types[function++] = module->imports[i].type;
}

void read_function_section(struct reading *g)
{
    struct module *module = g->module;
    uint32_t count = reader_count(&g->r, "functions", 1, LIMIT_FUNCTIONS);

    if (g->r.failed)
        return;
    module->function_types = grow(g, module->function_types, module->functions.imported, count,
                                  sizeof *module->function_types);
    for (uint32_t i = 0; i < count && !g->r.failed; i++)
        module->function_types[module->functions.total++] = read_function_type_index(g);
}

void read_table_section(struct reading *g)
{
    struct reader *r = &g->r;
    uint32_t count = reader_count(r, "tables", 3, LIMIT_TABLES);

    for (uint32_t i = 0; i < count && !r->failed; i++) {
        bool initial = r->at < r->end && *r->at == 0x40; /* 0x40 0x00 table-type expression */

        if (initial) {
            reading_feature(g, FEATURE_NUMBER_TABLE_INIT, r->at);
            r->at++;
            if (reader_byte(r, "0x00") != 0)
                reader_fail(r, r->at - 1, "expected 0x00 before a table with an initial value");
        }
        add_table(g, read_table_type(g));
        if (initial)
            read_expression(g, 0, true);
    }
}

void read_memory_section(struct reading *g)
{
    uint32_t count = reader_count(&g->r, "memories", 2, LIMIT_MEMORIES);

    for (uint32_t i = 0; i < count && !g->r.failed; i++)
        add_memory(g, read_memory_type(g));
}

void read_global_section(struct reading *g)
{
    struct module *module = g->module;
    uint32_t count = reader_count(&g->r, "globals", 4, LIMIT_GLOBALS);

    if (!g->r.failed)
        add_globals(g, count);
    for (uint32_t i = 0; i < count && !g->r.failed; i++) {
        module->global_types[module->globals.total] = read_global_type(g);
        read_expression(g, 0, true);
        module->globals.total++;
    }
}

/* Bytes and alignment of a value in C, on 64 bits. */
static uint32_t size_in_c(uint8_t type, uint32_t *align)
{
    enum { FUNCREF = 32, EXNREF = 272 }; /* as <dagger/wasm-rt.h> has them */

    switch (type) {
    case 0x7f: /* i32, f32 */
    case 0x7d:
        return *align = 4;
    case 0x7b: /* v128 */
        return *align = 16;
    case 0x70: /* funcref */
        *align = 8;
        return FUNCREF;
    case 0x69: /* exnref */
        *align = 8;
        return EXNREF;
    default: /* i64, f64, externref; what else there is, is refused as a feature */
        return *align = 8;
    }
}

/* What wasm2c puts the values of an exception into: the value itself or a struct of them. */
static uint32_t exception_size(const struct module_functype *type)
{
    uint32_t size = 0, align, largest = 1;

    for (uint32_t i = 0; i < type->param_count; i++) {
        uint32_t bytes = size_in_c(type->params[i], &align);

        size = (size + align - 1) / align * align + bytes;
        largest = align > largest ? align : largest;
    }
    return (size + largest - 1) / largest * largest;
}

void read_tag_section(struct reading *g)
{
    uint32_t count = reader_count(&g->r, "tags", 2, LIMIT_TAGS);

    for (uint32_t i = 0; i < count && !g->r.failed; i++) {
        const uint8_t *at = g->r.at;
        uint32_t type = read_tag_type(g);

        if (!g->r.failed && exception_size(&g->module->types[type]) > LIMIT_EXCEPTION)
            reading_feature(g, FEATURE_NUMBER_LARGE_EXCEPTIONS, at);
        g->module->tags.total++;
    }
}

static int compare_exports(const void *left, const void *right)
{
    const struct module_export *a = *(const struct module_export *const *)left;
    const struct module_export *b = *(const struct module_export *const *)right;

    if (a->name.len != b->name.len)
        return a->name.len < b->name.len ? -1 : 1;
    return memcmp(a->name.data, b->name.data, a->name.len);
}

/* Sorting, not hashing: nobody can choose names that make it slow. */
static void refuse_duplicate_exports(struct reading *g)
{
    struct module *module = g->module;
    const struct module_export **sorted =
        reading_alloc(g, module->export_count, sizeof(struct module_export *));
    char name[128];

    if (!sorted)
        return;
    for (uint32_t i = 0; i < module->export_count; i++)
        sorted[i] = &module->exports[i];
    qsort(sorted, module->export_count, sizeof *sorted, compare_exports);
    for (uint32_t i = 1; i < module->export_count && !g->r.failed; i++) {
        const struct module_export *a = sorted[i - 1], *b = sorted[i];

        if (compare_exports(&a, &b) == 0)
            reader_fail(&g->r, g->r.base + (a->offset > b->offset ? a : b)->offset,
                        "the export name \"%s\" occurs twice",
                        text_escape(name, sizeof name, a->name.data, a->name.len));
    }
    free(sorted);
}

void read_export_section(struct reading *g)
{
    struct module *module = g->module;
    uint32_t count = reader_count(&g->r, "exports", 3, LIMIT_EXPORTS);

    module->exports = g->r.failed ? NULL : reading_alloc(g, count, sizeof *module->exports);
    for (uint32_t i = 0; i < count && !g->r.failed; i++) {
        struct module_export *export = &module->exports[i];

        export->offset = (uint32_t)(g->r.at - g->r.base);
        export->name = reader_name(&g->r, "the name of an export");
        export->kind = read_kind(g);
        export->index =
            reader_index(&g->r, space(module, export->kind)->total, kind_names[export->kind]);
        module->export_count++;
    }
    if (!g->r.failed)
        refuse_duplicate_exports(g);
}

void read_start_section(struct reading *g)
{
    struct module *module = g->module;
    const uint8_t *at = g->r.at;
    const struct module_functype *type;

    module->start = reader_index(&g->r, module->functions.total, "function");
    if (g->r.failed)
        return;
    module->has_start = true;
    type = &module->types[module->function_types[module->start]];
    if (type->param_count != 0 || type->result_count != 0)
        reader_fail(&g->r, at, "the start function takes or returns values");
}
