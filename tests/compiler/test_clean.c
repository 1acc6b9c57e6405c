/* The copy that wasm2c gets: plain names, nothing else changed. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

static const char *const modules[] = {TEST_MODULES};
enum { MODULE_COUNT = sizeof modules / sizeof *modules };

/* A module of the tests, read and checked. */
struct original {
    struct bytes bytes;
    struct module module;
};

static struct original load(const char *name, bool library)
{
    struct module_wishes wishes = {.trusted = ~(feature_set)0, .library = library};
    struct original o = {0};
    char path[512];

    snprintf(path, sizeof path, MODULES_DIR "/%s.wasm", name);
    o.bytes = bytes_of_file(path);
    cr_assert_eq(module_read(&o.module, o.bytes.data, o.bytes.size), 0);
    cr_assert_eq(module_check(&o.module, &wishes), 0, "%s", name);
    return o;
}

static void unload(struct original *o)
{
    module_release(&o->module);
    bytes_release(&o->bytes);
}

/* wasm2c keeps [A-Za-z0-9_], but escapes underscores at the ends and after others, and A to F and
 * digits after "0x". */
static bool wasm2c_keeps(const uint8_t *name, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool last = name[i] == '_' && (i == 0 || i + 1 == len || name[i - 1] == '_');
        bool hex = i > 1 && name[i - 1] == 'x' && name[i - 2] == '0' &&
                   strchr("0123456789ABCDEF", name[i]);

        if (last || hex ||
            !strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", name[i]))
            return false;
    }
    return len > 0;
}

static bool has_export(const struct module *module, const char *name)
{
    for (uint32_t i = 0; i < module->export_count; i++)
        if (module->exports[i].name.len == strlen(name) &&
            memcmp(module->exports[i].name.data, name, strlen(name)) == 0)
            return true;
    return false;
}

static void sections_are_equal(const struct module *a, const struct module *b, const char *name)
{
    for (unsigned id = 1; id < 14; id++) {
        if (id == 2 || id == 7 || (a->select_count > 0 && (id == 1 || id == 10)))
            continue;
        cr_expect_eq(a->sections[id].size, b->sections[id].size, "%s, section %u", name, id);
        cr_expect_arr_eq(a->bytes + a->sections[id].offset, b->bytes + b->sections[id].offset,
                         a->sections[id].size, "%s, section %u", name, id);
    }
}

static void imports_are_calls(const struct module *module)
{
    static const char calls[] = " open close read write flush abort ";

    for (uint32_t i = 0; i < module->import_count; i++) {
        char name[16];

        cr_expect_eq(module->imports[i].module.len, 6);
        cr_expect_arr_eq(module->imports[i].module.data, "dagger", 6);
        snprintf(name, sizeof name, " %.*s ", (int)module->imports[i].name.len,
                 (const char *)module->imports[i].name.data);
        cr_expect_not_null(strstr(calls, name), "%s", name);
    }
}

/* Functions are called f0, f1, ... or f0_name; each exported one has a name. */
static void names_are_plain(const struct module *module, bool names, const char *from)
{
    uint32_t offset = 0, index, named = 0;
    struct module_text name;
    char prefix[16];

    while (module_next_name(module, &offset, &index, &name)) {
        int len = snprintf(prefix, sizeof prefix, "f%u", index);

        cr_expect(wasm2c_keeps(name.data, name.len), "%s: %.*s", from, (int)name.len,
                  (const char *)name.data);
        cr_expect(name.len >= (uint32_t)len && memcmp(name.data, prefix, (size_t)len) == 0);
        cr_expect(name.len == (uint32_t)len || (names && name.data[len] == '_'));
        cr_expect_lt(name.len, 128);
        named++;
    }
    cr_expect(named > 0, "%s", from);
}

