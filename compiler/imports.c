/* The imports a guest may have: see imports.h. */
#include "imports.h"

#include <dagger/imports.h>
#include <string.h>

#include "sections.h"

#define TYPE_OF(i, type) sizeof(type) == 8 ? TYPE_I64 : TYPE_I32,
#define TYPES(count, ...)                                                                          \
    {                                                                                              \
        DAGGER_EACH_##count(TYPE_OF, __VA_ARGS__) 0                                                \
    }

enum {
#define X(name, ...) NUMBER_##name,
    DAGGER_CORE_IMPORTS(X) DAGGER_WASI_IMPORTS(X)
#undef X
        CALL_COUNT
};
_Static_assert((int)CALL_COUNT <= (int)CALLS_MAX, "each call has its number");

#define ROW(prefix, name, results, count, ...)                                                     \
    {NUMBER_##name, prefix #name, count, results, TYPES(count, __VA_ARGS__)},

static const struct call calls[] = {
#define X(...) ROW("", __VA_ARGS__)
    DAGGER_CORE_IMPORTS(X)
#undef X
#define X(...) ROW("wasi_", __VA_ARGS__)
        DAGGER_WASI_IMPORTS(X)
#undef X
};

static const char wasi[] = "wasi_", unstable[] = "unstable_";

bool module_text_is(struct module_text text, const char *other)
{
    return text.len == strlen(other) && memcmp(text.data, other, text.len) == 0;
}

static const struct call *call_named(const char *prefix, struct module_text name)
{
    size_t prefix_len = strlen(prefix);

    for (size_t i = 0; i < CALL_COUNT; i++)
        if (strncmp(calls[i].name, prefix, prefix_len) == 0 &&
            module_text_is(name, calls[i].name + prefix_len))
            return &calls[i];
    return NULL;
}

/* What the guest calls "fd_seek", "wasi_unstable" calls so, too, but means another function. */
static const struct call *call_of_wasi(struct module_text name, bool is_unstable)
{
    const struct call *call;

    if (name.len >= sizeof unstable - 1 && memcmp(name.data, unstable, sizeof unstable - 1) == 0)
        return NULL;
    call = is_unstable ? call_named("wasi_unstable_", name) : NULL;
    if (is_unstable && module_text_is(name, "sock_accept"))
        return NULL;
    return call ? call : call_named(wasi, name);
}

const struct call *call_of_import(const struct module_import *import)
{
    static const char sync[] = "sync", flush[] = "flush"; /* an old name */
    bool env = module_text_is(import->module, "env");
    struct module_text name = import->name;

    if (module_text_is(import->module, "wasi_snapshot_preview1"))
        return call_of_wasi(name, false);
    if (module_text_is(import->module, "wasi_unstable"))
        return call_of_wasi(name, true);
    if (!env && !module_text_is(import->module, "dagger"))
        return NULL;
    if ((name.len >= sizeof wasi - 1 && memcmp(name.data, wasi, sizeof wasi - 1) == 0) ||
        (!env && module_text_is(name, "abort")))
        return NULL;
    if (module_text_is(name, sync))
        name = (struct module_text){(const uint8_t *)flush, sizeof flush - 1};
    return call_named("", name);
}

bool call_is_wasi(const struct call *call)
{
    return strncmp(call->name, wasi, sizeof wasi - 1) == 0;
}

bool call_has_type(const struct call *call, const struct module_functype *type)
{
    static const uint8_t i32 = TYPE_I32;

    return type->param_count == call->params && type->result_count == call->results &&
           memcmp(type->params, call->types, call->params) == 0 &&
           memcmp(type->results, &i32, call->results) == 0;
}

bool import_is_call(const struct module *module, const struct module_import *import)
{
    const struct call *call = call_of_import(import);

    return call && import->kind == EXTERN_FUNC && call_has_type(call, &module->types[import->type]);
}

static const char *type_name(uint8_t type)
{
    switch (type) {
    case TYPE_I32:
        return "i32";
    case TYPE_I64:
        return "i64";
    case TYPE_F32:
        return "f32";
    case TYPE_F64:
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

void call_print_type(const struct call *call, FILE *out)
{
    static const uint8_t i32 = TYPE_I32;
    const struct module_functype type = {call->types, &i32, call->params, call->results};

    functype_print(&type, out);
}

void import_name(const struct module_import *import, char *name, size_t size)
{
    enum { SHOWN = 190 };
    char module[SHOWN], text[SHOWN];

    snprintf(name, size, "\"%s\".\"%s\"",
             text_escape(module, sizeof module, import->module.data, import->module.len),
             text_escape(text, sizeof text, import->name.data, import->name.len));
}

void import_print(const struct module *module, const struct module_import *import, FILE *out)
{
    static const char *const kinds[] = {"func", "table", "memory", "global", "tag"};
    char name[400];

    import_name(import, name, sizeof name);
    fprintf(out, "%s ", name);
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
