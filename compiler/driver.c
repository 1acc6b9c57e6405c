#include "driver.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "about.h"
#include "alloc.h"
#include "compile.h"
#include "diag.h"
#include "embed.h"
#include "functions.h"
#include "glue.h"
#include "input.h"
#include "module.h"
#include "output.h"
#include "places.h"
#include "profile.h"
#include "run.h"
#include "specialise.h"
#include "temp.h"
#include "translate.h"
#include "wasm2c.h"

/* All that one run of daggercc holds. */
struct build {
    const struct options *options;
    struct places places;
    struct input input;
    struct wasm2c wasm2c;
    struct module module;
    struct compiler compiler;
    struct profile profile;
    char *output;          /* name of the output */
    char *base;            /* generated C is BASE.c and BASE.h */
    char *header, *prefix; /* of an archive: embed_name */
    struct args parts;     /* names of the C files, without ".c" */
    bool library;          /* everything but an executable */
    bool has_data;         /* SPECIALISED_DATA is to be linked */
};

static const char *default_ending(enum emit emit)
{
    switch (emit) {
    case EMIT_OBJ:
        return ".o";
    case EMIT_ASSEMBLY:
        return ".s";
    case EMIT_C:
        return ".c";
    case EMIT_ARCHIVE:
        return ".a";
    case EMIT_EXE:
        break;
    }
    return "";
}

/* The header goes beside the C source, which names it: so the name must be one that can stand in an
 * #include line, and end in ".c". */
static int name_c_output(struct build *build)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    const char *slash = strrchr(build->output, '/');
    const char *name = slash != NULL ? slash + 1 : build->output;
    size_t len = strlen(name);
    if (len < 3 || strcmp(name + len - 2, ".c") != 0 || strspn(name, plain) != len ||
        name[0] == '-') {
        diag_error("--emit=c writes a C source and a header of the same name; its output must end "
                   "in '.c' and have letters, digits, '_', '-' and '.' only");
        diag_note("-o FILE.c gives another name");
        return -1;
    }
    build->base = alloc_format("%.*s", (int)len - 2, name);
    return 0;
}

static char *default_output(const struct options *options)
{
    char *name = input_base_name(options->input, default_ending(options->emit));
    if (options->emit != EMIT_ARCHIVE || strncmp(name, "lib", 3) == 0)
        return name;
    char *library = alloc_format("lib%s", name);
    free(name);
    return library;
}

static int choose_output(struct build *build)
{
    const struct options *options = build->options;
    build->output =
        options->output != NULL ? alloc_copy_text(options->output) : default_output(options);
    if (options->emit == EMIT_C && name_c_output(build) != 0)
        return -1;
    if (options->emit == EMIT_ARCHIVE &&
        (embed_name(build->output, &build->header, &build->prefix) != 0 ||
         output_check(build->header, options->input) != 0))
        return -1;
    if (options->emit != EMIT_C)
        build->base = alloc_copy_text("guest");
    return output_check(build->output, options->input);
}

/* One name for headers wherever daggercc is installed: it is in debug information. */
static int link_headers(const char *name, const char *folder, const char *inner)
{
    char *link = temp_path(name), *target = alloc_format("%s/%s", folder, inner);
    unlink(link);
    int result = symlink(target, link);
    if (result != 0)
        diag_error("can't create a link in the temporary folder:");
    free(link);
    free(target);
    return result;
}

static int open_temp(const struct build *build)
{
    const struct options *options = build->options;
    char *kept = NULL;
    if (options->save_temps && options->save_temps_dir != NULL)
        kept = alloc_copy_text(options->save_temps_dir);
    else if (options->save_temps)
        kept = alloc_format("%s.temps", strcmp(build->output, "-") == 0 ? "a.out" : build->output);
    const char *dir = temp_open(kept);
    free(kept);
    if (dir == NULL)
        return -1;
    run_set_dir(dir);
    if (options->verbose || options->dry_run) {
        struct args cd = ARGS_EMPTY;
        args_add(&cd, "cd");
        args_add(&cd, dir);
        args_print(&cd, stderr);
        args_release(&cd);
    }
    if (link_headers("include", build->places.include, "dagger") != 0)
        return -1;
    return options->target != NULL ? link_headers(TARGET_INCLUDE, build->places.library, "include")
                                   : 0;
}