/* What was there is as it was, or longer; what follows it is new. */
Test(clean, fuel_is_added_behind)
{
    for (size_t i = 0; i < MODULE_COUNT; i++) {
        struct original o = load(modules[i], false);
        struct module_clean how = {.fuel = true};
        struct bytes b = clean_bytes(&o.module, &how);
        struct module copy;
        uint32_t functions = o.module.functions.total, globals = o.module.globals.total;

        cr_assert_eq(module_read(&copy, b.data, b.size), 0, "%s", modules[i]);
        cr_expect_eq(copy.functions.total, functions + 1 + o.module.has_start, "%s", modules[i]);
        cr_expect_arr_eq(copy.function_types, o.module.function_types,
                         functions * sizeof(uint32_t));
        cr_expect_eq(copy.globals.total, globals + 3);
        cr_expect_eq(copy.global_types[globals].type, 0x7e);
        cr_expect(copy.global_types[globals].is_mutable);
        cr_expect_not(copy.has_start);
        cr_expect(has_export(&copy, "fuel"));
        cr_expect_eq(has_export(&copy, "start"), o.module.has_start);
        module_release(&copy);
        bytes_release(&b);
        unload(&o);
    }
}

Test(clean, programs)
{
    for (size_t i = 0; i < 2 * MODULE_COUNT; i++) {
        struct original o = load(modules[i / 2], false);
        struct module_clean how = {.names = i % 2};
        struct bytes b = clean_bytes(&o.module, &how);
        struct module copy;

        cr_assert_eq(module_read(&copy, b.data, b.size), 0, "%s", modules[i / 2]);
        sections_are_equal(&o.module, &copy, modules[i / 2]);
        imports_are_calls(&copy);
        names_are_plain(&copy, how.names, modules[i / 2]);
        cr_expect(has_export(&copy, "entry"));
        cr_expect_eq(has_export(&copy, "initialize"), o.module.initialize != UINT32_MAX);
        cr_expect_eq(has_export(&copy, "memory"), o.module.memory != UINT32_MAX);
        module_release(&copy);
        bytes_release(&b);
        unload(&o);
    }
}

Test(clean, libraries)
{
    for (size_t i = 0; i < MODULE_COUNT; i++) {
        struct original o = load(modules[i], true);
        struct module_clean how = {.library = true, .names = true};
        struct bytes b = clean_bytes(&o.module, &how);
        struct module copy;
        char name[MODULE_NAME_SIZE];

        cr_assert_eq(module_read(&copy, b.data, b.size), 0, "%s", modules[i]);
        sections_are_equal(&o.module, &copy, modules[i]);
        imports_are_calls(&copy);
        names_are_plain(&copy, true, modules[i]);
        cr_assert_eq(copy.export_count, o.module.export_count);
        for (uint32_t e = 0; e < copy.export_count; e++) {
            cr_expect(has_export(&copy, module_clean_export(&o.module, &how, e, name)));
            cr_expect_eq(copy.exports[e].index, o.module.exports[e].index);
            cr_expect_eq(copy.exports[e].kind, o.module.exports[e].kind);
        }
        module_release(&copy);
        bytes_release(&b);
        unload(&o);
    }
}

/* What an archive has: numbers for names, and the memory that the calls work on under its name. */
Test(clean, numbered_libraries)
{
    for (size_t i = 0; i < MODULE_COUNT; i++) {
        struct original o = load(modules[i], true);
        struct module_clean how = {.library = true, .numbered = true};
        struct bytes b = clean_bytes(&o.module, &how);
        struct module copy;
        bool has_memory = o.module.memory != UINT32_MAX;
        char name[MODULE_NAME_SIZE], number[MODULE_NAME_SIZE];

        cr_assert_eq(module_read(&copy, b.data, b.size), 0, "%s", modules[i]);
        cr_assert_eq(copy.export_count, o.module.export_count + has_memory);
        cr_expect_eq(has_export(&copy, "memory"), has_memory);
        for (uint32_t e = 0; e < o.module.export_count; e++) {
            snprintf(number, sizeof number, "export_%u", e);
            cr_expect_str_eq(module_clean_export(&o.module, &how, e, name), number);
            cr_expect(has_export(&copy, number));
        }
        module_release(&copy);
        bytes_release(&b);
        unload(&o);
    }
}

