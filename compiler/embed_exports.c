#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"
#include "embed_write.h"

/* The types that C has, by their byte in the binary format. */
static const struct number {
    char letter; /* wasm2c's, in the members of results */
    const char *c, *w2c;
} numbers[] = {
    [0x7c - 0x7c] = {'d', "double", "f64"},
    [0x7d - 0x7c] = {'f', "float", "f32"},
    [0x7e - 0x7c] = {'j', "int64_t", "u64"},
    [0x7f - 0x7c] = {'i', "int32_t", "u32"},
};

static const struct number *number_of(uint8_t type)
{
    return type >= 0x7c && type <= 0x7f ? &numbers[type - 0x7c] : NULL;
}

static bool has_numbers_only(const struct module_functype *type)
{
    for (uint32_t i = 0; i < type->param_count; i++)
        if (number_of(type->params[i]) == NULL)
            return false;
    for (uint32_t i = 0; i < type->result_count; i++)
        if (number_of(type->results[i]) == NULL)
            return false;
    return true;
}

/* An export's name in C. "module" would be that of the module itself. */
static void export_name(const struct module *module, uint32_t i, char name[MODULE_NAME_SIZE])
{
    const struct module_clean named = {.library = true},
                              numbered = {.library = true, .numbered = true};
    module_clean_export(module, &named, i, name);
    if (strcmp(name, "module") == 0)
        module_clean_export(module, &numbered, i, name);
}

/* "int codec_add(struct dagger_instance *instance, int32_t p0, int32_t *result)" */
static void write_signature(const char *prefix, const char *name,
                            const struct module_functype *type, FILE *out)
{
    fprintf(out, "int %s_%s(struct dagger_instance *instance", prefix, name);
    for (uint32_t i = 0; i < type->param_count; i++)
        fprintf(out, ", %s p%u", number_of(type->params[i])->c, i);
    for (uint32_t i = 0; i < type->result_count; i++) {
        fprintf(out, ", %s *result", number_of(type->results[i])->c);
        if (type->result_count > 1)
            fprintf(out, "%u", i);
    }
    fputs(")", out);
}

/* What passes the values on the guest's stack. */
static void write_passing(uint32_t export, const struct module_functype *type, FILE *out)
{
    uint32_t params = type->param_count, results = type->result_count;
    fprintf(out, "struct values_%u {\n", export);
    for (uint32_t i = 0; i < params; i++)
        fprintf(out, "    %s p%u;\n", number_of(type->params[i])->w2c, i);
    for (uint32_t i = 0; i < results; i++)
        fprintf(out, "    %s r%u;\n", number_of(type->results[i])->w2c, i);
    fputs(params + results == 0 ? "    char none;\n};\n\n" : "};\n\n", out);

    fprintf(out,
            "static void call_%u(void *guest, void *argument)\n"
            "{\n"
            "    struct values_%u *values = argument;\n"
            "    (void)values;\n    ",
            export, export);
    if (results == 1)
        fputs("values->r0 = ", out);
    if (results > 1) {
        fputs("struct wasm_multi_", out);
        for (uint32_t i = 0; i < results; i++)
            fputc(number_of(type->results[i])->letter, out);
        fputs(" results = ", out);
    }
    fprintf(out, "w2c_guest_export_%u(guest", export);
    for (uint32_t i = 0; i < params; i++)
        fprintf(out, ", values->p%u", i);
    fputs(");\n", out);
    for (uint32_t i = 0; results > 1 && i < results; i++)
        fprintf(out, "    values->r%u = results.%c%u;\n", i, number_of(type->results[i])->letter,
                i);
    fputs("}\n\n", out);
}

static void write_definition(const char *prefix, const char *name, uint32_t export,
                             const struct module_functype *type, FILE *out)
{
    uint32_t params = type->param_count, results = type->result_count;
    write_passing(export, type, out);
    write_signature(prefix, name, type, out);
    fprintf(out, "\n{\n    struct values_%u values;\n", export);
    for (uint32_t i = 0; i < params; i++)
        fprintf(out, "    values.p%u = (%s)p%u;\n", i, number_of(type->params[i])->w2c, i);
    fprintf(out,
            "    int returned = dagger_instance_call(instance, &%s_module, call_%u, &values);\n",
            prefix, export);
    for (uint32_t i = 0; i < results; i++) {
        char number[16] = "";
        if (results > 1)
            snprintf(number, sizeof number, "%u", i);
        fprintf(out, "    if (returned == 0 && result%s)\n        *result%s = (%s)values.r%u;\n",
                number, number, number_of(type->results[i])->c, i);
    }
    fputs("    return returned;\n}\n\n", out);
}

