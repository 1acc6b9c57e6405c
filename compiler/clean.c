/* The copy of a module that wasm2c gets: see module.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clean_code.h"
#include "fuel.h"
#include "imports.h"
#include "sections.h"

/* Everything that a section of our own is made from. */
struct clean {
    const struct module *module;
    const struct module_clean *how;
    uint8_t *exported; /* one bit a function: it is exported in the copy */
};

static bool is_exported(const struct clean *clean, uint32_t function)
{
    return clean->exported[function / 8] >> function % 8 & 1;
}

static bool is_word(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Names we give ourselves: fN and fN_..., export_N. */
static bool is_ours(struct module_text name)
{
    static const char prefix[] = "export_";
    uint32_t digits = 1;

    if (name.len >= sizeof prefix && memcmp(name.data, prefix, sizeof prefix - 1) == 0)
        return name.data[sizeof prefix - 1] >= '0' && name.data[sizeof prefix - 1] <= '9';
    if (name.len < 2 || name.data[0] != 'f')
        return false;
    while (digits < name.len && name.data[digits] >= '0' && name.data[digits] <= '9')
        digits++;
    return digits > 1 && (digits == name.len || name.data[digits] == '_');
}

static bool is_plain(struct module_text name)
{
    enum { LONGEST = 100 };

    if (name.len == 0 || name.len > LONGEST || is_ours(name))
        return false;
    for (uint32_t i = 0; i < name.len; i++)
        if (!is_word(name.data[i]))
            return false;
    return true;
}

char *module_clean_export(const struct module *module, const struct module_clean *how,
                          uint32_t number, char name[MODULE_NAME_SIZE])
{
    const struct module_export *export = &module->exports[number];

    name[0] = '\0';
    if (how->library && !how->numbered && is_plain(export->name))
        snprintf(name, MODULE_NAME_SIZE, "%.*s", (int)export->name.len,
                 (const char *)export->name.data);
    else if (how->library || (export->kind == EXTERN_FUNC && module->has_ref_func))
        snprintf(name, MODULE_NAME_SIZE, "export_%u", number);
    return name;
}

static void put_export(struct sink *sink, const char *name, enum module_extern kind, uint32_t index)
{
    put_text(sink, name);
    put_byte(sink, (uint8_t)kind);
    put_u32(sink, index);
}

/* What the glue that starts a program calls. */
static uint32_t put_program_exports(struct sink *sink, const struct module *module)
{
    uint32_t count = 0;

    if (module->entry != UINT32_MAX) {
        put_export(sink, "entry", EXTERN_FUNC, module->entry);
        count++;
    }
    if (module->initialize != UINT32_MAX) {
        put_export(sink, "initialize", EXTERN_FUNC, module->initialize);
        count++;
    }
    if (module->memory != UINT32_MAX) {
        put_export(sink, "memory", EXTERN_MEMORY, module->memory);
        count++;
    }
    return count;
}

/* The functions that are added for fuel. */
static uint32_t put_fuel_exports(struct sink *sink, const struct module *module)
{
    put_export(sink, "fuel", EXTERN_FUNC, module->functions.total);
    if (module->has_start)
        put_export(sink, "start", EXTERN_FUNC, module->functions.total + 1);
    return fuel_function_count(module);
}

static uint32_t put_exports(struct sink *sink, const struct clean *clean)
{
    const struct module *module = clean->module;
    char name[MODULE_NAME_SIZE];
    uint32_t count = 0;

    if (!clean->how->library)
        count = put_program_exports(sink, module);
    if (clean->how->fuel)
        count += put_fuel_exports(sink, module);
    if (clean->how->numbered && module->memory != UINT32_MAX) {
        put_export(sink, "memory", EXTERN_MEMORY, module->memory);
        count++;
    }
    for (uint32_t i = 0; i < module->export_count; i++) {
        if (!*module_clean_export(module, clean->how, i, name))
            continue;
        put_export(sink, name, module->exports[i].kind, module->exports[i].index);
        count++;
    }
    return count;
}

static void put_export_section(struct sink *sink, const struct clean *clean)
{
    struct sink counting = {NULL, 0};

    put_u32(sink, put_exports(&counting, clean));
    put_exports(sink, clean);
}

static void put_import_section(struct sink *sink, const struct clean *clean)
{
    const struct module *module = clean->module;

    put_u32(sink, module->import_count);
    for (uint32_t i = 0; i < module->import_count; i++) {
        const struct module_import *import = &module->imports[i];
        char undefined[MODULE_NAME_SIZE];

        snprintf(undefined, sizeof undefined, "undefined_%u", i);
        put_text(sink, "dagger");
        put_text(sink, import_is_call(module, import) ? call_of_import(import)->name : undefined);
        put_byte(sink, EXTERN_FUNC);
        put_u32(sink, import->type);
    }
}

/* Appends a name made plain so that wasm2c leaves it as it is: no underscore follows another or
 * ends it, and no "0x" stands before a digit. */
static void plain_name(char *out, size_t room, struct module_text name)
{
    size_t used = 0;

    for (uint32_t i = 0; i < name.len && used + 1 < room; i++) {
        uint8_t c = name.data[i];

        if (!is_word(c) || (c == 'x' && used > 0 && out[used - 1] == '0'))
            c = '_';
        if (c != '_' || (used > 0 && out[used - 1] != '_'))
            out[used++] = (char)c;
    }
    if (used > 0 && out[used - 1] == '_')
        used--;
    out[used] = '\0';
}

/* The function names of the copy. Only those that wasm2c would not call fN by itself are given: the
 * exported ones, which it would call after their exports, and those with names. */
static uint32_t put_function_names(struct sink *sink, const struct clean *clean)
{
    enum { PLAIN_ROOM = 100 };
    const struct module *module = clean->module;
    struct module_text name = {NULL, 0};
    uint32_t offset = 0, named = 0, count = 0;
    bool more = clean->how->names && module_next_name(module, &offset, &named, &name);
    char plain[PLAIN_ROOM], text[MODULE_NAME_SIZE];

    for (uint32_t i = 0; i < module->functions.total; i++) {
        plain[0] = '\0';
        if (more && named == i) {
            plain_name(plain, sizeof plain, name);
            more = module_next_name(module, &offset, &named, &name);
        }
        if (i < module->functions.imported || (!*plain && !is_exported(clean, i)))
            continue;
        snprintf(text, sizeof text, *plain ? "f%u_%s" : "f%u", i, plain);
        put_u32(sink, i);
        put_text(sink, text);
        count++;
    }
    for (uint32_t i = 0; clean->how->fuel && i < fuel_function_count(module); i++) {
        snprintf(text, sizeof text, "f%u", module->functions.total + i);
        put_u32(sink, module->functions.total + i);
        put_text(sink, text);
        count++;
    }
    return count;
}

static void put_name_section(struct sink *sink, const struct clean *clean)
{
    enum { FUNCTION_NAMES = 1 };
    struct sink names = {NULL, 0};
    uint32_t count = put_function_names(&names, clean);

    put_text(sink, "name");
    put_byte(sink, FUNCTION_NAMES);
    put_u32(&names, count);
    put_u32(sink, (uint32_t)names.size);
    put_u32(sink, count);
    put_function_names(sink, clean);
}

/* A section of our own: its size is found by writing it nowhere first. */
static void put_section(struct sink *sink, enum section_id id, const struct clean *clean,
                        void (*put_contents)(struct sink *sink, const struct clean *clean))
{
    struct sink counting = {NULL, 0};

    put_contents(&counting, clean);
    put_byte(sink, (uint8_t)id);
    put_u32(sink, (uint32_t)counting.size);
    put_contents(sink, clean);
}

static void put_original(struct sink *sink, enum section_id id, const struct module *module)
{
    struct module_span span = module->sections[id];

    if (span.size == 0)
        return;
    put_byte(sink, (uint8_t)id);
    put_u32(sink, span.size);
    put(sink, module->bytes + span.offset, span.size);
}

static void put_type_section(struct sink *sink, const struct clean *clean)
{
    clean_put_types(sink, clean->module, clean->how->fuel);
}

static void put_function_section(struct sink *sink, const struct clean *clean)
{
    clean_put_functions(sink, clean->module);
}

static void put_global_section(struct sink *sink, const struct clean *clean)
{
    clean_put_globals(sink, clean->module);
}

static void put_code_section(struct sink *sink, const struct clean *clean)
{
    clean_put_code(sink, clean->module, clean->how->fuel);
}

/* Sections that are not those of the module. */
static bool put_changed(struct sink *sink, enum section_id id, const struct clean *clean)
{
    const struct module *module = clean->module;
    bool fuel = clean->how->fuel, code = module->select_count > 0 || fuel;
    const struct {
        enum section_id id;
        bool changed;
        void (*put)(struct sink *sink, const struct clean *clean);
    } rows[] = {
        {SECTION_EXPORT, true, put_export_section},
        {SECTION_IMPORT, module->import_count > 0, put_import_section},
        {SECTION_TYPE, code, put_type_section},
        {SECTION_CODE, code, put_code_section},
        {SECTION_FUNCTION, fuel, put_function_section},
        {SECTION_GLOBAL, fuel, put_global_section},
        {SECTION_START, fuel, NULL}, /* the runtime calls it: there is no fuel before */
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].id != id || !rows[i].changed)
            continue;
        if (rows[i].put)
            put_section(sink, id, clean, rows[i].put);
        return true;
    }
    return false;
}

