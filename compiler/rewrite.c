#include "rewrite.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

/* The line being written. */
struct line {
    char *text;
    size_t len, cap;
};

static void add(struct line *line, const char *at, size_t len)
{
    if (line->cap - line->len < len) {
        line->cap = (line->cap + len) * 2;
        line->text = alloc_resize(line->text, line->cap);
    }
    memcpy(line->text + line->len, at, len);
    line->len += len;
}

static void add_text(struct line *line, const char *text)
{
    add(line, text, strlen(text));
}

static bool line_ends(const struct line *line, const char *text)
{
    size_t len = strlen(text);
    return line->len >= len && memcmp(line->text + line->len - len, text, len) == 0;
}

static bool skip(struct span *rest, const char *text)
{
    if (!span_starts(*rest, text))
        return false;
    rest->at += strlen(text);
    return true;
}

/* After a parameter or argument that was left out at the start of a list. */
static void close_gap(struct line *line, struct span *rest, const char *if_empty)
{
    if (span_starts(*rest, ")"))
        add_text(line, if_empty);
    else if (skip(rest, ","))
        skip(rest, " ");
}

/* instance->w2c_T0.data[var_i0].module_instance, an argument of CALL_INDIRECT */
static bool skip_element_instance(struct span *rest)
{
    struct span at = *rest;
    at.at = span_identifier(at).end;
    if (!skip(&at, ".data["))
        return false;
    at.at = span_identifier(at).end;
    if (!skip(&at, "].module_instance"))
        return false;
    rest->at = at.at;
    return true;
}

static bool rewrite_instance(struct line *line, struct span *rest)
{
    if (skip(rest, "->")) {
        if (!skip_element_instance(rest))
            add_text(line, MEMBER);
        else if (line_ends(line, ", "))
            line->len -= 2;
        else
            return false;
    } else if (line_ends(line, "(")) {
        close_gap(line, rest, "");
    } else if (line_ends(line, "(struct w2c_dagger*) ")) {
        add_text(line, MEMBER "w2c_dagger_instance");
    } else {
        add_text(line, "NULL");
    }
    return true;
}

/* After "w2c_guest": the type of a parameter. */
static bool rewrite_parameter(struct line *line, struct span *rest)
{
    if (!line_ends(line, "("))
        return false;
    if (!skip(rest, "* instance") && !skip(rest, " *instance") && !skip(rest, "*"))
        return false;
    close_gap(line, rest, "void");
    return true;
}

/* After "void": of a wrapper's instance, or of one in the type of a call's callee? */
static bool rewrite_void(struct line *line, struct span *rest)
{
    if ((line_ends(line, "(*)(") && skip(rest, "*")) ||
        (line_ends(line, "(") && skip(rest, " *instance")))
        close_gap(line, rest, "void");
    else
        add_text(line, "void");
    return true;
}

static bool rewrite_identifier(struct line *line, struct span name, struct span *rest)
{
    static const char suffix[] = "_default32", wrapper[] = "wrap_";
    size_t len = span_len(name);
    switch (*name.at) {
    case 'i':
        if (span_is(name, "instance"))
            return rewrite_instance(line, rest);
        break;
    case 'v':
        if (span_is(name, "void"))
            return rewrite_void(line, rest);
        break;
    case 'o':
        if (span_is(name, "offsetof")) {
            add_text(line, "0");
            bool closed = span_contains(*rest, ")");
            *rest = span_after(*rest, ")");
            return closed;
        }
        break;
    case 'w':
        if (span_is(name, "w2c_guest"))
            return rewrite_parameter(line, rest);
        if (span_starts(name, "wrap_w2c_guest_"))
            name.at += sizeof wrapper - 1;
        if (span_is(name, "wasm_rt_local_memory_base") ||
            span_is(name, "wasm_rt_local_memory_size"))
            return skip(rest, ", ");
        break;
    }
    if (len > sizeof suffix &&
        memcmp(name.end - (sizeof suffix - 1), suffix, sizeof suffix - 1) == 0)
        name.end -= sizeof suffix - 1;
    add(line, name.at, span_len(name));
    return true;
}

/* ---- Constants --------------------------------------------------------------------------------
 */

static bool lets_leave_out(double value)
{
    return value == 0 || value == 1 || value == -1;
}

static bool is_signalling_f32(uint32_t bits)
{
    return (bits & 0x7fc00000) == 0x7f800000 && (bits & 0x3fffff) != 0;
}

static bool is_signalling_f64(uint64_t bits)
{
    return (bits & 0x7ff8000000000000) == 0x7ff0000000000000 && (bits & 0x7ffffffffffff) != 0;
}

