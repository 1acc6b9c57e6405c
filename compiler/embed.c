#include "embed.h"

#include <dagger/embed.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"
#include "embed_write.h"
#include "glue_parts.h"
#include "temp.h"

static const char source_head[] = "#include \"embed_glue.h\"\n"
                                  "\n"
                                  "#include \"guest.h\"\n"
                                  "#include \"" EMBED_HEADER "\"\n"
                                  "\n";

static const char source_instance[] =
    "static void instantiate(void *guest, struct w2c_dagger *imports)\n"
    "{\n"
    "    (void)imports;\n"
    "    wasm2c_guest_instantiate(guest%s);\n"
    "}\n"
    "\n"
    "static void release(void *guest)\n"
    "{\n"
    "    wasm2c_guest_free(guest);\n"
    "}\n"
    "\n";

static const char source_memory[] = "static wasm_rt_memory_t *memory(void *guest)\n"
                                    "{\n"
                                    "    return w2c_guest_memory(guest);\n"
                                    "}\n"
                                    "\n";

static const char source_initialize[] = "static void initialize(void *guest, void *none)\n"
                                        "{\n"
                                        "    (void)none;\n"
                                        "    w2c_guest_export_%u(guest);\n"
                                        "}\n"
                                        "\n";

static const char source_fuel[] = "static uint64_t exchange_fuel(void *guest, uint64_t left)\n"
                                  "{\n"
                                  "    return w2c_guest_fuel(guest, left);\n"
                                  "}\n"
                                  "\n";

static const char source_start[] = "static void start(void *guest)\n"
                                   "{\n"
                                   "    w2c_guest_start(guest);\n"
                                   "}\n"
                                   "\n";

static const char source_module[] = "const struct dagger_module %s_module = {\n"
                                    "    .version = DAGGER_EMBED_VERSION,\n"
                                    "    .size = sizeof(struct dagger_module),\n"
                                    "    .instance_size = sizeof(w2c_guest),\n"
                                    "    .instantiate = instantiate,\n"
                                    "    .release = release,\n"
                                    "    .initialize = %s,\n"
                                    "    .memory = %s,\n"
                                    "    .max_memory = %" PRIu64 "u,\n"
                                    "    .max_table = %" PRIu64 "u,\n"
                                    "    .max_streams = %" PRIu64 "u,\n"
                                    "    .max_stream_bytes = %" PRIu64 "u,\n"
                                    "    .fuel = %" PRIu64 "u,\n"
                                    "    .exchange_fuel = %s,\n"
                                    "    .start = %s,\n"
                                    "    .memory_mode = %s,\n"
                                    "    .processor = DAGGER_PROCESSOR,\n"
                                    "    .streams = %s,\n"
                                    "    .wasi = %s,\n"
                                    "};\n"
                                    "\n";

static const char header_head[] =
    "/* The WebAssembly module \"%s\" for C and C++ programs. Made by daggercc " DAGGER_VERSION
    " --emit=archive.\n"
    " *\n"
    " * First what is the same for all such modules, then the functions of this one.\n"
    " */\n";

static const char header_module[] =
    "\n"
    "#ifndef DAGGER_MODULE_%s\n"
    "#define DAGGER_MODULE_%s\n"
    "#if DAGGER_EMBED_VERSION != %d\n"
    "#error \"the headers of two modules are of different versions of daggercc\"\n"
    "#endif\n"
    "#ifdef __cplusplus\n"
    "extern \"C\" {\n"
    "#endif\n"
    "\n"
    "/* For dagger_instance_new(&%s_module, options, &instance). */\n"
    "extern const struct dagger_module %s_module;\n"
    "\n"
    "/* What the module exports. Each function returns 0, or another enum dagger_result; then "
    "nothing\n"
    " * is stored. Where results are stored may be NULL. */\n";

