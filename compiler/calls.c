/* The imports a guest may have: see calls.h. */
#include "calls.h"

#include <string.h>

#include "sections.h"

/* The five calls, and what compilers import by themselves: AssemblyScript's abort ends the guest
 * with a trap. */
static const struct call calls[] = {
    {"open", "open", 2, 1, true, true},     {"close", "close", 1, 1, false, true},
    {"read", "read", 3, 1, true, true},     {"write", "write", 3, 1, true, true},
    {"flush", "flush", 1, 1, false, true},  {"sync", "flush", 1, 1, false, true},
    {"abort", "abort", 4, 0, false, false},
};

bool module_text_is(struct module_text text, const char *other)
{
    return text.len == strlen(other) && memcmp(text.data, other, text.len) == 0;
}

const struct call *call_of_import(const struct module_import *import)
{
    bool env = module_text_is(import->module, "env");
    bool dagger = module_text_is(import->module, "dagger");

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if ((env || (dagger && calls[i].dagger)) && module_text_is(import->name, calls[i].name))
            return &calls[i];
    return NULL;
}

bool call_has_type(const struct call *call, const struct module_functype *type)
{
    static const uint8_t i32s[] = {TYPE_I32, TYPE_I32, TYPE_I32, TYPE_I32};

    return type->param_count == call->params && type->result_count == call->results &&
           memcmp(type->params, i32s, call->params) == 0 &&
           memcmp(type->results, i32s, call->results) == 0;
}

void call_print_type(const struct call *call, FILE *out)
{
    fputs("(func (param", out);
    for (unsigned i = 0; i < call->params; i++)
        fputs(" i32", out);
    fputs(call->results ? ") (result i32))" : "))", out);
}

static const char *type_name(uint8_t type)
{
    switch (type) {
    case TYPE_I32:
        return "i32";
    case 0x7e:
        return "i64";
    case 0x7d:
        return "f32";
    case 0x7c:
        return "f64";
    case 0x7b:
        return "v128";
    case 0x70:
        return "funcref";
    case 0x6f:
        return "externref";
    case 0x69:
        return "exnref";
    default:
        return NULL;
    }
}

/* Types of more than one byte are not told apart, and end the list. */
static void types_print(const char *what, const uint8_t *types, uint32_t count, FILE *out)
{
    enum { SHOWN = 16 };

    if (count == 0)
        return;
    fprintf(out, " (%s", what);
    for (uint32_t i = 0; i < count; i++) {
        const char *name = type_name(types[i]);

        if (i == SHOWN || !name) {
            fputs(name ? " ..." : " ref ...", out);
            break;
        }
        fprintf(out, " %s", name);
    }
    fputc(')', out);
}

void functype_print(const struct module_functype *type, FILE *out)
{
    fputs("(func", out);
    types_print("param", type->params, type->param_count, out);
    types_print("result", type->results, type->result_count, out);
    fputc(')', out);
}

void import_print(const struct module *module, const struct module_import *import, FILE *out)
{
    static const char *const kinds[] = {"func", "table", "memory", "global", "tag"};
    enum { SHOWN = 200 };
    char text[SHOWN];

    fprintf(out, "\"%s\".",
            text_escape(text, sizeof text, import->module.data, import->module.len));
    fprintf(out, "\"%s\" ", text_escape(text, sizeof text, import->name.data, import->name.len));
    if (import->kind == EXTERN_FUNC)
        functype_print(&module->types[import->type], out);
    else
        fprintf(out, "(%s)", kinds[import->kind]);
}

void module_print_imports(const struct module *module, FILE *out)
{
    for (uint32_t i = 0; i < module->import_count; i++) {
        import_print(module, &module->imports[i], out);
        fputc('\n', out);
    }
}