/* Of all lanes, when read as either kind of float. */
static bool vector_lets_leave_out(struct span bytes)
{
    unsigned char v[16];
    for (size_t i = 0; i < sizeof v; i++) {
        char text[sizeof "0xff"] = "";
        memcpy(text, bytes.at, span_len(bytes) < 4 ? span_len(bytes) : 4);
        v[i] = (unsigned char)strtoul(text, NULL, 16);
        bytes = span_after(bytes, ", ");
    }
    float f[4];
    double d[2];
    uint32_t f_bits[4];
    uint64_t d_bits[2];
    memcpy(f, v, sizeof f);
    memcpy(d, v, sizeof d);
    memcpy(f_bits, v, sizeof f_bits);
    memcpy(d_bits, v, sizeof d_bits);
    bool all_f = true, all_d = true, signalling = false;
    for (size_t i = 0; i < 4; i++) {
        all_f &= lets_leave_out((double)f[i]);
        signalling |= is_signalling_f32(f_bits[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        all_d &= lets_leave_out(d[i]);
        signalling |= is_signalling_f64(d_bits[i]);
    }
    return all_f || all_d || signalling;
}

/* Does a number stand there, with a value that lets an operation be left out? */
static bool number_lets_leave_out(struct span value)
{
    char text[64] = "", *end; /* longer than wasm2c writes any */
    memcpy(text, value.at, span_len(value) < sizeof text ? span_len(value) : sizeof text - 1);
    return lets_leave_out(strtod(text, &end)) && end != text;
}

/* "var_d1 = 1.0;": NULL, or what hides the value. */
static const char *hider(struct span value, char kind)
{
    switch (kind) {
    case 'f':
        return number_lets_leave_out(value) ? "hidden_f32(" : NULL;
    case 'd':
        return number_lets_leave_out(value) ? "hidden_f64(" : NULL;
    case 'o':
        return skip(&value, "v128_const(") && vector_lets_leave_out(value) ? "hidden_v128(" : NULL;
    }
    return NULL;
}

static bool rewrite_constant(struct line *line, struct span text)
{
    struct span rest = text;
    while (skip(&rest, " "))
        ;
    if (!skip(&rest, "var_") || span_len(rest) < 2)
        return false;
    char kind = *rest.at;
    rest.at = span_identifier(rest).end;
    if (!skip(&rest, " = ") || span_len(rest) < 2 || memcmp(rest.end - 2, ";\n", 2) != 0)
        return false;
    const char *hide = hider(rest, kind);
    if (hide == NULL)
        return false;
    add(line, text.at, (size_t)(rest.at - text.at));
    add_text(line, hide);
    add(line, rest.at, span_len(rest) - 2);
    add_text(line, ");\n");
    return true;
}

/* ---- Lines ------------------------------------------------------------------------------------
 */

/* What 1.0.42 writes to keep base and size of the memory in locals. */
static bool is_local_memory(struct span line)
{
    while (skip(&line, " "))
        ;
    return span_starts(line, "uint8_t* const wasm_rt_local_memory_") ||
           span_starts(line, "uint64_t wasm_rt_local_memory_") ||
           span_starts(line, "(void)wasm_rt_local_memory_") ||
           span_starts(line, "wasm_rt_local_memory_size = ");
}

static bool rewrite_line(struct line *line, struct span rest)
{
    line->len = 0;
    if (is_local_memory(rest) || rewrite_constant(line, rest))
        return true;
    while (rest.at < rest.end) {
        struct span name = span_identifier(rest);
        if (name.at == name.end) {
            add(line, rest.at++, 1);
            continue;
        }
        rest.at = name.end;
        if (!rewrite_identifier(line, name, &rest))
            return false;
    }
    return true;
}

/* To the matching #endif. False if there is none. */
static bool skip_conditional(struct span *rest)
{
    int depth = 1;
    while (depth > 0 && rest->at < rest->end) {
        struct span line = span_line(rest);
        if (span_starts(line, "#if"))
            depth++;
        else if (span_starts(line, "#endif"))
            depth--;
    }
    return depth == 0;
}

bool rewrite(struct span text, FILE *out)
{
    struct line line = {0};
    bool known = true;
    while (known && text.at < text.end) {
        struct span at = span_line(&text);
        if (span_starts(at, "#if WASM_RT_USE_SEGUE_FOR_THIS_MODULE")) {
            known = skip_conditional(&text);
            continue;
        }
        known = rewrite_line(&line, at);
        fwrite_unlocked(line.text, 1, line.len, out);
    }
    free(line.text);
    return known;
}