Test(clean, library_names)
{
    /* The exports of modules/start.wat, in order. */
    static const char *const names[] = {"export_0", "__table__", "export_2", "export_3",
                                        "export_4", "main",      "export_6", "export_7",
                                        "export_8", "export_9",  "_",        "int"};
    struct original o = load("start", true);
    struct module_clean how = {.library = true};
    char name[MODULE_NAME_SIZE];

    cr_assert_eq(o.module.export_count, sizeof names / sizeof *names);
    for (uint32_t i = 0; i < o.module.export_count; i++)
        cr_expect_str_eq(module_clean_export(&o.module, &how, i, name), names[i]);
    unload(&o);
}

Test(clean, programs_leave_other_exports_out)
{
    struct original o = load("start", false);
    struct module_clean how = {0};
    char name[MODULE_NAME_SIZE];

    for (uint32_t i = 0; i < o.module.export_count; i++)
        cr_expect_str_empty(module_clean_export(&o.module, &how, i, name));
    unload(&o);
}

Test(clean, exports_that_allow_references_stay)
{
    struct original o = load("memory", false);
    struct module_clean how = {0};
    struct bytes b = clean_bytes(&o.module, &how);
    struct module copy;

    cr_assert_eq(module_read(&copy, b.data, b.size), 0);
    cr_expect(has_export(&copy, "export_1"));
    cr_expect(has_export(&copy, "entry"));
    module_release(&copy);
    bytes_release(&b);
    unload(&o);
}

Test(clean, function_names_made_plain)
{
    /* Those of modules/names.wat. */
    static const char *const names[] = {
        "f0_ZN4core3fmt9Formatter3pad17h0123456789abcdefE",
        "f1_a_b_c_d_e",
        "f2_0_41",
        "f3_x",
        "f5_std_vector_int_push_back_operator",
        "f6_main",
    };
    struct original o = load("names", false);
    struct module_clean how = {.names = true};
    struct bytes b = clean_bytes(&o.module, &how);
    struct module copy;
    struct module_text name;
    uint32_t offset = 0, index;

    cr_assert_eq(module_read(&copy, b.data, b.size), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char found[128];

        cr_assert(module_next_name(&copy, &offset, &index, &name));
        snprintf(found, sizeof found, "%.*s", (int)name.len, (const char *)name.data);
        if (i != 4)
            cr_expect_str_eq(found, names[i]);
        else
            cr_expect_eq(strncmp(found, names[i], 27), 0, "%s", found);
    }
    cr_expect_not(module_next_name(&copy, &offset, &index, &name));
    module_release(&copy);
    bytes_release(&b);
    unload(&o);
}

Test(clean, a_full_disk_is_an_error)
{
    struct original o = load("hello", false);
    struct module_clean how = {0};
    FILE *full = fopen("/dev/full", "wb");

    cr_assert_not_null(full);
    cr_expect_eq(module_write_clean(&o.module, &how, full), -1);
    fclose(full);
    unload(&o);
}

Test(clean, a_copy_of_a_copy_is_the_copy)
{
    for (size_t i = 0; i < MODULE_COUNT; i++) {
        struct original o = load(modules[i], true);
        struct module_clean how = {.library = true};
        struct bytes once = clean_bytes(&o.module, &how), twice;
        struct module copy;

        cr_assert_eq(module_read(&copy, once.data, once.size), 0);
        if (copy.select_count > 0)
            goto next; /* each copy adds to them */
        for (uint32_t j = 0; j < copy.import_count; j++)
            if (copy.imports[j].name.len == 5 && copy.imports[j].name.data[0] == 'a')
                goto next; /* abort comes from "env" only */
        twice = clean_bytes(&copy, &how);
        cr_expect_eq(once.size, twice.size, "%s", modules[i]);
        bytes_release(&twice);
    next:
        module_release(&copy);
        bytes_release(&once);
        unload(&o);
    }
}

