/* The verdict on well-formed modules: imports, features, entry point, memory. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

static const struct module_wishes program = {.trusted = ~(feature_set)0, .wasm2c = "1.0.39"};
static const struct module_wishes library = {
    .trusted = ~(feature_set)0, .wasm2c = "1.0.39", .library = true};

struct import_row {
    const char *module, *name;
    uint8_t kind, type;
};
struct export_row {
    const char *name;
    uint8_t kind, index;
};

/* What a module for these tests has. Types: 0 () -> (), 1 () -> i32, 2 (i32 i32) -> i32,
 * 3 (i32) -> i32, 4 (i32 i32 i32) -> i32, 5 (i64) -> (), 6 (i32 i32) -> (),
 * 7 (i32 i32 i32 i32) -> i32. */
struct plan {
    const struct import_row *imports;
    unsigned import_count;
    unsigned memories;
    bool is64;
    uint8_t function_type; /* of the one defined function */
    const struct export_row *exports;
    unsigned export_count;
};

static void put_imports(struct bytes *b, const struct plan *plan)
{
    struct bytes section = {0};

    bytes_u32(&section, plan->import_count);
    for (unsigned i = 0; i < plan->import_count; i++) {
        bytes_text(&section, plan->imports[i].module);
        bytes_text(&section, plan->imports[i].name);
        bytes_byte(&section, plan->imports[i].kind);
        switch (plan->imports[i].kind) {
        case EXTERN_TABLE:
            bytes_list(&section, 3, 0x70, 0, 1);
            break;
        case EXTERN_MEMORY:
            bytes_list(&section, 2, 0, 1);
            break;
        case EXTERN_GLOBAL:
            bytes_list(&section, 2, 0x7f, 0);
            break;
        default:
            bytes_byte(&section, plan->imports[i].type);
            break;
        }
    }
    bytes_section(b, 2, &section);
    bytes_release(&section);
}

static struct bytes build(const struct plan *plan)
{
    static const char types[] = "\10\x60\0\0\x60\0\1\x7f\x60\2\x7f\x7f\1\x7f\x60\1\x7f\1\x7f"
                                "\x60\3\x7f\x7f\x7f\1\x7f\x60\1\x7e\0\x60\2\x7f\x7f\0"
                                "\x60\4\x7f\x7f\x7f\x7f\1\x7f";
    struct bytes b = {0}, section = {0};

    bytes_header(&b);
    bytes_put(&section, types, sizeof types - 1);
    bytes_section(&b, 1, &section);
    put_imports(&b, plan);
    section.size = 0;
    bytes_list(&section, 2, 1, plan->function_type);
    bytes_section(&b, 3, &section);
    section.size = 0;
    bytes_u32(&section, plan->memories);
    for (unsigned i = 0; i < plan->memories; i++)
        bytes_list(&section, 2, plan->is64 ? 4 : 0, 1);
    bytes_section(&b, 5, &section);
    section.size = 0;
    bytes_u32(&section, plan->export_count);
    for (unsigned i = 0; i < plan->export_count; i++) {
        bytes_text(&section, plan->exports[i].name);
        bytes_list(&section, 2, plan->exports[i].kind, plan->exports[i].index);
    }
    bytes_section(&b, 7, &section);
    section.size = 0;
    bytes_list(&section, 5, 1, 3, 0, 0x00, 0x0b);
    bytes_section(&b, 10, &section);
    bytes_release(&section);
    return b;
}

/* Checks the plan; `part` must occur in what is printed, or nothing be printed if it is NULL. */
static void expect(const struct plan *plan, const struct module_wishes *wishes, const char *part,
                   int line)
{
    struct bytes b = build(plan);
    char *message;
    int result = check_bytes(&b, wishes, &message);

    cr_expect_eq(result, part ? -1 : 0, "line %d: %s", line, message);
    cr_expect(part ? strstr(message, part) != NULL : !*message, "line %d: \"%s\" lacks \"%s\"",
              line, message, part ? part : "");
    free(message);
    bytes_release(&b);
}

#define IMPORTS(...)                                                                               \
    .imports = (const struct import_row[]){__VA_ARGS__},                                           \
    .import_count = sizeof((const struct import_row[]){__VA_ARGS__}) / sizeof(struct import_row)
#define EXPORTS(...)                                                                               \
    .exports = (const struct export_row[]){__VA_ARGS__},                                           \
    .export_count = sizeof((const struct export_row[]){__VA_ARGS__}) / sizeof(struct export_row)
#define EXPECT(wishes, part, ...) expect(&(struct plan){__VA_ARGS__}, &wishes, part, __LINE__)

