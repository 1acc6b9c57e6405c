/* Bounded reading of DWARF data: LEB128 numbers, encoded pointers, expressions. Nothing outside the
 * given range is ever read; what ends too early makes `bad` true and every later value 0.
 *
 * Sources: DWARF 5, section 7.6; Linux Standard Base Core 5.0, chapter 10 (.eh_frame).
 */
#ifndef DAGGER_RT_DWARF_H
#define DAGGER_RT_DWARF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch.h"

struct dwarf_reader {
    const uint8_t *at, *end;
    bool bad;
};

uint64_t dwarf_fixed(struct dwarf_reader *reader, size_t size); /* 1, 2, 4 or 8 bytes */
uint64_t dwarf_uleb(struct dwarf_reader *reader);
int64_t dwarf_sleb(struct dwarf_reader *reader);
void dwarf_skip(struct dwarf_reader *reader, uint64_t bytes);

enum {
    DWARF_POINTER_PC_RELATIVE = 0x10,
    DWARF_POINTER_DATA_RELATIVE = 0x30,
    DWARF_POINTER_INDIRECT = 0x80,
    DWARF_POINTER_OMIT = 0xff,
};

/* A pointer in the encoding of a DW_EH_PE byte; data_base: what "data relative" means. An indirect
 * pointer gives the address of the pointer. */
uintptr_t dwarf_pointer(struct dwarf_reader *reader, uint8_t encoding, uintptr_t data_base);

/* The part of a stack that may be read. */
struct dwarf_stack {
    uintptr_t low, high;
};
bool dwarf_load(const struct dwarf_stack *stack, uintptr_t address, size_t size, uintptr_t *value);

/* Evaluates the expression that is the rest of `reader` with `initial` on its stack. False for what
 * it can't do: unknown operations, reads outside the stack. */
bool dwarf_evaluate(struct dwarf_reader reader, const struct dagger_registers *registers,
                    const struct dwarf_stack *stack, uintptr_t initial, uintptr_t *value);

#endif
