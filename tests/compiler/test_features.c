/* Every form of instruction: what it is read as, what it is refused for, which feature it shows. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "rt/include/dagger/wasm-rt-exceptions.h"

#define NONE 0u
#define BAD  UINT32_MAX

struct row {
    const char *code; /* without the end of the body */
    size_t size;
    unsigned tags;
    uint32_t features; /* BAD: refused */
};

#define CODE(code, features)                                                                       \
    {                                                                                              \
        code, sizeof code - 1, 0, features                                                         \
    }
#define TAGGED(code, features)                                                                     \
    {                                                                                              \
        code, sizeof code - 1, 1, features                                                         \
    }
#define LEGACY FEATURE(EXCEPTIONS_LEGACY)
#define NEW    FEATURE(EXCEPTIONS)

static const struct row rows[] = {
    CODE("", NONE),
    CODE("\x00\x01", NONE),
    CODE("\x02\x40\x0b", NONE),
    CODE("\x02\x7f\x0b\x03\x01\x0b", NONE),
    CODE("\x02\x7b\x0b", FEATURE(SIMD)),
    CODE("\x02\x02\x0b", BAD), /* no such type */
    CODE("\x02\x3f\x0b", BAD),
    CODE("\x02\x41\x0b", BAD),
    CODE("\x02\x40", BAD), /* not closed */
    CODE("\x0b", BAD),     /* closed too early */
    CODE("\x04\x40\x05\x0b", NONE),
    CODE("\x05", BAD),
    CODE("\x02\x40\x05\x0b", BAD),
    CODE("\x04\x40\x05\x05\x0b", BAD),
    CODE("\x0c\x00\x0d\x00", NONE),
    CODE("\x0c\x01", BAD),
    CODE("\x02\x40\x0c\x01\x0b", NONE),
    CODE("\x0e\x00\x00", NONE),
    CODE("\x0e\x02\x00\x00\x00", NONE),
    CODE("\x0e\x02\x00\x00\x01", BAD),
    CODE("\x0e\xff\xff\xff\xff\x0f\x00", BAD),
    CODE("\x10\x00", NONE),
    CODE("\x10\x01", BAD),
    CODE("\x11\x01\x00", NONE),
    CODE("\x11\x02\x00", BAD),
    CODE("\x11\x00\x01", BAD),
    CODE("\x12\x00", FEATURE(TAIL_CALL)),
    CODE("\x13\x00\x00", FEATURE(TAIL_CALL)),
    CODE("\x14\x00", FEATURE(FUNCTION_REFERENCES)),
    CODE("\x15\x00", FEATURE(FUNCTION_REFERENCES)),
    CODE("\x1c\x01\x7f", NONE),
    CODE("\x1c\x01\x00", BAD),
    CODE("\x20\x01\x21\x00\x22\x01", NONE),
    CODE("\x20\x02", BAD),
    CODE("\x23\x00\x24\x00", NONE),
    CODE("\x23\x01", BAD),
    CODE("\x25\x00\x26\x00", NONE),
    CODE("\x25\x01", BAD),
    CODE("\x27", BAD),
    CODE("\x28\x02\x00", NONE),
    CODE("\x3e\x00\xff\xff\xff\xff\x0f", NONE),
    CODE("\x28\x02\xff\xff\xff\xff\x1f", BAD), /* offset of 33 bits */
    CODE("\x28\x20\x00", BAD),
    CODE("\x28\x80\x01\x00", BAD),
    CODE("\x28\x42\x00\x00", FEATURE(MULTI_MEMORY)),
    CODE("\x28\x42\x01\x00", BAD),
    CODE("\x3f\x00\x40\x00", NONE),
    CODE("\x3f\x01", BAD),
    CODE("\x41\x80\x80\x80\x80\x78\x42\x7f", NONE),
    CODE("\x41\x80\x80\x80\x80\x08", BAD),
    CODE("\x43\x00\x00\x80\x7f\x44\x00\x00\x00\x00\x00\x00\xf8\x7f", NONE),
    CODE("\x45\xc4", NONE),
    CODE("\xc5", BAD),
    CODE("\xd0\x70\xd0\x6f\xd1\xd2\x00", NONE),
    CODE("\xd0\x69", NEW),
    CODE("\xd0\x6e", FEATURE(GC)),
    CODE("\xd0\x00", FEATURE(FUNCTION_REFERENCES)),
    CODE("\xd0\x02", BAD),
    CODE("\xd0\x7f", BAD),
    CODE("\xd2\x01", BAD),
    CODE("\xd3", FEATURE(GC)),
    CODE("\xd4\xd5\x00", FEATURE(FUNCTION_REFERENCES)),
    CODE("\xe0", BAD),
    CODE("\xfb\x00\x00", FEATURE(GC)),
    CODE("\xfb\x08\x00\x05", FEATURE(GC)),
    CODE("\xfb\x09\x00\x00", FEATURE(GC)),
    CODE("\xfb\x0a\x00\x00", FEATURE(GC)),
    CODE("\xfb\x11\x00\x01", FEATURE(GC)),
    CODE("\xfb\x14\x70\x17\x70", BAD), /* 0x17 is no instruction by itself */
    CODE("\xfb\x18\x03\x00\x70\x6e", FEATURE(GC)),
    CODE("\xfb\x18\x04\x00\x70\x6e", BAD),
    CODE("\xfb\x1c\xfb\x1e", FEATURE(GC)),
    CODE("\xfb\x1f", BAD),
    CODE("\xfc\x00\xfc\x07", NONE),
    CODE("\xfc\x08\x00\x00\xfc\x09\x00", NONE),
    CODE("\xfc\x08\x01\x00", BAD),
    CODE("\xfc\x0a\x00\x00\xfc\x0b\x00", NONE),
    CODE("\xfc\x0a\x00\x01", BAD),
    CODE("\xfc\x0c\x00\x00\xfc\x0d\x00\xfc\x0e\x00\x00", NONE),
    CODE("\xfc\x0d\x01", BAD),
    CODE("\xfc\x0f\x00\xfc\x10\x00\xfc\x11\x00", NONE),
    CODE("\xfc\x12", BAD),
    CODE("\xfc\x13\xfc\x16", FEATURE(WIDE_ARITHMETIC)),
    CODE("\xfc\x17", BAD),
    CODE("\xfc\x80\x00", NONE), /* a prefixed opcode is a LEB128 */
    CODE("\xfc\xff\xff\xff\xff\x0f", BAD),
    CODE("\xfd\x00\x04\x00\xfd\x5d\x03\x00", FEATURE(SIMD)),
    CODE("\xfd\x0c"
         "0123456789abcdef"
         "\xfd\x0d"
         "0123456789abcdef",
         FEATURE(SIMD)),
    CODE("\xfd\x0c"
         "0123",
         BAD),
    CODE("\xfd\x15\x0f\xfd\x54\x00\x00\x01", FEATURE(SIMD)),
    CODE("\xfd\xff\x01", FEATURE(SIMD)),
    CODE("\xfd\x9a\x01", BAD), /* a gap */
    CODE("\xfd\xee\x01", BAD),
    CODE("\xfd\x80\x02\xfd\x93\x02", FEATURE(RELAXED_SIMD)),
    CODE("\xfd\x94\x02", BAD),
    CODE("\xfe\x00\x02\x00\xfe\x03\x00\xfe\x4e\x02\x00", FEATURE(THREADS)),
    CODE("\xfe\x03\x01", BAD),
    CODE("\xfe\x04", BAD),
    CODE("\xfe\x4f\x00\x00", BAD),
    CODE("\xff", BAD),
    CODE("\x08\x00", BAD), /* no tag */
    TAGGED("\x08\x00", LEGACY),
    TAGGED("\x06\x40\x07\x00\x07\x00\x09\x00\x0b", LEGACY),
    TAGGED("\x06\x40\x19\x09\x00\x0b", LEGACY),
    TAGGED("\x06\x40\x07\x00\x19\x09\x00\x0b", LEGACY | FEATURE(CATCH_ALL_AFTER_CATCH)),
    TAGGED("\x06\x40\x19\x09\x00\x00\x0b", LEGACY),
    TAGGED("\x06\x40\x19\x09\x00\x1a\x0b", LEGACY | FEATURE(CODE_AFTER_RETHROW)),
    TAGGED("\x06\x40\x18\x00", LEGACY),
    TAGGED("\x06\x40\x07\x00\x18\x00", BAD),
    TAGGED("\x06\x40\x19\x19\x0b", BAD),
    TAGGED("\x06\x40\x19\x07\x00\x0b", BAD),
    TAGGED("\x06\x40\x07\x01\x0b", BAD),
    TAGGED("\x07\x00", BAD),
    TAGGED("\x19", BAD),
    TAGGED("\x18\x00", BAD),
    TAGGED("\x1f\x40\x04\x00\x00\x00\x01\x00\x00\x02\x00\x03\x00\x0b", NEW),
    TAGGED("\x1f\x40\x01\x00\x00\x00\x0a\x0b", NEW),
    TAGGED("\x1f\x40\x01\x00\x01\x00\x0b", BAD),
    TAGGED("\x1f\x40\x01\x02\x01\x0b", BAD), /* labels count from outside */
    TAGGED("\x1f\x40\x01\x04\x00\x0b", BAD),
};

