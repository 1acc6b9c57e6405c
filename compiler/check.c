/* Whether a well-formed module can become an executable: its imports, its features, its entry point
 * and its memory. See module.h and docs/abi.md. */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "imports.h"
#include "sections.h"

/* Where imports we lack come from, and what to do about it. */
static const struct hint {
    const char *module; /* a prefix of the import's module if it ends in '*' */
    const char *name;   /* the same of its name; NULL: any */
    const char *text;
} hints[] = {
    {"wasi", "thread-spawn", "the guest was built for threads: build it for wasm32-wasi without"},
    {"wasi_*", NULL,
     "of WASI there are preview 1 (wasi_snapshot_preview1) and what was before it (wasi_unstable), "
     "with the functions of their specification"},
    {"wasi:*", NULL,
     "the guest was built for WASI 0.2: build it for WASI preview 1 (wasm32-wasip1)"},
    {"gojs", NULL,
     "the guest was built by Go for JavaScript hosts: build it by TinyGo with "
     "-target=wasm-unknown"},
    {"go", NULL,
     "the guest was built by Go for JavaScript hosts: build it by TinyGo with "
     "-target=wasm-unknown"},
    {"wbg", NULL,
     "the guest was built with wasm-bindgen for JavaScript hosts: build it as a plain cdylib"},
    {"__wbindgen*", NULL,
     "the guest was built with wasm-bindgen for JavaScript hosts: build it as a plain cdylib"},
    {"wasm:*", NULL,
     "the guest uses built-in functions of JavaScript hosts: compile it without them"},
    {"env", "seed", "AssemblyScript: compile with --use seed= or give a seed of your own"},
    {"env", "memory", "link without --import-memory, so that the guest brings its memory"},
    {"env", "__linear_memory", "this is an object file: link it with wasm-ld first"},
    {"env", "__indirect_function_table", "link without --import-table"},
    {"env", "__memory_base", "this is a dynamic library: link the guest without -shared"},
    {"GOT.*", NULL, "this is a dynamic library: link the guest without -shared"},
    {"env", "emscripten_*",
     "the guest was built by Emscripten for JavaScript hosts: "
     "build it with clang --target=wasm32 -nostdlib"},
    {"env", "__cxa_*", "link the guest with its C++ runtime, or compile it with -fno-exceptions"},
    {"dagger", NULL, "module \"dagger\" has open, close, read, write and flush"},
    {"env", NULL,
     "functions that are defined nowhere become imports: link without "
     "--allow-undefined to see where they are used"},
};

enum { HINT_COUNT = sizeof hints / sizeof *hints, SHOWN_IMPORTS = 20, SHOWN_GROUPS = 4 };

static bool matches(struct module_text text, const char *pattern)
{
    size_t len = pattern ? strlen(pattern) : 0;

    if (!pattern)
        return true;
    if (len > 0 && pattern[len - 1] == '*')
        return text.len >= len - 1 && memcmp(text.data, pattern, len - 1) == 0;
    return module_text_is(text, pattern);
}

static size_t hint_of_import(const struct module_import *import)
{
    size_t i = 0;

    while (i < HINT_COUNT &&
           !(matches(import->module, hints[i].module) && matches(import->name, hints[i].name)))
        i++;
    return i;
}

static bool same_text(struct module_text a, struct module_text b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* One line of the message: the import as it is, and what it should be if we know. */
static void print_refused(const struct module *module, const struct module_import *import,
                          FILE *out)
{
    const struct call *call = call_of_import(import);

    fputs("\n    ", out);
    import_print(module, import, out);
    if (call) {
        fputs(", expected ", out);
        call_print_type(call, out);
    }
}

/* The first few refused imports, those of one module together. */
static void print_grouped(const struct module *module, const struct module_import **shown,
                          size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        struct module_text group = shown[i] ? shown[i]->module : (struct module_text){NULL, 0};

        for (size_t j = i; shown[i] && j < count; j++) {
            if (j != i && (!shown[j] || !same_text(group, shown[j]->module)))
                continue;
            print_refused(module, shown[j], out);
            if (j != i)
                shown[j] = NULL;
        }
    }
}

/* What is not shown, counted by import module; a few modules, then only their sum. */
static void print_rest(const struct module *module, uint32_t rest, FILE *out)
{
    struct module_text groups[SHOWN_GROUPS];
    uint32_t counts[SHOWN_GROUPS] = {0};
    uint32_t seen = 0, counted = 0;
    size_t group_count = 0;
    char name[128];

    for (uint32_t i = 0; i < module->import_count; i++) {
        const struct module_import *import = &module->imports[i];
        size_t group = 0;

        if (import_is_call(module, import) || seen++ < SHOWN_IMPORTS)
            continue;
        while (group < group_count && !same_text(groups[group], import->module))
            group++;
        if (group == SHOWN_GROUPS)
            continue;
        if (group == group_count)
            groups[group_count++] = import->module;
        counts[group]++;
        counted++;
    }
    for (size_t i = 0; i < group_count; i++)
        fprintf(out, "\n    and %u more from \"%s\"", counts[i],
                text_escape(name, sizeof name, groups[i].data, groups[i].len));
    if (counted < rest)
        fprintf(out, "\n    and %u more", rest - counted);
}

