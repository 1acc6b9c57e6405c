/* What the reader makes of whole modules: the facts it notes, and files that are no modules. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

static void refuses(const void *data, size_t size, const char *part)
{
    struct bytes b = {0};
    char *message;

    bytes_put(&b, data, size);
    cr_expect_eq(verdict(&b, &message), -1, "accepted: %s", part);
    cr_expect_not_null(strstr(message, part), "\"%s\" lacks \"%s\"", message, part);
    free(message);
    bytes_release(&b);
}

#define REFUSES(bytes, part) refuses(bytes, sizeof bytes - 1, part)

Test(module, other_files_are_named)
{
    REFUSES("", "the file is empty");
    REFUSES("\0asm\x0d\0\1\0", "component");
    REFUSES("\0asm\x0d\0\1\0\0\1", "wasm-tools component unbundle");
    REFUSES("\0asm\2\0\0\0", "version 0x00000002, expected 1");
    REFUSES("\0asm\x0b\0\0\0", "version 0x0000000b, expected 1");
    REFUSES("\0asm", "unexpected end");
    REFUSES("\0asm\1\0\0", "unexpected end");
    REFUSES("\0as", "not a WebAssembly module");
    REFUSES("\x1f\x8b\x08", "gzip");
    REFUSES("\x7f"
            "ELF\2\1\1",
            "ELF");
    REFUSES("PK\3\4", "zip");
    REFUSES("!<arch>\n", "archive");
    REFUSES("(module)", "wat2wasm");
    REFUSES(";; text\n  (module)", "wat2wasm");
    REFUSES("\xef\xbb\xbf(module)", "wat2wasm");
    REFUSES("MZ", "not a WebAssembly module");
}

Test(module, text_format)
{
    static const char *const texts[] = {"(module)", "  \n\t(module", ";; c\r\n(",
                                        "(; c ;)(module)"};
    static const char *const others[] = {"", " ", "; (", ";;", "module", "\1("};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect(module_is_text((const uint8_t *)texts[i], strlen(texts[i])), "%s", texts[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_expect_not(module_is_text((const uint8_t *)others[i], strlen(others[i])), "%zu", i);
}

Test(module, the_smallest_module)
{
    struct module module;

    cr_assert_eq(module_read(&module, (const uint8_t *)"\0asm\1\0\0\0", 8), 0);
    cr_expect_eq(module.functions.total, 0);
    cr_expect_eq(module.entry, UINT32_MAX);
    module_release(&module);
}

Test(module, facts)
{
    struct bytes b = bytes_of_file(MODULES_DIR "/memory.wasm");
    struct module module;

    cr_assert_eq(module_read(&module, b.data, b.size), 0);
    cr_expect_eq(module.functions.total, 3);
    cr_expect_eq(module.functions.imported, 0);
    cr_expect_eq(module.table_counts.total, 2);
    cr_expect_eq(module.tables[0].min, 8);
    cr_expect_not(module.tables[0].has_max);
    cr_expect_eq(module.tables[1].max, 16);
    cr_expect_eq(module.memory_counts.total, 1);
    cr_expect_eq(module.memories[0].min, 1);
    cr_expect_eq(module.memories[0].max, 4);
    cr_expect_eq(module.element_count, 3);
    cr_expect_eq(module.data_count, 2);
    cr_expect(module.has_ref_func);
    cr_expect_not(module.has_start);
    cr_expect_eq(module.export_count, 2);
    cr_expect_eq(module.features, 0);
    cr_expect_eq(module.code_size, module.code.size - 1 - 3 - 1); /* less count and body sizes */
    module_release(&module);
    bytes_release(&b);
}

Test(module, imports_and_start)
{
    struct bytes imports = bytes_of_file(MODULES_DIR "/imports.wasm");
    struct bytes start = bytes_of_file(MODULES_DIR "/start.wasm");
    struct module module;

    cr_assert_eq(module_read(&module, imports.data, imports.size), 0);
    cr_expect_eq(module.import_count, 13);
    cr_expect_eq(module.functions.imported, 13);
    cr_expect_eq(module.functions.total, 15);
    cr_expect_eq(module.function_types[0], module.imports[0].type);
    cr_expect_eq(module.imports[11].name.len, 4);
    cr_expect_arr_eq(module.imports[11].name.data, "sync", 4);
    module_release(&module);
    cr_assert_eq(module_read(&module, start.data, start.size), 0);
    cr_expect(module.has_start);
    cr_expect_eq(module.start, 0);
    module_release(&module);
    bytes_release(&imports);
    bytes_release(&start);
}

Test(module, blocks_are_measured)
{
    struct bytes b = bytes_of_file(MODULES_DIR "/control.wasm");
    struct module module;

    cr_assert_eq(module_read(&module, b.data, b.size), 0);
    cr_expect_eq(module.deepest_block, 5); /* block loop block block block */
    module_release(&module);
    bytes_release(&b);
}

