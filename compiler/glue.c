#include "glue.h"

#include <inttypes.h>
#include <stdio.h>

#include "temp.h"

static const char head[] =
    "#include \"start.h\"\n"
    "\n"
    "#include \"functions.h\"\n"
    "#include \"guest.h\"\n"
    "\n"
    "/* daggercc fills this in after linking. */\n"
    "__attribute__((section(DAGGER_FUNCTIONS_SECTION), used, aligned(4)))\n"
    "const unsigned char dagger_guest_functions[%zu] = {0x44, 0x41, 0x47, 0x46};\n"
    "\n"
    "u32 w2c_dagger_open(struct w2c_dagger *imports, u32 url, u32 len)\n"
    "{\n"
    "    return dagger_call_open(imports, url, len);\n"
    "}\n"
    "u32 w2c_dagger_close(struct w2c_dagger *imports, u32 sd)\n"
    "{\n"
    "    return dagger_call_close(imports, sd);\n"
    "}\n"
    "u32 w2c_dagger_read(struct w2c_dagger *imports, u32 sd, u32 data, u32 len)\n"
    "{\n"
    "    return dagger_call_read(imports, sd, data, len);\n"
    "}\n"
    "u32 w2c_dagger_write(struct w2c_dagger *imports, u32 sd, u32 data, u32 len)\n"
    "{\n"
    "    return dagger_call_write(imports, sd, data, len);\n"
    "}\n"
    "u32 w2c_dagger_flush(struct w2c_dagger *imports, u32 sd)\n"
    "{\n"
    "    return dagger_call_flush(imports, sd);\n"
    "}\n"
    "/* AssemblyScript's env.abort. */\n"
    "void w2c_dagger_abort(struct w2c_dagger *imports, u32 text, u32 file, u32 line, u32 column)\n"
    "{\n"
    "    (void)imports, (void)text, (void)file, (void)line, (void)column;\n"
    "    wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);\n"
    "}\n"
    "\n"
    "%s"
    "\n"
    "static void instantiate(void *guest, struct w2c_dagger *imports)\n"
    "{\n"
    "    (void)guest, (void)imports;\n"
    "    wasm2c_guest_instantiate(%s%s%s);\n"
    "}\n"
    "\n"
    "static int32_t entry(void *guest)\n"
    "{\n"
    "    (void)guest;\n"
    "    %sw2c_guest_entry(%s%s%s);\n"
    "%s"
    "}\n"
    "\n";

/* What stands before a call's other arguments. */
static const char plain_instance[] = "static w2c_guest instance;\n"
                                     "#define INSTANCE guest\n";
static const char specialised_instance[] = "static char instance;\n"
                                           "#define INSTANCE\n";

static const char initialize[] = "static void initialize(void *guest)\n"
                                 "{\n"
                                 "    w2c_guest_initialize(INSTANCE);\n"
                                 "}\n"
                                 "\n";

static const char memory[] = "static wasm_rt_memory_t *memory(void *guest)\n"
                             "{\n"
                             "    return w2c_guest_memory(INSTANCE);\n"
                             "}\n"
                             "\n";

/* Taking the name here keeps the archive's own definition, and what it needs, out of the link. */
static const char without_http[] =
    "int dagger_http_open(const void *host, const void *url, void *out)\n"
    "{\n"
    "    (void)host, (void)url, (void)out;\n"
    "    return -18; /* UNAVAIL */\n"
    "}\n"
    "\n";

/* The folder is a string of octal escapes. */
static const char profile_head[] = "#include \"profile.h\"\n"
                                   "\n"
                                   "static void ended(void)\n"
                                   "{\n"
                                   "    static const struct dagger_profile profile = {\n"
                                   "        .folder = ";
static const char profile_tail[] = ",\n"
                                   "        .name = \"%s\",\n"
                                   "        .write = dagger_profile_write,\n"
                                   "    };\n"
                                   "    dagger_profile_end(&profile);\n"
                                   "}\n"
                                   "\n";

static const char tail[] = "int main(int argc, char **argv)\n"
                           "{\n"
                           "    static const struct dagger_guest guest = {\n"
                           "        .size = sizeof(struct dagger_guest),\n"
                           "        .instance = &instance,\n"
                           "        .instantiate = instantiate,\n"
                           "        .initialize = %s,\n"
                           "        .entry = entry,\n"
                           "        .memory = %s,\n"
                           "        .max_memory = %" PRIu64 "u,\n"
                           "        .memory_mode = %s,\n"
                           "        .processor = DAGGER_PROCESSOR,\n"
                           "        .ended = %s,\n"
                           "    };\n"
                           "    return dagger_start(&guest, argc, argv);\n"
                           "}\n";

static const char *separator(const char *before)
{
    return *before != 0 ? ", " : "";
}

static void write_profile(const struct glue *glue, FILE *out)
{
    const char *folder = glue->profile_folder;
    fputs(profile_head, out);
    fputs(folder != NULL ? "\"" : "0", out);
    for (; folder != NULL && *folder != 0; folder++)
        fprintf(out, "\\%03o", (unsigned)(unsigned char)*folder);
    fputs(glue->profile_folder != NULL ? "\"" : "", out);
    fprintf(out, profile_tail, glue->profile);
}

int glue_write(const struct glue *glue)
{
    static const char *const modes[] = {
        [MEMORY_FIXED] = "DAGGER_MEMORY_FIXED",
        [MEMORY_GUARD] = "DAGGER_MEMORY_GUARD",
        [MEMORY_CHECKED] = "DAGGER_MEMORY_CHECKED",
    };
    const struct module *module = glue->module;
    const struct module_functype *type = &module->types[module->function_types[module->entry]];
    FILE *out = temp_create(GLUE_FILE);
    if (out == NULL)
        return -1;
    bool returns = type->result_count > 0, initializes = module->initialize != UINT32_MAX,
         has_memory = module->memory != UINT32_MAX;
    const char *instance = glue->specialised ? "" : "guest";
    bool imports = module->import_count > 0, arguments = type->param_count > 0;
    fprintf(out, head, glue->function_table,
            glue->specialised ? specialised_instance : plain_instance, instance,
            imports ? separator(instance) : "", imports ? "imports" : "",
            returns ? "return (int32_t)" : "", instance, arguments ? separator(instance) : "",
            arguments ? "0, 0" : "", returns ? "" : "    return 0;\n");
    fputs(initializes ? initialize : "", out);
    fputs(has_memory ? memory : "", out);
    fputs(glue->without_http ? without_http : "", out);
    if (glue->profile != NULL)
        write_profile(glue, out);
    fprintf(out, tail, initializes ? "initialize" : "0", has_memory ? "memory" : "0",
            glue->max_memory, modes[glue->memory], glue->profile != NULL ? "ended" : "0");
    return temp_close(out, GLUE_FILE);
}