/* What is not there can trap when it is called, if it is a function. */
static bool is_refused(const struct module *module, const struct module_import *import,
                       const struct module_wishes *wishes)
{
    return !import_is_call(module, import) &&
           !(wishes->allow_undefined && import->kind == EXTERN_FUNC);
}

static int check_imports(const struct module *module, const struct module_wishes *wishes)
{
    const struct module_import *shown[SHOWN_IMPORTS];
    bool hinted[HINT_COUNT + 1] = {false};
    uint32_t refused = 0, functions = 0;
    char *text = NULL;
    size_t size = 0;
    FILE *out;

    for (uint32_t i = 0; i < module->import_count; i++) {
        const struct module_import *import = &module->imports[i];

        if (!is_refused(module, import, wishes))
            continue;
        if (refused < SHOWN_IMPORTS)
            shown[refused] = import;
        hinted[hint_of_import(import)] = true;
        functions += import->kind == EXTERN_FUNC;
        refused++;
    }
    if (refused == 0)
        return 0;
    out = alloc_stream(&text, &size);
    print_grouped(module, shown, refused < SHOWN_IMPORTS ? refused : SHOWN_IMPORTS, out);
    if (refused > SHOWN_IMPORTS)
        print_rest(module, refused - SHOWN_IMPORTS, out);
    alloc_stream_close(out, &text);
    diag_error("%u import%s not part of the Dagger ABI%s", refused, refused == 1 ? " is" : "s are",
               text);
    free(text);
    for (size_t i = 0; i < HINT_COUNT; i++)
        if (hinted[i])
            diag_note("%s", hints[i].text);
    if (functions == refused)
        diag_note("--allow-undefined-imports makes each function a trap when it is called");
    return -1;
}

/* Why a feature is refused, and what to do. */
static void report_feature(const struct module *module, const struct module_wishes *wishes, int i)
{
    bool elsewhere = wishes->interpreter && (wishes->compiled & (feature_set)1 << i);

    if (elsewhere) {
        diag_at(module->feature_offsets[i],
                "the module uses %s, which the interpreter does not run", features[i].name);
        diag_note("daggercc compiles it");
        return;
    }
    diag_at(module->feature_offsets[i], "the module uses %s, which %s%s is not trusted with: %s",
            features[i].name, wishes->interpreter ? "daggercc" : "wasm2c ",
            wishes->interpreter ? ""
            : wishes->wasm2c    ? wishes->wasm2c
                                : "here",
            features[i].reason);
    diag_note("%s", features[i].remedy);
}

/* All features at once, so that the guest's author has to rebuild once. */
static int check_features(const struct module *module, const struct module_wishes *wishes)
{
    feature_set refused = module->features & ~wishes->trusted;
    char text[256];

    for (int i = 0; i < FEATURE_COUNT; i++) {
        if (refused & (feature_set)1 << i)
            report_feature(module, wishes, i);
    }
    if (refused && module->producers.len > 0)
        diag_note("the module was made by: %s",
                  text_escape(text, sizeof text, module->producers.data, module->producers.len));
    if (refused && module->target_features.len > 0)
        diag_note("it was compiled with the target features: %s",
                  text_escape(text, sizeof text, module->target_features.data,
                              module->target_features.len));
    return refused ? -1 : 0;
}

static const struct module_export *find_export(const struct module *module, const char *name)
{
    for (uint32_t i = 0; i < module->export_count; i++)
        if (module_text_is(module->exports[i].name, name))
            return &module->exports[i];
    return NULL;
}

/* How the runtime calls an exported function. */
enum calling { CALL_BARE, CALL_ENTRY, CALL_INVOKED };

static const char *const calling_types[] = {
    [CALL_BARE] = "(func)",
    [CALL_ENTRY] = "(func), (func (result i32)), (func (param i32 i32)) or "
                   "(func (param i32 i32) (result i32))",
    [CALL_INVOKED] = "one with i32, i64, f32 and f64 only, at most 32 of them",
};

static bool are_numbers(const uint8_t *types, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (types[i] < TYPE_F64 || types[i] > TYPE_I32)
            return false;
    return true;
}