Test(features, of_instructions)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes code = {0}, b;
        struct module module;
        uint8_t *copy;
        char *message;
        int result;

        bytes_put(&code, rows[i].code, rows[i].size);
        bytes_byte(&code, 0x0b);
        b = module_of_body(code.data, code.size, rows[i].tags);
        result = read_copy(&module, b.data, b.size, &copy, &message);
        cr_expect_eq(result, rows[i].features == BAD ? -1 : 0, "row %zu: %s", i, message);
        if (result == 0) {
            cr_expect_eq(module.features, rows[i].features, "row %zu: %x", i, module.features);
            module_release(&module);
        }
        free(copy);
        free(message);
        bytes_release(&code);
        bytes_release(&b);
    }
}

/* One section of its own, after the type () -> () and the function section that `function` asks
 * for. */
static const struct {
    uint8_t id;
    const char *contents;
    size_t size;
    uint32_t features;
} sections[] = {
#define SECTION(id, contents, features)                                                            \
    {                                                                                              \
        id, contents, sizeof contents - 1, features                                                \
    }
    SECTION(5, "\1\0\1", NONE),
    SECTION(5, "\1\1\1\2", NONE),
    SECTION(5, "\1\1\2\1", BAD),
    SECTION(5, "\1\0\x81\x80\x04", BAD), /* 65537 pages */
    SECTION(5, "\1\0\x80\x80\x04", NONE),
    SECTION(5, "\1\2\1", BAD), /* shared without a maximum */
    SECTION(5, "\1\3\1\1", FEATURE(THREADS)),
    SECTION(5, "\1\4\1", FEATURE(MEMORY64)),
    SECTION(5, "\1\5\1\xff\xff\xff\xff\xff\x0f", FEATURE(MEMORY64)),
    SECTION(5, "\1\x08\1\0", FEATURE(CUSTOM_PAGE_SIZES)),
    SECTION(5, "\1\x10\1", BAD),
    SECTION(5, "\2\0\1\0\1", FEATURE(MULTI_MEMORY)),
    SECTION(4, "\1\x70\0\1", NONE),
    SECTION(4, "\1\x6f\1\1\1", NONE),
    SECTION(4, "\1\x7f\0\1", BAD),
    SECTION(4, "\1\x70\2\1", BAD),
    SECTION(4, "\1\x69\0\1", FEATURE(EXCEPTIONS)),
    SECTION(4, "\1\x40\0\x70\0\1\xd0\x70\x0b", FEATURE(TABLE_INIT)),
    SECTION(4, "\1\x40\1\x70\0\1\xd0\x70\x0b", BAD),
    SECTION(4, "\1\x63\x70\0\1", FEATURE(FUNCTION_REFERENCES)),
    SECTION(6, "\1\x7f\0\x41\0\x0b", NONE),
    SECTION(6, "\1\x7f\2\x41\0\x0b", BAD),
    SECTION(6, "\1\x7f\0\x41\1\x41\1\x6a\x0b", FEATURE(EXTENDED_CONST)),
    SECTION(6, "\1\x7f\0\x41\1\x41\1\x6d\x0b", BAD), /* i32.div_s */
    SECTION(6, "\1\x7f\0\x0f\x0b", BAD),
    SECTION(6, "\1\x7f\0\x02\x40\x0b\x0b", BAD),
    SECTION(6, "\1\x7f\0\x23\0\x0b", BAD), /* itself */
    SECTION(6,
            "\1\x7b\0\xfd\x0c"
            "0123456789abcdef"
            "\x0b",
            FEATURE(SIMD)),
    SECTION(6,
            "\1\x7b\0\xfd\x0d"
            "0123456789abcdef"
            "\x0b",
            BAD),
    SECTION(6, "\1\x6e\0\xd0\x6e\x0b", FEATURE(GC)),
    SECTION(6, "\1\x64\0\0\xd2\0\x0b", BAD), /* no function */
    SECTION(13, "\1\0\0", FEATURE(EXCEPTIONS_LEGACY)),
    SECTION(13, "\1\1\0", BAD),
    SECTION(13, "\1\0\1", BAD),
#undef SECTION
};