Test(module, names_are_walked_in_order)
{
    struct bytes b = bytes_of_file(MODULES_DIR "/names.wasm");
    struct module module;
    struct module_text name;
    uint32_t offset = 0, index, count = 0, last = 0;

    cr_assert_eq(module_read(&module, b.data, b.size), 0);
    while (module_next_name(&module, &offset, &index, &name)) {
        cr_expect(count == 0 || index > last);
        last = index;
        count++;
    }
    cr_expect_eq(count, 6); /* one of the seven has none */
    cr_expect_not(module_next_name(&module, &offset, &index, &name));
    module_release(&module);
    bytes_release(&b);
}

/* A module with `functions` empty functions and a name section of these contents. */
static struct bytes named(uint32_t functions, const void *contents, size_t size)
{
    struct bytes b = {0}, section = {0};

    bytes_header(&b);
    bytes_list(&section, 4, 1, 0x60, 0, 0);
    bytes_section(&b, 1, &section);
    bytes_release(&section);
    bytes_u32(&section, functions);
    for (uint32_t i = 0; i < functions; i++)
        bytes_byte(&section, 0);
    bytes_section(&b, 3, &section);
    bytes_release(&section);
    bytes_u32(&section, functions);
    for (uint32_t i = 0; i < functions; i++)
        bytes_list(&section, 3, 2, 0, 0x0b);
    bytes_section(&b, 10, &section);
    bytes_release(&section);
    bytes_text(&section, "name");
    bytes_put(&section, contents, size);
    bytes_section(&b, 0, &section);
    bytes_release(&section);
    return b;
}

Test(module, bad_names_end_the_walk_but_not_the_module)
{
    static const struct {
        const char *contents;
        size_t size;
        uint32_t good;
    } rows[] = {
        {"", 0, 0},
        {"\1\7\2\0\1a\1\1b", 9, 2},
        {"\0\2\1m\1\7\2\0\1a\1\1b", 13, 2}, /* after the module's name */
        {"\1\7\2\1\1a\0\1b", 9, 1},         /* descending */
        {"\1\7\2\1\1a\1\1b", 9, 1},         /* twice */
        {"\1\7\2\0\1a\2\1b", 9, 1},         /* no such function */
        {"\1\7\2\0\1a\1\1\xff", 9, 1},      /* not UTF-8 */
        {"\1\7\2\0\1a\1\2b", 9, 1},         /* longer than the subsection */
        {"\1\7\3\0\1a\1\1b", 9, 2},         /* count too high */
        {"\1\7\1\0\1a\1\1b", 9, 1},         /* count too low */
        {"\1\x7f\2\0\1a\1\1b", 9, 0},       /* the subsection lies about its size */
        {"\1\7\xff\xff\xff\xff\xff\0\0", 9, 0},
        {"\1", 1, 0},
        {"\1\x80", 2, 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes b = named(2, rows[i].contents, rows[i].size);
        struct module module;
        struct module_text name;
        uint32_t offset = 0, index, count = 0;

        cr_assert_eq(module_read(&module, b.data, b.size), 0, "row %zu", i);
        while (module_next_name(&module, &offset, &index, &name))
            count++;
        cr_expect_eq(count, rows[i].good, "row %zu: %u", i, count);
        module_release(&module);
        bytes_release(&b);
    }
}

/* The header and one custom section. */
static struct bytes custom(const char *name, const void *contents, size_t size)
{
    struct bytes b = {0}, section = {0};

    bytes_header(&b);
    bytes_text(&section, name);
    bytes_put(&section, contents, size);
    bytes_section(&b, 0, &section);
    bytes_release(&section);
    return b;
}

Test(module, producers_and_target_features)
{
    static const char producers[] = "\2\x08language\1\3C11\0\x0cprocessed-by\1\5clang\00218";
    static const char target_features[] = "\3+\4simd-\3old=\6atomic";
    struct bytes p = custom("producers", producers, sizeof producers - 1);
    struct bytes t = custom("target_features", target_features, sizeof target_features - 1);
    struct bytes bad = custom("producers", "\xff\xff\xff\xff\x0f", 5);
    struct module module;

    cr_assert_eq(module_read(&module, p.data, p.size), 0);
    cr_assert_eq(module.producers.len, 13);
    cr_expect_arr_eq(module.producers.data, "C11, clang 18", 13);
    module_release(&module);
    cr_assert_eq(module_read(&module, t.data, t.size), 0);
    cr_assert_eq(module.target_features.len, 12);
    cr_expect_arr_eq(module.target_features.data, "simd, atomic", 12);
    module_release(&module);
    cr_assert_eq(module_read(&module, bad.data, bad.size), 0);
    cr_expect_eq(module.producers.len, 0);
    module_release(&module);
    bytes_release(&p);
    bytes_release(&t);
    bytes_release(&bad);
}

Test(module, messages_name_file_offset_section_and_function)
{
    struct bytes b = module_of_body("\x20\x09\x0b", 3, 0);
    char *message, expected[200];

    /* After the local's index come the end of the body and the data section's six bytes. */
    snprintf(expected, sizeof expected,
             "daggercc: app.wasm: offset 0x%zx: code section: function 0: local index 9 out of "
             "range: there are 2\n",
             b.size - 6 - 2);
    diag_setup("daggercc", "app.wasm");
    cr_expect_eq(verdict(&b, &message), -1);
    cr_expect_str_eq(message, expected);
    free(message);
    bytes_release(&b);
}