/* 70 types, so that the index of a block's type needs two bytes; three bodies, two with selects. */
static struct bytes module_with_selects(void)
{
    static const uint8_t body[] = {1,    1, 0x6f,                   /* a local externref */
                                   0x41, 1, 0x42, 2, 0x1a, 0x41, 3, /* i32 i64 drop i32 */
                                   0x41, 0, 0x1c, 1, 0x7f, 0x1a,    /* select i32, drop */
                                   0x20, 0, 0x20, 0, 0x41, 0,    0x1c, 1, 0x6f, 0x1a, 0x0b};
    struct bytes b = {0}, types = {0}, code = {0};
    static const uint8_t functions[] = {3, 0, 0, 0}, exports[] = {1, 4, 'm', 'a', 'i', 'n', 0, 0};

    bytes_header(&b);
    bytes_u32(&types, 70);
    for (int i = 0; i < 70; i++)
        bytes_list(&types, 3, 0x60, 0, 0);
    bytes_section(&b, 1, &types);
    bytes_section(&b, 3, &(struct bytes){(uint8_t *)functions, sizeof functions, 0});
    bytes_section(&b, 7, &(struct bytes){(uint8_t *)exports, sizeof exports, 0});
    bytes_u32(&code, 3);
    for (int i = 0; i < 3; i++) {
        bytes_u32(&code, i == 1 ? 2 : sizeof body);
        bytes_put(&code, i == 1 ? (const uint8_t *)"\0\x0b" : body, i == 1 ? 2 : sizeof body);
    }
    bytes_section(&b, 10, &code);
    bytes_release(&types);
    bytes_release(&code);
    return b;
}

static unsigned occurrences(const struct bytes *b, const char *bytes, size_t size)
{
    unsigned count = 0;

    for (size_t i = 0; i + size <= b->size; i++)
        count += memcmp(b->data + i, bytes, size) == 0;
    return count;
}

Test(clean, results_of_selects_with_a_type_go_through_a_block_of_that_type)
{
    struct module_wishes wishes = {.trusted = ~(feature_set)0};
    struct module_clean how = {0};
    struct bytes b = module_with_selects(), cleaned;
    struct module module, copy;

    cr_assert_eq(module_read(&module, b.data, b.size), 0);
    cr_assert_eq(module_check(&module, &wishes), 0);
    cr_expect_eq(module.select_count, 4);
    cleaned = clean_bytes(&module, &how);
    cr_assert_eq(module_read(&copy, cleaned.data, cleaned.size), 0);
    cr_assert_eq(copy.type_count, 72);
    cr_expect_eq(copy.types[70].param_count, 1);
    cr_expect_eq(copy.types[70].result_count, 1);
    cr_expect_eq(*copy.types[70].params, 0x7f);
    cr_expect_eq(*copy.types[71].results, 0x6f);
    cr_expect_eq(copy.code_size, module.code_size + 4 * 4);
    /* 70 and 71 as signed LEB128 take two bytes: 0x46 alone would be -58. */
    cr_expect_eq(occurrences(&cleaned, "\x1c\x01\x7f\x02\xc6\x00\x0b\x1a", 8), 2);
    cr_expect_eq(occurrences(&cleaned, "\x1c\x01\x6f\x02\xc7\x00\x0b\x1a", 8), 2);
    module_release(&copy);
    module_release(&module);
    bytes_release(&cleaned);
    bytes_release(&b);
}

/* No wasm2c is trusted with such a type; nor is there a block type of one byte for it. */
Test(clean, a_select_of_a_typed_reference_is_left_as_it_is)
{
    static const uint8_t bytes[] = {0,    'a', 's', 'm',  1, 0, 0,    0, /* header */
                                    1,    4,   1,   0x60, 0, 0,          /* types */
                                    3,    2,   1,   0,                   /* functions */
                                    10,   10,  1,   8,    0, 0, 0x1c, 1,
                                    0x63, 0, /* select (ref 0) */
                                    0x1a, 0x0b};
    struct module module;

    cr_assert_eq(module_read(&module, bytes, sizeof bytes), 0);
    cr_expect(module.features & FEATURE(FUNCTION_REFERENCES));
    cr_expect_eq(module.select_count, 0);
    module_release(&module);
}
