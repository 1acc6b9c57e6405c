#include "generated.h"

#include <string.h>

bool span_is(struct span span, const char *text)
{
    return span_len(span) == strlen(text) && memcmp(span.at, text, strlen(text)) == 0;
}

bool span_starts(struct span span, const char *text)
{
    size_t len = strlen(text);
    return span_len(span) >= len && memcmp(span.at, text, len) == 0;
}

struct span span_after(struct span span, const char *text)
{
    const char *found = memmem(span.at, span_len(span), text, strlen(text));
    return (struct span){found != NULL ? found + strlen(text) : span.end, span.end};
}

bool span_contains(struct span span, const char *text)
{
    return memmem(span.at, span_len(span), text, strlen(text)) != NULL;
}

struct span span_line(struct span *rest)
{
    const char *newline = memchr(rest->at, '\n', span_len(*rest));
    struct span line = {rest->at, newline != NULL ? newline + 1 : rest->end};
    rest->at = line.end;
    return line;
}

static bool in_identifier(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

struct span span_identifier(struct span span)
{
    const char *end = span.at;
    while (end < span.end && in_identifier(*end))
        end++;
    return (struct span){span.at, end};
}

bool span_number(struct span *rest, uint64_t *value)
{
    const char *start = rest->at;
    *value = 0;
    for (; rest->at < rest->end && *rest->at >= '0' && *rest->at <= '9'; rest->at++)
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, (uint64_t)(*rest->at - '0'), value))
            return false;
    return rest->at > start;
}

/* ---- The top -------------------------------------------------------------------------------- */

/* The three texts it is made of, of each version: their lengths in bytes and their FNV-1a hashes.
 * Between the first two stand the name of the header and whether there is one memory.
 * tests/compiler/known_tops.py prints and checks these rows. */
struct known_text {
    uint32_t len;
    uint64_t hash;
};
static const struct known_top {
    struct known_text includes, definitions, simd;
} known_tops[] = {
#define TOP(includes_len, includes_hash, definitions_len, definitions_hash, simd_len, simd_hash)   \
    {{includes_len, includes_hash}, {definitions_len, definitions_hash}, {simd_len, simd_hash}},
#include "known_tops.h"
#undef TOP
};

static const char simd_type[] = "#include <simde/wasm/simd128.h>\n"
                                "\n"
                                "#ifndef WASM_RT_SIMD_TYPE_DEFINED\n"
                                "#define WASM_RT_SIMD_TYPE_DEFINED\n"
                                "typedef simde_v128_t v128;\n"
                                "#endif\n";

static bool skip_known(struct span *rest, const struct known_text *known)
{
    if (known->len > span_len(*rest))
        return false;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *at = rest->at; at < rest->at + known->len; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    if (hash != known->hash)
        return false;
    rest->at += known->len;
    return true;
}

static void skip_line(struct span *rest, const char *start)
{
    if (span_starts(*rest, start))
        span_line(rest);
}

static void skip_empty_lines(struct span *rest)
{
    while (rest->at < rest->end && *rest->at == '\n')
        rest->at++;
}

static bool skip_top(struct span *rest, const struct known_top *known)
{
    if (!skip_known(rest, &known->includes))
        return false;
    skip_empty_lines(rest);
    skip_line(rest, "#include \"");
    skip_line(rest, "#define IS_SINGLE_UNSHARED_");
    if (!skip_known(rest, &known->definitions))
        return false;
    struct span simd = *rest;
    skip_empty_lines(&simd);
    if (span_starts(simd, simd_type))
        simd.at += sizeof simd_type - 1;
    struct span without_empty = simd;
    if (skip_known(&simd, &known->simd))
        *rest = simd;
    else {
        skip_empty_lines(&without_empty);
        if (skip_known(&without_empty, &known->simd))
            *rest = without_empty;
    }
    return true;
}

bool generated_skip_top(struct span file, struct span *rest)
{
    for (size_t i = 0; i < sizeof known_tops / sizeof *known_tops; i++) {
        *rest = file;
        if (skip_top(rest, &known_tops[i]))
            return true;
    }
    return false;
}

/* ---- Definitions ----------------------------------------------------------------------------- */

/* To the line `last`, that included. */
static bool take_to(struct span *rest, struct item *item, const char *last)
{
    const char *end = memmem(rest->at, span_len(*rest), last, strlen(last));
    if (end == NULL)
        return false;
    item->text.end = rest->at = end + strlen(last);
    return true;
}

/* The identifier before the first "(" or "[" that has a name before it. */
static struct span defined_name(struct span line)
{
    const char *open = line.at;
    while (open < line.end && *open != '(' && *open != '[')
        open++;
    const char *start = open;
    while (start > line.at && in_identifier(start[-1]))
        start--;
    return (struct span){start, open};
}

/* An accessor of what is exported: only the memory's is called. */
static bool is_unneeded_accessor(struct span text)
{
    struct span rest = text, first = span_line(&rest);
    return (span_starts(rest, "  return &instance->") ||
            span_starts(rest, "  return instance->")) &&
           span_contains(first, "* w2c_guest_") && !span_starts(first, "wasm_rt_memory_t* ");
}

static enum item_kind function_kind(const struct item *item)
{
    if (span_contains(item->text, "\n  FUNC_PROLOGUE;\n"))
        return ITEM_BODY;
    if (span_starts(item->name, "wrap_w2c_guest_") ||
        span_is(item->name, "wasm2c_guest_get_func_type") ||
        span_is(item->name, "wasm2c_guest_free") || is_unneeded_accessor(item->text))
        return ITEM_UNNEEDED;
    return ITEM_ENTRY;
}

static bool is_of_tags(struct span line)
{
    return span_is(line, "typedef char wasm_tag_placeholder_t;\n") ||
           span_starts(line, "static const wasm_tag_placeholder_t ") ||
           span_starts(line, "const wasm_rt_tag_t ");
}

struct item generated_next(struct span *rest)
{
    for (;;) {
        skip_empty_lines(rest);
        if (!span_starts(*rest, "/* "))
            break;
        span_line(rest);
    }
    struct item item = {.kind = ITEM_UNKNOWN, .text = *rest};
    if (rest->at == rest->end) {
        item.kind = ITEM_END;
        return item;
    }
    struct span after = *rest, line = span_line(&after);
    item.name = defined_name(line);
    if (span_starts(line, "FUNC_TYPE_T(")) {
        item.name = span_identifier((struct span){line.at + strlen("FUNC_TYPE_T("), line.end});
        item.kind = take_to(rest, &item, ";\n") ? ITEM_TYPE : ITEM_UNKNOWN;
    } else if (span_starts(line, "static const u8 data_segment_data_")) {
        item.kind = take_to(rest, &item, "\n};\n") ? ITEM_DATA : ITEM_UNKNOWN;
    } else if (span_starts(line, "static const wasm_elem_segment_expr_t ")) {
        item.kind = take_to(rest, &item, "\n};\n") ? ITEM_ELEMENTS : ITEM_UNKNOWN;
    } else if (span_contains(line, "(w2c_guest*,") || span_contains(line, "(w2c_guest*)")) {
        item.kind = take_to(rest, &item, ";\n") ? ITEM_PROTOTYPE : ITEM_UNKNOWN;
    } else if (span_contains(line, "(")) {
        if (take_to(rest, &item, "\n}\n"))
            item.kind = function_kind(&item);
    } else if (is_of_tags(line)) {
        item.kind = ITEM_STATEMENT;
        item.text = line;
        rest->at = line.end;
    }
    return item;
}