Test(features, of_sections)
{
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        struct bytes b = {0}, section = {0};
        struct module module;
        uint8_t *copy;
        char *message;
        int result;

        bytes_header(&b);
        bytes_list(&section, 4, 1, 0x60, 0, 0);
        bytes_section(&b, 1, &section);
        section.size = 0;
        bytes_put(&section, sections[i].contents, sections[i].size);
        bytes_section(&b, sections[i].id, &section);
        result = read_copy(&module, b.data, b.size, &copy, &message);
        cr_expect_eq(result, sections[i].features == BAD ? -1 : 0, "row %zu: %s", i, message);
        if (result == 0) {
            cr_expect_eq(module.features, sections[i].features, "row %zu: %x", i, module.features);
            module_release(&module);
        }
        free(copy);
        free(message);
        bytes_release(&b);
        bytes_release(&section);
    }
}

/* Types of the proposals: a group that refers to itself, structs, arrays, subtypes. */
Test(features, of_types)
{
    static const struct {
        const char *contents;
        size_t size;
        uint32_t features, count;
    } types[] = {
#define TYPES(contents, features, count) {contents, sizeof contents - 1, features, count}
        TYPES("\1\x60\0\0", NONE, 1),
        TYPES("\1\x60\1\x7b\1\x70", FEATURE(SIMD), 1),
        TYPES("\1\x5f\2\x7f\0\x78\1", FEATURE(GC), 1),
        TYPES("\1\x5e\x77\1", FEATURE(GC), 1),
        TYPES("\1\x50\0\x60\0\0", FEATURE(GC), 1),
        TYPES("\2\x60\0\0\x4f\1\0\x60\0\0", FEATURE(GC), 2),
        TYPES("\1\x4e\2\x60\0\0\x60\1\x63\1\0", FEATURE(GC) | FEATURE(FUNCTION_REFERENCES), 2),
        TYPES("\2\x4e\4\x60\0\0\x60\0\0\x60\0\0\x60\0\0\x60\0\0", FEATURE(GC), 5),
        TYPES("\1\x60\1\x63\1\0", BAD, 0), /* no type 1 */
        TYPES("\1\x60\1\x63\0\0", FEATURE(FUNCTION_REFERENCES), 1),
        TYPES("\1\x4e\xff\xff\xff\xff\x0f\x60\0\0", BAD, 0),
        TYPES("\1\x5d\0\0", BAD, 0),
        TYPES("\1\x60\0\1\x40", BAD, 0),
        TYPES("\1\x5f\1\x7f\2", BAD, 0),
#undef TYPES
    };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct bytes b = {0}, section = {0};
        struct module module;
        uint8_t *copy;
        char *message;
        int result;

        bytes_header(&b);
        bytes_put(&section, types[i].contents, types[i].size);
        bytes_section(&b, 1, &section);
        result = read_copy(&module, b.data, b.size, &copy, &message);
        cr_expect_eq(result, types[i].features == BAD ? -1 : 0, "row %zu: %s", i, message);
        if (result == 0) {
            cr_expect_eq(module.features, types[i].features, "row %zu: %x", i, module.features);
            cr_expect_eq(module.type_count, types[i].count, "row %zu", i);
            module_release(&module);
        }
        free(copy);
        free(message);
        bytes_release(&b);
        bytes_release(&section);
    }
}