static const char header_tail[] = "\n"
                                  "#ifdef __cplusplus\n"
                                  "}\n"
                                  "#endif\n"
                                  "#endif\n";

/* The text all modules' headers have, as it is installed. */
static int copy_common(const struct embed *embed, FILE *out)
{
    char *path = alloc_format("%s/dagger/embed.h", embed->include);
    FILE *in = fopen(path, "r");
    char buffer[4096];
    size_t len;
    int result = 0;
    if (in == NULL) {
        diag_error("can't read '%s':", text_shown(path));
        result = -1;
    }
    while (in != NULL && (len = fread(buffer, 1, sizeof buffer, in)) > 0)
        fwrite(buffer, 1, len, out);
    if (in != NULL)
        fclose(in);
    free(path);
    return result;
}

/* The number of the export "_initialize", a function of nothing; UINT32_MAX: there is none. */
uint32_t embed_initialize(const struct module *module)
{
    static const char name[] = "_initialize";
    for (uint32_t i = 0; i < module->export_count; i++) {
        const struct module_export *export = &module->exports[i];
        if (export->kind != EXTERN_FUNC || export->name.len != sizeof name - 1 ||
            memcmp(export->name.data, name, sizeof name - 1) != 0)
            continue;
        const struct module_functype *type = &module->types[module->function_types[export->index]];
        return type->param_count == 0 && type->result_count == 0 ? i : UINT32_MAX;
    }
    return UINT32_MAX;
}

static void write_instance(const struct embed *embed, FILE *out)
{
    const struct module *module = embed->module;
    uint32_t initialize = embed_initialize(module);
    bool has_memory = module->memory != UINT32_MAX, has_streams = glue_needs_streams(module);
    bool starts = embed->fuel > 0 && module->has_start;
    glue_write_imports(module, out);
    fprintf(out, source_instance, module->import_count > 0 ? ", imports" : "");
    if (has_memory)
        fputs(source_memory, out);
    if (initialize != UINT32_MAX)
        fprintf(out, source_initialize, initialize);
    fputs(embed->fuel > 0 ? source_fuel : "", out);
    fputs(starts ? source_start : "", out);
    fprintf(out, source_module, embed->prefix, initialize != UINT32_MAX ? "initialize" : "0",
            has_memory ? "memory" : "0", embed->max_memory, embed->limits->table,
            embed->limits->streams, embed->limits->stream_bytes, embed->fuel,
            embed->fuel > 0 ? "exchange_fuel" : "0", starts ? "start" : "0",
            embed->memory == MEMORY_CHECKED ? "DAGGER_MEMORY_CHECKED" : "DAGGER_MEMORY_GUARD",
            has_streams ? "&dagger_embedded_streams" : "0",
            has_streams && module->imports_wasi ? "dagger_embedded_wasi" : "0");
}

int embed_write(const struct embed *embed)
{
    static const char *const names[] = {EMBED_NAME ".c", EMBED_HEADER, EMBED_KEPT};
    FILE *files[3] = {NULL, NULL, NULL};
    int result = 0;
    for (int i = 0; i < 3 && result == 0; i++) {
        files[i] = temp_create(names[i]);
        result = files[i] != NULL ? 0 : -1;
    }
    if (result == 0) {
        struct embed_files out = {files[0], files[1], files[2]};
        const char *prefix = embed->prefix;
        fputs(source_head, out.source);
        write_instance(embed, out.source);
        fprintf(out.kept, "%s_module\n", prefix);
        fprintf(out.header, header_head, prefix);
        result = copy_common(embed, out.header);
        fprintf(out.header, header_module, prefix, prefix, DAGGER_EMBED_VERSION, prefix, prefix);
        if (result == 0)
            result = embed_write_exports(embed, &out);
        fputs(header_tail, out.header);
    }
    for (int i = 0; i < 3; i++)
        if (files[i] != NULL && temp_close(files[i], names[i]) != 0)
            result = -1;
    return result;
}