Test(check, entry_points)
{
    EXPECT(program, NULL, EXPORTS({"main", 0, 0}));
    EXPECT(program, NULL, EXPORTS({"dagger_main", 0, 0}));
    EXPECT(program, NULL, EXPORTS({"_start", 0, 0}));
    EXPECT(program, NULL, EXPORTS({"main", 0, 0}), .function_type = 1);
    EXPECT(program, NULL, EXPORTS({"main", 0, 0}), .function_type = 2);
    EXPECT(program, NULL, EXPORTS({"main", 0, 0}), .function_type = 6);
    EXPECT(program, "has the type (func (param i32) (result i32)), expected (func)",
           EXPORTS({"main", 0, 0}), .function_type = 3);
    EXPECT(program, "(param i64)", EXPORTS({"main", 0, 0}), .function_type = 5);
    EXPECT(program, "no entry point", EXPORTS({"other", 0, 0}));
    EXPECT(program, "--entry", EXPORTS({"other", 0, 0}));
    EXPECT(program, "\"main\" is not a function", EXPORTS({"main", 2, 0}), .memories = 1);
    EXPECT(program, "\"main\" is an imported function", EXPORTS({"main", 0, 0}),
           IMPORTS({"dagger", "flush", 0, 3}));
    EXPECT(library, NULL, EXPORTS({"other", 0, 0}));
    EXPECT(library, NULL, EXPORTS({"main", 0, 0}), .function_type = 5);
}

Test(check, the_entry_option)
{
    struct module_wishes wishes = program;

    wishes.entry = "other";
    EXPECT(wishes, NULL, EXPORTS({"main", 0, 0}, {"other", 0, 0}));
    EXPECT(wishes, "no export \"other\"", EXPORTS({"main", 0, 0}));
    wishes.entry = "a\n\"b";
    EXPECT(wishes, "no export \"a\\x0a\\x22b\"", EXPORTS({"main", 0, 0}));
    wishes = library;
    wishes.entry = "other";
    EXPECT(wishes, "no export \"other\"", EXPORTS({"main", 0, 0}));
}

Test(check, the_first_entry_point_wins)
{
    static const char *const names[] = {"dagger_main", "main", "_start"};

    for (size_t first = 0; first < 3; first++) {
        const struct export_row rows[] = {{names[2], 0, 0},
                                          {first < 2 ? names[1] : "x", 0, 0},
                                          {first < 1 ? names[0] : "y", 0, 0}};
        struct plan plan = {EXPORTS({"", 0, 0})};
        struct module module;

        plan.exports = rows;
        plan.export_count = 3;
        struct bytes b = build(&plan);

        cr_assert_eq(module_read(&module, b.data, b.size), 0);
        cr_expect_eq(module_check(&module, &program), 0);
        cr_expect_eq(module.entry, 0);
        cr_expect_eq(module.initialize, UINT32_MAX);
        module_release(&module);
        bytes_release(&b);
    }
}

Test(check, initialize)
{
    EXPECT(program, NULL, EXPORTS({"main", 0, 0}, {"_initialize", 0, 0}));
    EXPECT(program, "\"_initialize\" has the type (func (result i32)), expected (func)",
           EXPORTS({"main", 0, 0}, {"_initialize", 0, 0}), .function_type = 1);
}

Test(check, memory)
{
    EXPECT(program, NULL, EXPORTS({"main", 0, 1}), IMPORTS({"dagger", "open", 0, 2}),
           .memories = 1);
    EXPECT(program, NULL, EXPORTS({"main", 0, 1}, {"memory", 2, 1}),
           IMPORTS({"dagger", "open", 0, 2}), .memories = 2);
    EXPECT(program, "2 memories and exports none", EXPORTS({"main", 0, 1}, {"mem", 2, 1}),
           IMPORTS({"dagger", "open", 0, 2}), .memories = 2);
    EXPECT(program, NULL, EXPORTS({"main", 0, 1}), .function_type = 0,
           IMPORTS({"dagger", "write", 0, 4}));
    EXPECT(program, NULL, EXPORTS({"main", 0, 1}), IMPORTS({"dagger", "close", 0, 3}));
    EXPECT(program, NULL, EXPORTS({"main", 0, 0}));
    EXPECT(program, NULL, EXPORTS({"main", 0, 0}), .memories = 2);
    EXPECT(program, "64-bit", EXPORTS({"main", 0, 1}), IMPORTS({"dagger", "read", 0, 4}),
           .memories = 1, .is64 = true);
    EXPECT(program, NULL, EXPORTS({"main", 0, 1}, {"memory", 0, 1}),
           IMPORTS({"dagger", "write", 0, 4}));
}

