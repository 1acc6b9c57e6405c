#include "unwind.h"

void unwind_init(struct unwind_cursor *cursor, const struct dagger_registers *registers,
                 uintptr_t low, uintptr_t high)
{
    *cursor = (struct unwind_cursor){
        .registers = *registers, .exact = true, .stack = {.low = low, .high = high}};
}

uintptr_t unwind_address(const struct unwind_cursor *cursor)
{
    uintptr_t pc = cursor->registers.value[REGISTER_PC];
    return cursor->exact || pc == 0 ? pc : pc - 1;
}

static const struct cfi_row *find_row(struct unwind_cursor *cursor)
{
    uintptr_t pc = unwind_address(cursor);
    size_t slot = (pc >> 2 ^ pc >> 7) % UNWIND_CACHE;
    struct cfi_row *row = &cursor->rows[slot].row;
    if (cursor->rows[slot].pc == pc)
        return row;
    cursor->rows[slot].pc = 0;
    if (pc < cursor->object.code_low || pc >= cursor->object.code_high) {
        cursor->object = (struct cfi_object){0};
        if (!cfi_find_object(pc, &cursor->object))
            return NULL;
    }
    if (!cfi_find_row(&cursor->object, pc, row))
        return NULL;
    cursor->rows[slot].pc = pc;
    return row;
}

static bool evaluate(const struct unwind_cursor *cursor, const struct cfi_rule *rule,
                     uintptr_t initial, uintptr_t *value)
{
    struct dwarf_reader reader = {rule->expression, rule->expression_end, false};
    return dwarf_evaluate(reader, &cursor->registers, &cursor->stack, initial, value);
}

static bool find_cfa(const struct unwind_cursor *cursor, const struct cfi_rule *rule,
                     uintptr_t *cfa)
{
    if (rule->kind == CFI_VALUE_EXPRESSION) {
        /* Nothing is on the expression's stack at its start; what is below is never popped. */
        return evaluate(cursor, rule, 0, cfa);
    }
    if (rule->kind != CFI_REGISTER)
        return false;
    *cfa = cursor->registers.value[rule->number] + (uintptr_t)(intptr_t)rule->offset;
    return true;
}

/* The caller's value of register `number`. */
static bool find_register(const struct unwind_cursor *cursor, const struct cfi_rule *rule,
                          uintptr_t cfa, unsigned number, uintptr_t *value)
{
    uintptr_t address;
    switch (rule->kind) {
    case CFI_SAME:
        *value = cursor->registers.value[number];
        return true;
    case CFI_UNDEFINED:
        *value = 0;
        return true;
    case CFI_OFFSET:
        return dwarf_load(&cursor->stack, cfa + (uintptr_t)rule->number, sizeof(*value), value);
    case CFI_VALUE_OFFSET:
        *value = cfa + (uintptr_t)rule->number;
        return true;
    case CFI_REGISTER:
        if (rule->number < 0 || rule->number >= REGISTER_COUNT)
            return false;
        *value = cursor->registers.value[rule->number];
        return true;
    case CFI_EXPRESSION:
        return evaluate(cursor, rule, cfa, &address) &&
               dwarf_load(&cursor->stack, address, sizeof(*value), value);
    case CFI_VALUE_EXPRESSION:
        return evaluate(cursor, rule, cfa, value);
    }
    return false;
}

bool unwind_step(struct unwind_cursor *cursor)
{
    const struct cfi_row *row = find_row(cursor);
    uintptr_t cfa = 0;
    if (!row || !find_cfa(cursor, &row->cfa, &cfa))
        return false;
    /* Callers are further up; a frame that has saved nothing may be as far. */
    if (cfa < cursor->registers.value[REGISTER_SP] || cfa > cursor->stack.high)
        return false;
    if (row->registers[row->return_register].kind == CFI_UNDEFINED)
        return false;

    struct dagger_registers caller;
    for (unsigned i = 0; i < REGISTER_COUNT; i++) {
        if (!find_register(cursor, &row->registers[i], cfa, i, &caller.value[i]))
            return false;
    }
    uintptr_t pc = dagger_plain_address(caller.value[row->return_register]);
    if (pc == 0 ||
        (pc == cursor->registers.value[REGISTER_PC] && cfa == cursor->registers.value[REGISTER_SP]))
        return false;
    caller.value[REGISTER_SP] = cfa;
    caller.value[REGISTER_PC] = pc;
    cursor->registers = caller;
    cursor->exact = row->signal_frame;
    return true;
}