static int read_module(struct build *build)
{
    const struct options *options = build->options;
    bool text = input_is_text(&build->input);
    if (!options->print_imports || text) {
        if (wasm2c_find(&build->wasm2c, options->wasm2c, &build->places, options->verbose) != 0 ||
            open_temp(build) != 0)
            return -1;
    }
    if (text && translate_text(&build->input, options->input, &build->wasm2c) != 0)
        return -1;
    return module_read(&build->module, build->input.bytes, build->input.size);
}

/* What the module has from the start must fit what it may have at most. */
static int check_max_memory(const struct build *build)
{
    uint64_t most = build->options->max_memory, least = 0;
    for (uint32_t i = 0; i < build->module.memory_counts.total; i++)
        least += build->module.memories[i].min * 65536;
    if (most == 0 || least <= most)
        return 0;
    diag_error("the module starts with %llu bytes of memory, --max-memory allows %llu",
               (unsigned long long)least, (unsigned long long)most);
    return -1;
}

static uint64_t table_elements(const struct build *build)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < build->module.table_counts.total; i++)
        count += build->module.tables[i].min;
    return count;
}

static int check_max_table(const struct build *build)
{
    uint64_t most = build->options->limits.table, least = table_elements(build);
    if (most == 0 || least <= most)
        return 0;
    diag_error("the module's tables start with %llu elements, --max-table allows %llu",
               (unsigned long long)least, (unsigned long long)most);
    return -1;
}

static int check_module(struct build *build)
{
    struct module_wishes wishes = {
        .entry = build->options->entry,
        .invoke = build->options->invoke,
        .allow_undefined = build->options->allow_undefined,
        .library = build->library,
        .trusted = build->wasm2c.version->trusted,
        .wasm2c = build->wasm2c.version->text,
    };
    if (module_check(&build->module, &wishes) != 0)
        return -1;
    return check_max_memory(build) == 0 ? check_max_table(build) : -1;
}

/* `specialised`: as one file, which is then made into the parts. */
static int run_translate(struct build *build, bool specialised)
{
    struct translation translation = {
        .wasm2c = &build->wasm2c,
        .module = &build->module,
        .library = build->library,
        .numbered = build->options->emit == EMIT_ARCHIVE,
        .names = build->options->debug,
        .fuel = build->options->fuel > 0,
        .base = specialised ? TRANSLATED : build->base,
        .parts = specialised ? 1 : (unsigned)build->parts.count,
        .cpu_seconds = build->options->wasm2c_seconds,
        .data_bytes = build->options->wasm2c_bytes,
    };
    return translate(&translation);
}

static void name_parts(struct build *build)
{
    enum emit emit = build->options->emit;
    bool whole = emit == EMIT_C || emit == EMIT_ASSEMBLY;
    unsigned count = whole ? 1 : translate_parts(&build->module);
    for (unsigned i = 0; i < count; i++) {
        if (count == 1)
            args_add(&build->parts, build->base);
        else
            args_add_format(&build->parts, "%s_%u", build->base, i);
    }
}

/* Returns 0; 1 if it has to be done without. */
static int translate_specialised(struct build *build)
{
    struct specialisation how = {
        .parts = &build->parts,
        .library = build->library,
        .memory = build->compiler.memory,
        .single_memory = build->module.memory_counts.total <= 1,
        .uses_simd = build->compiler.uses_simd,
        .relaxed_loads = build->options->relaxed_loads,
    };
    if (run_translate(build, true) != 0)
        return -1;
    int result = build->options->dry_run ? 0 : specialise(&how);
    build->compiler.specialised = result == 0 && !build->library;
    build->has_data = result == 0 && build->module.data_count > 0;
    if (build->has_data)
        result = compiler_assemble(&build->compiler, SPECIALISED_DATA);
    return result;
}

