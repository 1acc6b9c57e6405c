/* Reads the C that wasm2c writes, as far as specialise.c needs to: what stands at the top of the
 * file is compared with what is known of each version, the rest is taken apart into its
 * definitions. */
#ifndef DAGGER_COMPILER_GENERATED_H
#define DAGGER_COMPILER_GENERATED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Part of the file; not terminated. */
struct span {
    const char *at, *end;
};

static inline size_t span_len(struct span span)
{
    return (size_t)(span.end - span.at);
}

bool span_is(struct span span, const char *text);
bool span_starts(struct span span, const char *text);
bool span_contains(struct span span, const char *text);

/* Takes the first line, its newline included, off the span. */
struct span span_line(struct span *rest);

/* What follows `text` in the span; empty at the end if it is not there. */
struct span span_after(struct span span, const char *text);

/* The identifier that the span starts with; may be empty. */
struct span span_identifier(struct span span);

/* Takes a decimal number off the span. False if none is there, or one that is too large. */
bool span_number(struct span *rest, uint64_t *value);

/* Skips what wasm2c writes at the top of each file: definitions that are the same for all modules.
 * Is every byte of them what one of the known versions writes, returns true and what follows them.
 */
bool generated_skip_top(struct span file, struct span *rest);

enum item_kind {
    ITEM_END,
    ITEM_PROTOTYPE, /* static u32 w2c_guest_f0(w2c_guest*, u32); */
    ITEM_TYPE,      /* FUNC_TYPE_T(w2c_guest_t0) = "..."; */
    ITEM_DATA,      /* static const u8 data_segment_data_w2c_guest_d0[] = {...}; */
    ITEM_ELEMENTS,  /* static const wasm_elem_segment_expr_t elem_segment_exprs_...[] = {...}; */
    ITEM_STATEMENT, /* a declaration of one line that has to do with tags */
    ITEM_ENTRY,     /* what the runtime calls, and what that needs: exports, init_... */
    ITEM_BODY,      /* a function of the module */
    ITEM_UNNEEDED,  /* what an executable has no use for */
    ITEM_UNKNOWN,
};

struct item {
    enum item_kind kind;
    struct span text; /* whole lines */
    struct span name; /* what it defines; empty where it doesn't matter */
};

/* Takes the next definition off `rest`; comments and empty lines are left out. */
struct item generated_next(struct span *rest);

#endif
