/* The module reader: header and sections. See module.h. */
#include "module.h"

#include <stdlib.h>
#include <string.h>

#include "sections.h"

/* What each section is called, how it is read, and its place: non-custom sections come once and in
 * this order (5.5.2). */
static const struct section {
    const char *name;
    void (*read)(struct reading *g);
    uint8_t place; /* 0: anywhere */
} sections[SECTION_COUNT] = {
    [SECTION_CUSTOM] = {"custom section", read_custom_section, 0},
    [SECTION_TYPE] = {"type section", read_type_section, 1},
    [SECTION_IMPORT] = {"import section", read_import_section, 2},
    [SECTION_FUNCTION] = {"function section", read_function_section, 3},
    [SECTION_TABLE] = {"table section", read_table_section, 4},
    [SECTION_MEMORY] = {"memory section", read_memory_section, 5},
    [SECTION_TAG] = {"tag section", read_tag_section, 6},
    [SECTION_GLOBAL] = {"global section", read_global_section, 7},
    [SECTION_EXPORT] = {"export section", read_export_section, 8},
    [SECTION_START] = {"start section", read_start_section, 9},
    [SECTION_ELEMENT] = {"element section", read_element_section, 10},
    [SECTION_DATA_COUNT] = {"data count section", read_data_count_section, 11},
    [SECTION_CODE] = {"code section", read_code_section, 12},
    [SECTION_DATA] = {"data section", read_data_section, 13},
};

static bool starts_with(const uint8_t *bytes, size_t size, const char *magic, size_t len)
{
    return size >= len && memcmp(bytes, magic, len) == 0;
}

bool module_is_text(const uint8_t *bytes, size_t size)
{
    const uint8_t *at = bytes, *end = bytes + size;

    if (starts_with(at, size, "\xef\xbb\xbf", 3))
        at += 3;
    while (at < end) {
        if (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r') {
            at++;
        } else if (*at == ';' && end - at > 1 && at[1] == ';') {
            while (at < end && *at != '\n')
                at++;
        } else {
            return *at == '(';
        }
    }
    return false;
}

/* Files that are often given by mistake, by their first bytes. */
static const char *other_format(const uint8_t *bytes, size_t size)
{
    static const struct {
        const char *magic;
        size_t len;
        const char *text;
    } formats[] = {
        {"\x1f\x8b", 2, "this is a gzip archive: unpack it first"},
        {"\x28\xb5\x2f\xfd", 4, "this is a zstd archive: unpack it first"},
        {"BZh", 3, "this is a bzip2 archive: unpack it first"},
        {"PK\x03\x04", 4, "this is a zip archive: unpack it first"},
        {"\x7f"
         "ELF",
         4, "this is an ELF file, which is native code already"},
        {"!<arch>\n", 8, "this is an archive of object files: link it to a module first"},
        {"BC\xc0\xde", 4, "this is LLVM bitcode: link it to a module with wasm-ld first"},
    };

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (starts_with(bytes, size, formats[i].magic, formats[i].len))
            return formats[i].text;
    if (module_is_text(bytes, size))
        return "this is the text format: turn it into a module with wat2wasm";
    return NULL;
}

/* Magic number, version and layer (5.5.16). Returns false after its message. */
static bool read_header(struct reader *r)
{
    size_t size = (size_t)(r->end - r->at);
    const char *other;

    if (size == 0) {
        reader_fail(r, r->at, "the file is empty, expected a WebAssembly module");
    } else if (!starts_with(r->at, size, "\0asm", 4)) {
        other = other_format(r->at, size);
        reader_fail(r, r->at, "not a WebAssembly module: %s",
                    other ? other : "it does not start with \\0asm");
    } else if (size < 8) {
        reader_fail(r, r->end, "unexpected end in the version");
    } else if (r->at[6] == 1 && r->at[7] == 0) {
        reader_fail(r, r->at + 4,
                    "this is a component, expected a core module: build one without the component "
                    "step (Rust: --target wasm32-unknown-unknown), or take the core module out "
                    "with wasm-tools component unbundle");
    } else if (memcmp(r->at + 4, "\1\0\0\0", 4) != 0) {
        reader_fail(r, r->at + 4,
                    "version 0x%02x%02x%02x%02x, expected 1: build the module with a "
                    "current toolchain",
                    r->at[7], r->at[6], r->at[5], r->at[4]);
    } else if (size > LIMIT_MODULE_SIZE) {
        reader_fail(r, r->at, "a module of %llu bytes is more than the limit of %d",
                    (unsigned long long)size, LIMIT_MODULE_SIZE);
    } else {
        r->at += 8;
    }
    return !r->failed;
}