static bool can_call(const struct module_functype *type, enum calling calling)
{
    enum { NUMBERS_MAX = 32 };
    static const uint8_t i32s[] = {TYPE_I32, TYPE_I32};

    if (calling == CALL_INVOKED)
        return type->param_count <= NUMBERS_MAX && type->result_count <= NUMBERS_MAX &&
               are_numbers(type->params, type->param_count) &&
               are_numbers(type->results, type->result_count);
    if (type->param_count == 0 && type->result_count == 0)
        return true;
    return calling == CALL_ENTRY && type->result_count <= 1 &&
           (type->param_count == 0 || type->param_count == 2) &&
           memcmp(type->params, i32s, type->param_count) == 0 &&
           memcmp(type->results, i32s, type->result_count) == 0;
}

/* An exported function that the runtime calls must be the guest's own and have a type for that. */
static int check_entry(const struct module *module, const struct module_export *export,
                       enum calling calling, uint32_t *index)
{
    const struct module_functype *type;
    char name[128], *found = NULL;
    size_t size;
    FILE *out;

    text_escape(name, sizeof name, export->name.data, export->name.len);
    if (export->kind != EXTERN_FUNC) {
        diag_at(export->offset, "the export \"%s\" is not a function, expected %s", name,
                calling_types[calling]);
        return -1;
    }
    if (export->index < module->functions.imported) {
        diag_at(export->offset,
                "the export \"%s\" is an imported function, expected one of the "
                "guest's own",
                name);
        return -1;
    }
    type = &module->types[module->function_types[export->index]];
    if (can_call(type, calling)) {
        *index = export->index;
        return 0;
    }
    out = alloc_stream(&found, &size);
    functype_print(type, out);
    alloc_stream_close(out, &found);
    diag_at(export->offset, "the export \"%s\" has the type %s, expected %s", name, found,
            calling_types[calling]);
    free(found);
    return -1;
}

static int choose_entry(struct module *module, const struct module_wishes *wishes)
{
    static const char *const dagger[] = {"dagger_main", "main", "_start"};
    static const char *const wasi[] = {"dagger_main", "_start", "main"};
    const char *const *names = module->imports_wasi ? wasi : dagger;
    const struct module_export *export = find_export(module, "_initialize");
    char name[128];

    if (!wishes->library && export &&
        check_entry(module, export, CALL_BARE, &module->initialize) != 0)
        return -1;
    export = NULL;
    if (wishes->entry) {
        export = find_export(module, wishes->entry);
        if (!export) {
            diag_error("no export \"%s\" in the module, which --%s names",
                       text_escape(name, sizeof name, wishes->entry, strlen(wishes->entry)),
                       wishes->invoke ? "invoke" : "entry");
            return -1;
        }
    }
    for (size_t i = 0; !export && i < sizeof dagger / sizeof *dagger; i++)
        export = find_export(module, names[i]);
    if (wishes->library && !wishes->entry)
        return 0;
    if (!export) {
        diag_error("the module has no entry point: none of its exports is called dagger_main, main "
                   "or _start");
        diag_note("name the function to start with by --entry, or export one of these "
                  "(clang: -Wl,--export=main, Rust: #[no_mangle] pub extern \"C\" fn main)");
        return -1;
    }
    return check_entry(module, export, wishes->invoke ? CALL_INVOKED : CALL_ENTRY, &module->entry);
}

/* The exported "memory", or the only one. A guest without any may still import the calls: every
 * range is outside its memory then. */
static int choose_memory(struct module *module)
{
    const struct module_export *export = find_export(module, "memory");
    const struct module_import *needs = NULL;
    uint32_t memories = module->memory_counts.total;

    if (export && export->kind == EXTERN_MEMORY)
        module->memory = export->index;
    else if (memories == 1)
        module->memory = 0;
    for (uint32_t i = 0; i < module->import_count && !needs; i++) {
        const struct call *call = call_of_import(&module->imports[i]);

        /* Of one number, it is a descriptor or a status. */
        if (call && call->params > 1 && call->results > 0)
            needs = &module->imports[i];
    }
    if (!needs || memories == 0)
        return 0;
    if (module->memory == UINT32_MAX) {
        diag_at(needs->offset,
                "the guest has %u memories and exports none as \"memory\", so that the calls can't "
                "know which is meant",
                memories);
        return -1;
    }
    if (module->memories[module->memory].is64) {
        diag_at(needs->offset,
                "the memory that the calls work on is a 64-bit one, expected 32-bit");
        return -1;
    }
    return 0;
}

int module_check(struct module *module, const struct module_wishes *wishes)
{
    int imports = check_imports(module, wishes), used = check_features(module, wishes);

    module->entry = module->initialize = module->memory = UINT32_MAX;
    if (imports != 0 || used != 0)
        return -1;
    for (uint32_t i = 0; i < module->import_count; i++) {
        const struct call *call = call_of_import(&module->imports[i]);

        module->imports_wasi |= call && call_is_wasi(call);
    }
    if (choose_entry(module, wishes) != 0)
        return -1;
    return choose_memory(module);
}
