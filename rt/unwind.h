/* Walks a stack from frame to frame by the unwind tables of the loaded objects. Reads nothing
 * outside the tables and the given stack, allocates nothing, and stops at what it doesn't
 * understand.
 */
#ifndef DAGGER_RT_UNWIND_H
#define DAGGER_RT_UNWIND_H

#include "cfi.h"

enum { UNWIND_CACHE = 8 };

struct unwind_cursor {
    struct dagger_registers registers; /* of the current frame */
    bool exact; /* pc is of an instruction that was running; else it follows a call */
    struct dwarf_stack stack;
    struct cfi_object object; /* the last one used */
    struct {
        uintptr_t pc; /* 0: free */
        struct cfi_row row;
    } rows[UNWIND_CACHE]; /* a recursion has the same few frames again and again */
};

/* Starts at `registers`; only the stack [low, high) is walked. */
void unwind_init(struct unwind_cursor *cursor, const struct dagger_registers *registers,
                 uintptr_t low, uintptr_t high);

/* An address inside the current frame's instruction: fit for looking up its function. */
uintptr_t unwind_address(const struct unwind_cursor *cursor);

/* Moves on to the caller. False at the end of the stack, or where the way is lost. */
bool unwind_step(struct unwind_cursor *cursor);

#endif
