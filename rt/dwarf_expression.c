/* The expressions that compilers and linkers write into unwind tables: realigned stacks, entries of
 * the procedure linkage table, shrink-wrapped registers. DWARF 5, section 2.5.
 */
#include "dwarf.h"

enum { EXPRESSION_STACK = 16, EXPRESSION_STEPS = 256 };

struct expression {
    uintptr_t values[EXPRESSION_STACK];
    unsigned depth;
    bool bad;
};

static void push(struct expression *e, uintptr_t value)
{
    if (e->depth == EXPRESSION_STACK)
        e->bad = true;
    else
        e->values[e->depth++] = value;
}

static uintptr_t pop(struct expression *e)
{
    if (e->depth == 0) {
        e->bad = true;
        return 0;
    }
    return e->values[--e->depth];
}

static void push_register(struct expression *e, struct dwarf_reader *reader,
                          const struct dagger_registers *registers, uint64_t number)
{
    int64_t offset = dwarf_sleb(reader);
    if (number >= REGISTER_COUNT)
        e->bad = true;
    else
        push(e, registers->value[number] + (uintptr_t)offset);
}

/* False: not one of these. */
static bool constant(struct expression *e, struct dwarf_reader *reader, uint8_t operation)
{
    switch (operation) {
    case 0x08: /* DW_OP_const1u */
        push(e, dwarf_fixed(reader, 1));
        return true;
    case 0x09: /* DW_OP_const1s */
        push(e, (uintptr_t)(int8_t)dwarf_fixed(reader, 1));
        return true;
    case 0x0a: /* DW_OP_const2u */
        push(e, dwarf_fixed(reader, 2));
        return true;
    case 0x0b: /* DW_OP_const2s */
        push(e, (uintptr_t)(int16_t)dwarf_fixed(reader, 2));
        return true;
    case 0x0c: /* DW_OP_const4u */
        push(e, dwarf_fixed(reader, 4));
        return true;
    case 0x0d: /* DW_OP_const4s */
        push(e, (uintptr_t)(int32_t)dwarf_fixed(reader, 4));
        return true;
    case 0x10: /* DW_OP_constu */
        push(e, dwarf_uleb(reader));
        return true;
    case 0x11: /* DW_OP_consts */
        push(e, (uintptr_t)dwarf_sleb(reader));
        return true;
    case 0x23: /* DW_OP_plus_uconst */
        push(e, pop(e) + dwarf_uleb(reader));
        return true;
    default:
        if (operation < 0x30 || operation > 0x4f)
            return false;
        push(e, operation - 0x30u); /* DW_OP_lit0 .. lit31 */
        return true;
    }
}

static void arithmetic(struct expression *e, uint8_t operation)
{
    uintptr_t b = pop(e), a = pop(e);
    switch (operation) {
    case 0x1a: /* DW_OP_and */
        push(e, a & b);
        break;
    case 0x1c: /* DW_OP_minus */
        push(e, a - b);
        break;
    case 0x21: /* DW_OP_or */
        push(e, a | b);
        break;
    case 0x22: /* DW_OP_plus */
        push(e, a + b);
        break;
    case 0x24: /* DW_OP_shl */
        push(e, b < 64 ? a << b : 0);
        break;
    case 0x29: /* DW_OP_eq */
        push(e, a == b);
        break;
    case 0x2a: /* DW_OP_ge */
        push(e, (intptr_t)a >= (intptr_t)b);
        break;
    case 0x2b: /* DW_OP_gt */
        push(e, (intptr_t)a > (intptr_t)b);
        break;
    case 0x2c: /* DW_OP_le */
        push(e, (intptr_t)a <= (intptr_t)b);
        break;
    case 0x2d: /* DW_OP_lt */
        push(e, (intptr_t)a < (intptr_t)b);
        break;
    default:
        e->bad = true;
    }
}

bool dwarf_evaluate(struct dwarf_reader reader, const struct dagger_registers *registers,
                    const struct dwarf_stack *stack, uintptr_t initial, uintptr_t *value)
{
    struct expression e = {.values = {initial}, .depth = 1};
    for (int step = 0; reader.at < reader.end && step < EXPRESSION_STEPS; step++) {
        uint8_t operation = (uint8_t)dwarf_fixed(&reader, 1);
        if (operation >= 0x70 && operation <= 0x8f) { /* DW_OP_breg0 .. breg31 */
            push_register(&e, &reader, registers, operation - 0x70u);
        } else if (operation == 0x92) { /* DW_OP_bregx */
            uint64_t number = dwarf_uleb(&reader);
            push_register(&e, &reader, registers, number);
        } else if (operation == 0x06) { /* DW_OP_deref */
            uintptr_t loaded = 0;
            if (!dwarf_load(stack, pop(&e), sizeof(loaded), &loaded))
                return false;
            push(&e, loaded);
        } else if (!constant(&e, &reader, operation)) {
            arithmetic(&e, operation);
        }
        if (e.bad || reader.bad)
            return false;
    }
    *value = pop(&e);
    return !e.bad && reader.at == reader.end;
}