Test(check, imports_of_the_abi)
{
    EXPECT(program, NULL, EXPORTS({"main", 0, 7}), .memories = 1,
           IMPORTS({"dagger", "open", 0, 2}, {"dagger", "close", 0, 3}, {"dagger", "read", 0, 4},
                   {"dagger", "write", 0, 4}, {"dagger", "flush", 0, 3}, {"dagger", "sync", 0, 3},
                   {"env", "open", 0, 2}));
    EXPECT(program, NULL, EXPORTS({"main", 0, 5}), .memories = 1,
           IMPORTS({"env", "close", 0, 3}, {"env", "read", 0, 4}, {"env", "write", 0, 4},
                   {"env", "flush", 0, 3}, {"env", "sync", 0, 3}));
}

Test(check, imports_of_another_type)
{
    EXPECT(program,
           "\"dagger\".\"open\" (func (param i32) (result i32)), expected "
           "(func (param i32 i32) (result i32))",
           EXPORTS({"main", 0, 1}), .memories = 1, IMPORTS({"dagger", "open", 0, 3}));
    EXPECT(program, "\"env\".\"write\" (func), expected (func (param i32 i32 i32) (result i32))",
           EXPORTS({"main", 0, 1}), .memories = 1, IMPORTS({"env", "write", 0, 0}));
    EXPECT(program, "\"dagger\".\"read\" (global), expected (func (param i32 i32 i32)",
           EXPORTS({"main", 0, 0}), .memories = 1, IMPORTS({"dagger", "read", 3, 0}));
    EXPECT(program, "\"env\".\"abort\" (func), expected (func (param i32 i32 i32 i32))",
           EXPORTS({"main", 0, 1}), IMPORTS({"env", "abort", 0, 0}));
}

/* Types: 3 (i32) -> i32, 7 (i32 i32 i32 i32) -> i32. */
Test(check, functions_of_wasi)
{
    static const struct module_wishes undefined = {
        .trusted = ~(feature_set)0, .wasm2c = "1.0.39", .allow_undefined = true};

    EXPECT(
        program, NULL, EXPORTS({"_start", 0, 2}), .memories = 1,
        IMPORTS({"wasi_snapshot_preview1", "fd_write", 0, 7}, {"wasi_unstable", "fd_close", 0, 3}));
    EXPECT(program, "\"wasi_unstable\".\"sock_accept\"", EXPORTS({"_start", 0, 1}), .memories = 1,
           IMPORTS({"wasi_unstable", "sock_accept", 0, 4}));
    EXPECT(program, "\"wasi_unstable\".\"unstable_fd_seek\"", EXPORTS({"_start", 0, 1}),
           .memories = 1, IMPORTS({"wasi_unstable", "unstable_fd_seek", 0, 4}));
    EXPECT(program, "\"env\".\"fd_close\"", EXPORTS({"_start", 0, 1}), .memories = 1,
           IMPORTS({"env", "fd_close", 0, 3}));
    EXPECT(program, "\"env\".\"wasi_fd_close\"", EXPORTS({"_start", 0, 1}), .memories = 1,
           IMPORTS({"env", "wasi_fd_close", 0, 3}));
    EXPECT(program, "expected (func (param i32 i64 i32 i32) (result i32))",
           EXPORTS({"_start", 0, 1}), .memories = 1,
           IMPORTS({"wasi_snapshot_preview1", "fd_seek", 0, 7}));
    EXPECT(program, "which is meant", EXPORTS({"_start", 0, 1}), .memories = 2,
           IMPORTS({"wasi_snapshot_preview1", "fd_write", 0, 7}));
    EXPECT(undefined, NULL, EXPORTS({"main", 0, 2}),
           IMPORTS({"env", "puts", 0, 3}, {"x", "y", 0, 5}));
    EXPECT(undefined, "\"env\".\"memory\"", EXPORTS({"main", 0, 0}),
           IMPORTS({"env", "memory", 2, 0}));
}

