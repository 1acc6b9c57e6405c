/* Fuel: where a body pays for the instructions it runs. docs/limits.md has the rules.
 *
 * Code is counted in pieces that are run from their first instruction to their last: each pays
 * where it begins, for all of it. What is run often pays least: a piece goes on behind a block, an
 * if or a loop that nothing inside leaves for somewhere further out, so that one payment a round is
 * often all there is; what both arms of an if cost is paid before it, and what a loop's head costs
 * by those who jump there. What is left is looked at where each cycle passes: at the heads of
 * loops, and at the entry of functions that call.
 *
 * What is left is a global of the clean copy. A function that has loops without calls keeps it in a
 * local: taken from the global at the entry and after each call, given back before each call and at
 * the end.
 *
 * Both engines get the same copy, so they count the same.
 */
#ifndef DAGGER_COMPILER_FUEL_H
#define DAGGER_COMPILER_FUEL_H

#include "sections.h"
#include "sink.h"

/* The globals and functions that the copy has more than the module, behind its own. */
enum {
    FUEL_GLOBAL_LEFT,     /* i64: what is left; below 0: none */
    FUEL_GLOBAL_LENGTH,   /* i32: the length of a bulk operation, between two instructions */
    FUEL_GLOBAL_LENGTH64, /* i64: the same of a 64-bit memory or table */
    FUEL_GLOBALS
};

enum fuel_kind {
    FUEL_PIECE,  /* a piece begins: it costs `number` */
    FUEL_CHECK,  /* the same, and what is left is looked at */
    FUEL_BULK,   /* before a bulk operation: 1 for each 2^number of its length */
    FUEL_BULK64, /* the same with a length of 64 bits */
    FUEL_CALL,   /* before a call */
    FUEL_CALLED, /* behind it */
    FUEL_RETURN, /* at a return, from `number` blocks */
};

struct fuel_point {
    uint32_t at; /* bytes from the module's first one: stands before what is there */
    enum fuel_kind kind;
    uint64_t number;
};

/* What one body becomes. */
struct fuel_plan {
    const struct module *module;
    struct fuel_point *points; /* ascending; the first is the entry's piece */
    uint32_t point_count, point_room;
    uint32_t code, end; /* where its instructions begin, and end */
    bool cached;        /* in a local, */
    uint32_t local;     /* which is this one, added to the function's */
    uint8_t block;      /* and all of it is in a block of this type */
    struct fuel_frame *frames;
    uint32_t frame_room;
    struct fuel_jump *jumps;
    uint32_t jump_count, jump_room;
};

/* Plans the next body of the reading, a second one; `function` is its index. A plan of zeros can be
 * used again and again; it has to be released. */
void fuel_plan(struct fuel_plan *plan, struct reading *g, uint32_t function);
void fuel_plan_release(struct fuel_plan *plan);

/* The whole body as the plan has it, without its size. `put_original` writes bytes of the module
 * from one offset to another. */
struct fuel_original {
    void (*put)(void *context, struct sink *sink, uint32_t from, uint32_t to);
    void *context;
};
void fuel_put_body(struct sink *sink, const struct fuel_plan *plan, uint32_t from,
                   const struct fuel_original *original);

/* What stands behind the module's own globals, and the bodies behind its own: a function of type
 * (i64) -> i64 that gives what was left and takes what is left from now on; and, where the module
 * has one, a function of type () -> () that calls the start function, which the copy does not
 * start. */
void fuel_put_globals(struct sink *sink);
void fuel_put_functions(struct sink *sink, const struct module *module);
uint32_t fuel_function_count(const struct module *module);

#endif