/* Fixed where it can be, unless something else was asked for. */
static int choose_memory(struct build *build)
{
    enum memory_mode wanted = build->options->memory;
    uint32_t memories = build->module.memory_counts.total;
    if (wanted == MEMORY_FIXED && memories > 1) {
        diag_error("--memory=fixed is for modules with one memory; this one has %u", memories);
        diag_note("leave it out, or compile with --memory=guard");
        return -1;
    }
    if (wanted == MEMORY_FIXED && !build->library && !build->compiler.is_for_x86_64) {
        diag_error("--memory=fixed is for x86-64, which the C compiler does not compile for");
        diag_note("leave it out, or compile with --memory=guard");
        return -1;
    }
    bool can = memories <= 1 && !build->library && build->compiler.is_for_x86_64;
    if (wanted == MEMORY_DEFAULT || wanted == MEMORY_FIXED)
        wanted = can ? MEMORY_FIXED : MEMORY_GUARD;
    build->compiler.memory = wanted;
    return 0;
}

/* A small object is compiled as wasm2c writes it. A compiler takes some hundred bytes of memory and
 * its time for each byte of a C array, so more data goes as binary. */
static bool stays_as_translated(const struct build *build)
{
    enum { SMALL_DATA = 16384 };
    bool whole = build->options->emit == EMIT_C || build->options->emit == EMIT_ASSEMBLY;
    return build->library &&
           (whole || (build->parts.count == 1 && build->module.data_size <= SMALL_DATA));
}

static int translate_module(struct build *build)
{
    name_parts(build);
    if (stays_as_translated(build))
        return run_translate(build, false);
    int result = translate_specialised(build);
    if (result <= 0)
        return result;
    if (build->options->verbose)
        diag_note("this wasm2c writes C that is not known here; compiling it as it is");
    if (build->compiler.memory == MEMORY_FIXED)
        build->compiler.memory = MEMORY_GUARD;
    return run_translate(build, false);
}

static int deliver(const struct build *build, const char *name, const char *output)
{
    if (build->options->dry_run)
        return 0;
    char *path = temp_path(name);
    int result = output_deliver(path, output, build->options->emit == EMIT_EXE);
    free(path);
    return result;
}

/* The header first: where there is a new source, its header is there too. */
static int deliver_c(const struct build *build)
{
    char *source = alloc_format("%s.c", build->base), *header = alloc_format("%s.h", build->base);
    char *output = alloc_format("%.*s.h", (int)strlen(build->output) - 2, build->output);
    int result = -1;
    if (output_check(output, build->options->input) == 0 && deliver(build, header, output) == 0)
        result = deliver(build, source, build->output);
    free(output);
    free(header);
    free(source);
    return result;
}

static int link_executable(struct build *build, const struct function_names *names)
{
    const struct options *options = build->options;
    char *about =
        about_make(&build->compiler, &build->module, &build->input, build->wasm2c.version->text);
    struct glue glue = {
        .module = &build->module,
        .specialised = build->compiler.specialised,
        .memory = build->compiler.memory,
        .is_static = options->is_static,
        .invoke = options->invoke,
        .directories = &options->directories,
        .environment = &options->environment,
        .policy = &options->policy,
        .about = about,
        .max_memory = options->max_memory,
        .deny_private = options->deny_private,
        .sandbox = options->sandbox,
        .fuel = options->fuel,
        .limits = &options->limits,
        .table_elements = table_elements(build),
        .function_table = names->table_size,
        .profile = options->profile_generate ? build->profile.name : NULL,
        .profile_folder = build->profile.folder,
    };
    int written = glue_write(&glue);
    free(about);
    if (written != 0)
        return -1;
    args_add(&build->parts, GLUE_NAME);
    if (compiler_compile(&build->compiler, &build->parts, false) != 0)
        return -1;
    if (build->has_data)
        args_add(&build->parts, SPECIALISED_DATA);
    if (compiler_link(&build->compiler, &build->parts) != 0)
        return -1;
    char *linked = temp_path(OUT_FILE);
    int result = options->dry_run ? 0 : functions_fill(linked, names);
    free(linked);
    if (result == 0 && options->strip)
        result = compiler_strip(&build->compiler);
    return result == 0 ? deliver(build, OUT_FILE, build->output) : -1;
}

static int make_executable(struct build *build)
{
    struct function_names names;
    if (profile_prepare(&build->profile, &build->compiler, &build->input, &build->parts) != 0)
        return -1;
    function_names_init(&names, &build->module);
    int result = link_executable(build, &names);
    function_names_release(&names);
    return result;
}