/* One section: id, size, contents. `place` is that of the last one that has a place. */
static void read_section(struct reading *g, uint8_t *place)
{
    struct reader *r = &g->r;
    const uint8_t *at = r->at, *module_end = r->end;
    uint8_t id = reader_byte(r, "a section");
    uint32_t size = reader_u32(r);

    if (r->failed)
        return;
    if (id >= SECTION_COUNT) {
        reader_fail(r, at, "unknown section %u", id);
        return;
    }
    r->where = sections[id].name;
    if (size > (size_t)(module_end - r->at)) {
        reader_fail(r, at, "unexpected end: %u bytes announced, %llu are left", size,
                    (unsigned long long)(module_end - r->at));
        return;
    }
    if (sections[id].place && sections[id].place <= *place) {
        reader_fail(r, at, "out of order or for the second time");
        return;
    }
    if (sections[id].place) {
        *place = sections[id].place;
        g->module->sections[id] = (struct module_span){(uint32_t)(r->at - r->base), size};
    }
    r->end = r->at + size;
    sections[id].read(g);
    if (r->at != r->end)
        reader_fail(r, r->at, "%llu bytes more than its entries need",
                    (unsigned long long)(r->end - r->at));
    r->end = r->failed ? r->end : module_end;
    r->where = "module";
}

/* What only shows when all sections have been seen. */
static void check_whole(struct reading *g)
{
    struct module *module = g->module;
    uint32_t defined = module->functions.total - module->functions.imported;

    if (defined != g->body_count)
        reader_fail(&g->r, g->r.end, "%u functions but %u bodies", defined, g->body_count);
    if (g->has_data_count && g->data_count != module->data_count)
        reader_fail(&g->r, g->r.end, "%u data segments, but the data count section says %u",
                    module->data_count, g->data_count);
    if (module->tags.total > 0 &&
        !(module->features & (FEATURE(EXCEPTIONS) | FEATURE(EXCEPTIONS_LEGACY))))
        reading_feature(g, FEATURE_NUMBER_EXCEPTIONS_LEGACY,
                        g->r.base + module->sections[SECTION_TAG].offset);
    module->code = module->sections[SECTION_CODE];
}

int module_read(struct module *module, const uint8_t *bytes, size_t size)
{
    struct reading g = {.module = module};
    uint8_t place = 0;
    bool failed;

    memset(module, 0, sizeof *module);
    module->bytes = bytes;
    module->size = size;
    module->entry = module->initialize = module->memory = UINT32_MAX;
    g.r = (struct reader){
        .base = bytes, .at = bytes, .end = bytes + size, .where = "module", .function = UINT32_MAX};
    opcodes_init(&g.opcodes);
    if (read_header(&g.r))
        while (g.r.at < g.r.end && !g.r.failed)
            read_section(&g, &place);
    if (!g.r.failed)
        check_whole(&g);
    failed = g.r.failed;
    free(g.blocks);
    if (failed)
        module_release(module);
    return failed ? -1 : 0;
}

void module_release(struct module *module)
{
    free(module->types);
    free(module->imports);
    free(module->exports);
    free(module->function_types);
    free(module->memories);
    free(module->tables);
    free(module->global_types);
    free(module->selects);
    free((void *)module->producers.data);
    free((void *)module->target_features.data);
    memset(module, 0, sizeof *module);
    module->entry = module->initialize = module->memory = UINT32_MAX;
}
