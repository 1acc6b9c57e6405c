#include "glue_parts.h"

#include <string.h>

#include "imports.h"
#include "sections.h"

void glue_write_string(const char *text, FILE *out)
{
    fputc('"', out);
    for (; *text != 0; text++)
        fprintf(out, "\\%03o", (unsigned)(unsigned char)*text);
    fputc('"', out);
}

/* ---- Imports ----------------------------------------------------------------------------------
 */

static void write_call(const struct call *call, FILE *out)
{
    fprintf(out, "%s w2c_dagger_%s(struct w2c_dagger *imports", call->results ? "u32" : "void",
            call->name);
    for (unsigned i = 0; i < call->params; i++)
        fprintf(out, ", %s a%u", call->types[i] == TYPE_I64 ? "u64" : "u32", i);
    fprintf(out, ")\n{\n    %sdagger_call_%s(imports", call->results ? "return " : "", call->name);
    for (unsigned i = 0; i < call->params; i++)
        fprintf(out, ", a%u", i);
    fputs(");\n}\n", out);
}

/* The symbol's name is given to the assembler, so that C need not know its type: it never returns.
 */
static void write_undefined(const struct module *module, uint32_t number, FILE *out)
{
    char name[400];
    import_name(&module->imports[number], name, sizeof name);
    fprintf(out,
            "_Noreturn void undefined_%u(void) __asm__(\"w2c_dagger_undefined_%u\");\n"
            "_Noreturn void undefined_%u(void)\n{\n    dagger_trap_undefined(",
            number, number, number);
    glue_write_string(name, out);
    fputs(");\n}\n", out);
}

void glue_write_imports(const struct module *module, FILE *out)
{
    bool written[CALLS_MAX] = {false};
    for (uint32_t i = 0; i < module->import_count; i++) {
        const struct call *call = call_of_import(&module->imports[i]);
        if (!import_is_call(module, &module->imports[i])) {
            write_undefined(module, i, out);
        } else if (!written[call->number]) {
            write_call(call, out);
            written[call->number] = true;
        }
    }
}

bool glue_needs_streams(const struct module *module)
{
    for (uint32_t i = 0; i < module->import_count; i++)
        if (import_is_call(module, &module->imports[i]) &&
            call_of_import(&module->imports[i])->results > 0)
            return true; /* those without results end the guest */
    return false;
}

/* ---- Invocation -------------------------------------------------------------------------------
 */

/* As wasm2c names types in members of several results, and struct dagger_invocation does. */
static char letter(uint8_t type)
{
    return type == TYPE_I32 ? 'i' : type == TYPE_I64 ? 'j' : type == TYPE_F32 ? 'f' : 'd';
}

static void write_letters(const uint8_t *types, uint32_t count, FILE *out)
{
    for (uint32_t i = 0; i < count; i++)
        fputc(letter(types[i]), out);
}

void glue_write_invocation(const struct module_functype *type, const char *instance, FILE *out)
{
    static const char *const names[] = {['i'] = "u32", ['j'] = "u64", ['f'] = "f32", ['d'] = "f64"};
    fputs("static void invoke(void *guest, const union dagger_value *a, union dagger_value *r)\n"
          "{\n    (void)guest, (void)a, (void)r;\n    ",
          out);
    if (type->result_count == 1) {
        fprintf(out, "%s result = ", names[(unsigned char)letter(type->results[0])]);
    } else if (type->result_count > 1) {
        fputs("struct wasm_multi_", out);
        write_letters(type->results, type->result_count, out);
        fputs(" result = ", out);
    }
    fprintf(out, "w2c_guest_entry(%s", instance);
    for (uint32_t i = 0; i < type->param_count; i++)
        fprintf(out, "%sa[%u].%c", i > 0 || *instance != 0 ? ", " : "", i, letter(type->params[i]));
    fputs(");\n", out);
    for (uint32_t i = 0; i < type->result_count; i++) {
        char of = letter(type->results[i]);
        if (type->result_count == 1)
            fprintf(out, "    r[0].%c = result;\n", of);
        else
            fprintf(out, "    r[%u].%c = result.%c%u;\n", i, of, of, i);
    }
    fputs("}\nstatic const struct dagger_invocation invocation = {\"", out);
    write_letters(type->params, type->param_count, out);
    fputs("\", \"", out);
    write_letters(type->results, type->result_count, out);
    fputs("\", invoke, dagger_invoke_read, dagger_invoke_write};\n\n", out);
}