static void write_function(const struct embed *embed, uint32_t export, const char *name,
                           const struct embed_files *out)
{
    const struct module *module = embed->module;
    uint32_t index = module->exports[export].index;
    const struct module_functype *type = &module->types[module->function_types[index]];
    if (!has_numbers_only(type)) {
        fprintf(out->header, "/* Left out: export %u, a function of types that C has not. */\n",
                export);
        return;
    }
    write_signature(embed->prefix, name, type, out->header);
    fputs(";\n", out->header);
    write_definition(embed->prefix, name, export, type, out->source);
    fprintf(out->kept, "%s_%s\n", embed->prefix, name);
}

/* One of the two functions of a global. */
static void write_access(const struct embed *embed, uint32_t export, const char *name,
                         const struct number *number, bool is_set, const struct embed_files *out)
{
    FILE *const both[] = {out->header, out->source};
    const char *prefix = embed->prefix;
    for (int i = 0; i < 2; i++)
        fprintf(both[i], "int %s_%s_%s(struct dagger_instance *instance, %s %svalue)%s\n", prefix,
                is_set ? "set" : "get", name, number->c, is_set ? "" : "*", i == 0 ? ";" : "");
    fprintf(out->source,
            "{\n"
            "    void *guest = dagger_instance_guest(instance, &%s_module);\n"
            "    if (!guest)\n"
            "        return DAGGER_RESULT_WRONG_MODULE;\n",
            prefix);
    if (is_set)
        fprintf(out->source, "    *w2c_guest_export_%u(guest) = (%s)value;\n", export, number->w2c);
    else
        fprintf(out->source, "    *value = (%s)*w2c_guest_export_%u(guest);\n", number->c, export);
    fputs("    return 0;\n}\n\n", out->source);
    fprintf(out->kept, "%s_%s_%s\n", prefix, is_set ? "set" : "get", name);
}

/* The C names of exported functions, sorted. */
struct names {
    char **items;
    size_t count;
};

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct names collect_names(const struct module *module)
{
    struct names names = {alloc_zeroed((module->export_count + 1) * sizeof(char *)), 0};
    char name[MODULE_NAME_SIZE];
    for (uint32_t i = 0; i < module->export_count; i++) {
        if (module->exports[i].kind != EXTERN_FUNC)
            continue;
        export_name(module, i, name);
        names.items[names.count++] = alloc_copy_text(name);
    }
    qsort(names.items, names.count, sizeof *names.items, compare);
    return names;
}

static void names_release(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
}

/* True if a function is called "get_NAME" or "set_NAME". */
static bool is_taken(const struct names *names, const char *verb, const char *name)
{
    char *whole = alloc_format("%s_%s", verb, name);
    bool taken = bsearch(&whole, names->items, names->count, sizeof *names->items, compare) != NULL;
    free(whole);
    return taken;
}

static void write_global(const struct embed *embed, uint32_t export, const char *name,
                         const struct names *names, const struct embed_files *out)
{
    const struct module *module = embed->module;
    const struct module_global *global = &module->global_types[module->exports[export].index];
    const struct number *number = number_of(global->type);
    if (number == NULL || is_taken(names, "get", name) || is_taken(names, "set", name)) {
        fprintf(out->header, "/* Left out: export %u, a global %s. */\n", export,
                number == NULL ? "of a type that C has not" : "whose name a function has");
        return;
    }
    write_access(embed, export, name, number, false, out);
    if (global->is_mutable)
        write_access(embed, export, name, number, true, out);
}

/* wasm2c sees numbers in place of names, and can't tell. */
static int check_names(const struct names *names)
{
    for (size_t i = 1; i < names->count; i++) {
        if (strcmp(names->items[i - 1], names->items[i]) == 0) {
            diag_error("two exports have the name \"%s\"", names->items[i]);
            return -1;
        }
    }
    return 0;
}

int embed_write_exports(const struct embed *embed, const struct embed_files *out)
{
    const struct module *module = embed->module;
    uint32_t initialize = embed_initialize(module);
    struct names names = collect_names(module);
    char name[MODULE_NAME_SIZE];
    int result = check_names(&names);
    for (uint32_t i = 0; i < module->export_count && result == 0; i++) {
        export_name(module, i, name);
        if (module->exports[i].kind == EXTERN_FUNC && i != initialize)
            write_function(embed, i, name, out);
        else if (module->exports[i].kind == EXTERN_GLOBAL)
            write_global(embed, i, name, &names, out);
    }
    names_release(&names);
    return result;
}