Test(check, other_imports_are_all_named_with_a_hint)
{
    EXPECT(program, "2 imports are not part of the Dagger ABI", EXPORTS({"main", 0, 2}),
           IMPORTS({"wasi_snapshot_preview1", "fd_write", 0, 4}, {"env", "puts", 0, 3}));
    EXPECT(program, "\"env\".\"puts\" (func (param i32) (result i32))", EXPORTS({"main", 0, 2}),
           IMPORTS({"wasi_snapshot_preview1", "fd_write", 0, 4}, {"env", "puts", 0, 3}));
    EXPECT(program, "preview 1", EXPORTS({"main", 0, 1}),
           IMPORTS({"wasi_snapshot_preview1", "fd_open", 0, 4}));
    EXPECT(program, "WASI 0.2", EXPORTS({"main", 0, 1}), IMPORTS({"wasi:cli/run", "run", 0, 0}));
    EXPECT(program, "--allow-undefined-imports", EXPORTS({"main", 0, 1}),
           IMPORTS({"env", "puts", 0, 3}));
    EXPECT(program, "Go", EXPORTS({"main", 0, 1}), IMPORTS({"gojs", "runtime.wasmExit", 0, 3}));
    EXPECT(program, "Emscripten", EXPORTS({"main", 0, 1}),
           IMPORTS({"env", "emscripten_memcpy_big", 0, 4}));
    EXPECT(program, "--import-memory", EXPORTS({"main", 0, 0}), IMPORTS({"env", "memory", 2, 0}));
    EXPECT(program, "--import-table", EXPORTS({"main", 0, 0}),
           IMPORTS({"env", "__indirect_function_table", 1, 0}));
    EXPECT(program, "wasm-bindgen", EXPORTS({"main", 0, 1}),
           IMPORTS({"__wbindgen_placeholder__", "x", 0, 0}));
    EXPECT(program, "has open, close, read, write and flush", EXPORTS({"main", 0, 1}),
           IMPORTS({"dagger", "seek", 0, 4}));
    EXPECT(program, "\"dagger\".\"abort\"", EXPORTS({"main", 0, 1}),
           IMPORTS({"dagger", "abort", 0, 4}));
    EXPECT(program, "\"Dagger\".\"open\"", EXPORTS({"main", 0, 1}),
           IMPORTS({"Dagger", "open", 0, 2}));
    EXPECT(library, "\"x\\x1b[2J\".\"\\u{202e}\"", EXPORTS({"main", 0, 1}),
           IMPORTS({"x\x1b[2J", "\xe2\x80\xae", 0, 2}));
}

/* 5000 imports: twenty are shown, those of one module together, the others counted. */
Test(check, long_lists_of_imports_are_bounded)
{
    enum { COUNT = 5000 };
    static struct import_row rows[COUNT];
    struct plan plan = {EXPORTS({"main", 0, 0})};
    struct bytes b;
    char *message;
    size_t lines = 0;

    for (unsigned i = 0; i < COUNT; i++)
        rows[i] = (struct import_row){i % 2 ? "odd" : "even", "f", 0, 0};
    plan.imports = rows;
    plan.import_count = COUNT;
    b = build(&plan);
    cr_expect_eq(check_bytes(&b, &program, &message), -1);
    for (const char *at = message; *at; at++)
        lines += *at == '\n';
    cr_expect_eq(lines, 1 + 20 + 2 + 1, "%s", message);
    cr_expect_not_null(strstr(message, "and 2490 more from \"even\""));
    cr_expect_not_null(strstr(message, "and 2490 more from \"odd\""));
    cr_expect_lt(strstr(message, "\"even\""), strstr(message, "\"odd\""));
    *strstr(message, "and 2490") = '\0'; /* those that are shown are grouped */
    cr_expect_null(strstr(strstr(message, "\"odd\""), "\"even\""));
    free(message);
    bytes_release(&b);
}

Test(check, untrusted_features_are_all_named)
{
    struct module_wishes wishes = {.trusted = FEATURE(SIMD), .wasm2c = "1.0.36"};
    static const char code[] = "\x06\x40\x12\x00\x0b\x0b"; /* try, return_call 0, end, end */
    struct bytes b = module_of_body(code, sizeof code - 1, 1);
    char *message;

    cr_expect_eq(check_bytes(&b, &wishes, &message), -1);
    cr_expect_not_null(strstr(message, "exceptions (try, catch), which wasm2c 1.0.36"));
    cr_expect_not_null(strstr(message, "tail calls, which wasm2c 1.0.36"));
    cr_expect_not_null(strstr(message, "-fwasm-exceptions"));
    cr_expect_not_null(strstr(message, "-mtail-call"));
    free(message);
    wishes.trusted |= FEATURE(EXCEPTIONS_LEGACY) | FEATURE(TAIL_CALL);
    cr_expect_eq(check_bytes(&b, &wishes, &message), 0);
    cr_expect_str_empty(message);
    free(message);
    bytes_release(&b);
}

Test(check, printing_imports)
{
    struct plan plan = {IMPORTS({"dagger", "open", 0, 2}, {"a\n", "\x7f", 2, 0}, {"", "", 0, 5})};
    struct bytes b = build(&plan);
    struct module module;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    cr_assert_eq(module_read(&module, b.data, b.size), 0);
    module_print_imports(&module, out);
    fclose(out);
    cr_expect_str_eq(text, "\"dagger\".\"open\" (func (param i32 i32) (result i32))\n"
                           "\"a\\x0a\".\"\\x7f\" (memory)\n"
                           "\"\".\"\" (func (param i64))\n");
    free(text);
    module_release(&module);
    bytes_release(&b);
}