static void mark_exported(struct clean *clean)
{
    const struct module *module = clean->module;
    char name[MODULE_NAME_SIZE];
    uint32_t own[] = {module->entry, module->initialize};

    for (size_t i = 0; i < 2; i++)
        if (own[i] != UINT32_MAX)
            clean->exported[own[i] / 8] |= (uint8_t)(1u << own[i] % 8);
    for (uint32_t i = 0; i < module->export_count; i++) {
        uint32_t index = module->exports[i].index;

        if (module->exports[i].kind == EXTERN_FUNC &&
            *module_clean_export(module, clean->how, i, name))
            clean->exported[index / 8] |= (uint8_t)(1u << index % 8);
    }
}

int module_write_clean(const struct module *module, const struct module_clean *how, FILE *out)
{
    static const uint8_t header[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    static const uint8_t order[] = {
        SECTION_TYPE,       SECTION_IMPORT, SECTION_FUNCTION, SECTION_TABLE, SECTION_MEMORY,
        SECTION_TAG,        SECTION_GLOBAL, SECTION_EXPORT,   SECTION_START, SECTION_ELEMENT,
        SECTION_DATA_COUNT, SECTION_CODE,   SECTION_DATA,
    };
    struct sink sink = {out, 0};
    struct clean clean = {module, how, calloc(module->functions.total / 8 + 1, 1)};

    if (!clean.exported) {
        errno = ENOMEM;
        return -1;
    }
    mark_exported(&clean);
    put(&sink, header, sizeof header);
    for (size_t i = 0; i < sizeof order; i++) {
        if (!put_changed(&sink, order[i], &clean))
            put_original(&sink, order[i], module);
    }
    put_section(&sink, SECTION_CUSTOM, &clean, put_name_section);
    free(clean.exported);
    return fflush(out) == 0 && !ferror(out) ? 0 : -1;
}