static int make_assembly(struct build *build)
{
    if (compiler_compile(&build->compiler, &build->parts, true) != 0)
        return -1;
    return deliver(build, "guest.s", build->output);
}

static int make_object(struct build *build)
{
    if (compiler_compile(&build->compiler, &build->parts, false) != 0)
        return -1;
    if (build->has_data)
        args_add(&build->parts, SPECIALISED_DATA);
    if (build->parts.count == 1)
        return deliver(build, "guest.o", build->output);
    if (compiler_join(&build->compiler, &build->parts) != 0)
        return -1;
    return deliver(build, OUT_FILE, build->output);
}

/* The header first: where there is a new archive, its header is there too. */
static int make_archive(struct build *build)
{
    struct embed embed = {
        .module = &build->module,
        .prefix = build->prefix,
        .include = build->places.include,
        .memory = build->compiler.memory,
        .max_memory = build->options->max_memory,
        .fuel = build->options->fuel,
        .limits = &build->options->limits,
    };
    if (embed_write(&embed) != 0)
        return -1;
    args_add(&build->parts, EMBED_NAME);
    if (compiler_compile(&build->compiler, &build->parts, false) != 0)
        return -1;
    if (build->has_data)
        args_add(&build->parts, SPECIALISED_DATA);
    if (compiler_join(&build->compiler, &build->parts) != 0 ||
        compiler_archive(&build->compiler, EMBED_KEPT, build->prefix) != 0 ||
        deliver(build, EMBED_HEADER, build->header) != 0)
        return -1;
    return deliver(build, ARCHIVE_FILE, build->output);
}

/* What is linked with it. */
static int check_runtime(const struct build *build)
{
    const struct options *options = build->options;
    bool links = options->emit == EMIT_EXE || options->emit == EMIT_ARCHIVE;
    return options->target == NULL || !links
               ? 0
               : target_check_runtime(options->target, &build->places);
}

static int compile_module(struct build *build)
{
    const struct options *options = build->options;
    if (options->emit == EMIT_C)
        return translate_module(build) == 0 ? deliver_c(build) : -1;
    if (compiler_init(&build->compiler, options, &build->places) != 0)
        return -1;
    build->compiler.library = build->library;
    build->compiler.hidden = options->emit == EMIT_ARCHIVE;
    build->compiler.deepest_block = build->module.deepest_block + (options->fuel > 0);
    build->compiler.uses_simd = (build->module.features & FEATURE(SIMD)) != 0;
    build->compiler.wasm2c_version = build->wasm2c.version->number;
    if (compiler_identify(&build->compiler) != 0 || check_runtime(build) != 0 ||
        choose_memory(build) != 0 || translate_module(build) != 0)
        return -1;
    switch (options->emit) {
    case EMIT_OBJ:
        return make_object(build);
    case EMIT_ARCHIVE:
        return make_archive(build);
    case EMIT_ASSEMBLY:
        return make_assembly(build);
    default:
        return make_executable(build);
    }
}

static int run_build(struct build *build)
{
    const struct options *options = build->options;
    build->library = options->emit != EMIT_EXE;
    if (choose_output(build) != 0 || places_find(&build->places) != 0)
        return -1;
    if (options->target != NULL)
        target_set_places(options->target, &build->places);
    if (input_read(&build->input, options->input) != 0 || read_module(build) != 0)
        return -1;
    if (options->print_imports) {
        module_print_imports(&build->module, stdout);
        return 0;
    }
    return check_module(build) == 0 ? compile_module(build) : -1;
}

int driver_run(const struct options *options)
{
    struct build build = {.options = options};
    diag_setup("daggercc", strcmp(options->input, "-") == 0 ? "standard input" : options->input);
    int result = run_build(&build);
    args_release(&build.parts);
    compiler_release(&build.compiler);
    profile_release(&build.profile);
    module_release(&build.module);
    wasm2c_release(&build.wasm2c);
    input_release(&build.input);
    places_release(&build.places);
    free(build.base);
    free(build.header);
    free(build.prefix);
    free(build.output);
    return result;
}