Test(features, names_reasons_and_remedies_are_there)
{
    for (int i = 0; i < FEATURE_COUNT; i++) {
        cr_expect(features[i].name[0] && features[i].reason[0] && features[i].remedy[0]);
        cr_expect(!features[i].flag || strncmp(features[i].flag, "--enable-", 9) == 0);
    }
}

/* The reader says 256 without knowing the runtime's headers. */
Test(features, of_large_exceptions)
{
    static const struct {
        uint32_t size;  /* of the type in C */
        uint32_t first; /* so many of them ... */
        uint8_t type, last;
        bool large; /* ... and a last one, 0: none */
    } exceptions[] = {
        {4, WASM_EXN_MAX_SIZE / 4, 0x7f, 0, false},
        {4, WASM_EXN_MAX_SIZE / 4, 0x7d, 0x7f, true},
        {8, WASM_EXN_MAX_SIZE / 8, 0x7e, 0, false},
        {8, WASM_EXN_MAX_SIZE / 8, 0x7c, 0x7d, true},
        {4, WASM_EXN_MAX_SIZE / 4 - 1, 0x7f, 0x7f, false},
        {4, WASM_EXN_MAX_SIZE / 4 - 1, 0x7f, 0x7e, true}, /* 252 bytes, 4 to align, 8 */
        {16, WASM_EXN_MAX_SIZE / 16, 0x7b, 0, false},
        {16, WASM_EXN_MAX_SIZE / 16, 0x7b, 0x7f, true},
        {sizeof(wasm_rt_externref_t), WASM_EXN_MAX_SIZE / sizeof(wasm_rt_externref_t), 0x6f, 0,
         false},
        {sizeof(wasm_rt_funcref_t), WASM_EXN_MAX_SIZE / sizeof(wasm_rt_funcref_t), 0x70, 0, false},
        {sizeof(wasm_rt_funcref_t), WASM_EXN_MAX_SIZE / sizeof(wasm_rt_funcref_t), 0x70, 0x7f,
         true},
        {sizeof(wasm_rt_exnref_t), 1, 0x69, 0, true},
    };

    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++) {
        struct bytes b = {0}, contents = {0};
        uint32_t params = exceptions[i].first + (exceptions[i].last != 0);
        struct module module;

        bytes_header(&b);
        bytes_list(&contents, 2, 1, 0x60);
        bytes_u32(&contents, params);
        for (uint32_t j = 0; j < exceptions[i].first; j++)
            bytes_byte(&contents, exceptions[i].type);
        if (exceptions[i].last)
            bytes_byte(&contents, exceptions[i].last);
        bytes_byte(&contents, 0);
        bytes_section(&b, 1, &contents);
        bytes_section(&b, 13, &(struct bytes){(uint8_t[]){1, 0, 0}, 3, 0});
        cr_assert_eq(module_read(&module, b.data, b.size), 0, "row %zu", i);
        cr_expect_eq((module.features & FEATURE(LARGE_EXCEPTIONS)) != 0, exceptions[i].large,
                     "row %zu", i);
        module_release(&module);
        bytes_release(&contents);
        bytes_release(&b);
    }
}
