/* Of an object: the instance stays, so code is copied as it is; only what has to be seen from
 * several parts is declared for all of them and loses its "static". */
#include <string.h>

#include "specialise_work.h"

void span_write(struct span span, FILE *out)
{
    fwrite(span.at, 1, span_len(span), out);
}

struct span span_without_static(struct span text)
{
    if (span_starts(text, "static "))
        text.at += strlen("static ");
    return text;
}

bool specialise_write_declarations(const struct work *work, FILE *out, const char *linkage)
{
    bool known = true, in_parts = specialise_in_parts(work);
    for (size_t i = 0; known && i < work->item_count; i++) {
        const struct item *item = &work->items[i];
        struct span text = item->text;
        switch (item->kind) {
        case ITEM_PROTOTYPE:
            known = specialise_write_code(work, in_parts ? span_without_static(text) : text, out);
            break;
        case ITEM_STATEMENT:
            if (in_parts && span_starts(text, "static ")) {
                fputs(linkage, out);
                text = span_without_static(text);
            }
            span_write(text, out);
            break;
        case ITEM_ELEMENTS:
            if (in_parts)
                fprintf(out, "%sconst wasm_elem_segment_expr_t %.*s[];\n", linkage,
                        (int)span_len(item->name), item->name.at);
            break;
        default:
            break;
        }
    }
    return known;
}

/* "static u32 wrap_w2c_guest_f1(void *instance, u32 var_0) {": a reference to a function is one to
 * its wrapper. */
static bool declare_wrappers(const struct work *work, FILE *out)
{
    for (size_t i = 0; i < work->item_count; i++) {
        struct span text = work->items[i].text;
        if (work->items[i].kind != ITEM_UNNEEDED || !span_starts(text, "static "))
            continue;
        struct span line = span_without_static(span_line(&text));
        size_t brace = strlen(" {\n");
        if (span_len(line) < brace || !span_is((struct span){line.end - brace, line.end}, " {\n"))
            return false;
        line.end -= brace;
        span_write(line, out);
        fputs(";\n", out);
    }
    return true;
}

/* wasm2c's own macros for a type in one part of several. "FUNC_TYPE_T(w2c_guest_t0) = "..."; */
static void declare_types(const struct work *work, FILE *out)
{
    for (size_t i = 0; i < work->item_count; i++) {
        const struct item *item = &work->items[i];
        if (item->kind == ITEM_TYPE)
            fprintf(out, "FUNC_TYPE_DECL_EXTERN_T(%.*s);\n", (int)span_len(item->name),
                    item->name.at);
    }
}

void specialise_write_library_types(const struct work *work, FILE *out)
{
    for (size_t i = 0; i < work->item_count; i++) {
        struct span text = work->items[i].text;
        if (work->items[i].kind != ITEM_TYPE)
            continue;
        if (specialise_in_parts(work)) {
            fputs("FUNC_TYPE_EXTERN_T", out);
            text.at += strlen("FUNC_TYPE_T");
        }
        span_write(text, out);
    }
}

bool specialise_write_library_header(struct work *work)
{
    struct span top = {(const char *)work->source.bytes, work->definitions.at};
    bool known = span_contains(top, "define FUNC_TYPE_EXTERN_T(x)");
    span_write(top, work->out);
    fputs("#pragma GCC visibility push(hidden)\n", work->out);
    specialise_declare_data(work, work->out);
    if (specialise_in_parts(work)) {
        declare_types(work, work->out);
        known = known && specialise_write_declarations(work, work->out, "extern ") &&
                declare_wrappers(work, work->out);
    }
    fputs("#pragma GCC visibility pop\n", work->out);
    return known;
}
