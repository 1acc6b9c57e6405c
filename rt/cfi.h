/* Call frame information: how, at one program counter, to find the caller's registers.
 * Sources: DWARF 5, section 6.4; Linux Standard Base Core 5.0, chapter 10.
 */
#ifndef DAGGER_RT_CFI_H
#define DAGGER_RT_CFI_H

#include "dwarf.h"

/* A loaded object's .eh_frame_hdr and the segment it lies in. */
struct cfi_object {
    uintptr_t code_low, code_high; /* the segment with the code */
    const uint8_t *header;         /* .eh_frame_hdr */
    const uint8_t *low, *high;     /* the segment with the tables: nothing outside is read */
};

/* Finds the object with code at `pc`. False if there is none with unwind tables. */
bool cfi_find_object(uintptr_t pc, struct cfi_object *object);

enum cfi_rule_kind {
    CFI_SAME,         /* still the caller's value */
    CFI_UNDEFINED,    /* lost; of the return address: outermost frame */
    CFI_OFFSET,       /* saved at CFA + number */
    CFI_VALUE_OFFSET, /* is CFA + number */
    CFI_REGISTER,     /* in register `number`; of the CFA: register + offset */
    CFI_EXPRESSION,   /* saved where the expression says */
    CFI_VALUE_EXPRESSION,
};

struct cfi_rule {
    enum cfi_rule_kind kind;
    int32_t offset; /* of the CFA's rule */
    int64_t number;
    const uint8_t *expression, *expression_end;
};

/* The frame's canonical address and where each register is. */
struct cfi_row {
    struct cfi_rule cfa;
    struct cfi_rule registers[REGISTER_COUNT];
    uint32_t return_register;
    bool signal_frame; /* made by the kernel: its caller's pc is no return address */
};

/* Fills the row for `pc` from the object's tables. False: no entry, or one that can't be read. */
bool cfi_find_row(const struct cfi_object *object, uintptr_t pc, struct cfi_row *row);

#endif
