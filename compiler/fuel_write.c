/* The instructions by which a body pays: see fuel.h. */
#include "fuel.h"

enum {
    OP_UNREACHABLE = 0x00,
    OP_BLOCK = 0x02,
    OP_IF = 0x04,
    OP_END = 0x0b,
    OP_BR = 0x0c,
    OP_CALL = 0x10,
    OP_LOCAL_GET = 0x20,
    OP_LOCAL_SET = 0x21,
    OP_GLOBAL_GET = 0x23,
    OP_GLOBAL_SET = 0x24,
    OP_I32_CONST = 0x41,
    OP_I64_CONST = 0x42,
    OP_I64_LT_S = 0x53,
    OP_I64_SUB = 0x7d,
    OP_I64_SHR_U = 0x88,
    OP_I64_EXTEND_I32_U = 0xad,
};

static void put_op(struct sink *sink, uint8_t opcode, uint32_t index)
{
    put_byte(sink, opcode);
    put_u32(sink, index);
}

/* Of a number that is not negative, a signed LEB128. */
static void put_i64(struct sink *sink, uint64_t value)
{
    put_byte(sink, OP_I64_CONST);
    while (value >= 0x40) {
        put_byte(sink, (uint8_t)(value | 0x80));
        value >>= 7;
    }
    put_byte(sink, (uint8_t)value);
}

static uint32_t global(const struct fuel_plan *plan, uint32_t which)
{
    return plan->module->globals.total + which;
}

static void put_left(struct sink *sink, const struct fuel_plan *plan)
{
    if (plan->cached)
        put_op(sink, OP_LOCAL_GET, plan->local);
    else
        put_op(sink, OP_GLOBAL_GET, global(plan, FUEL_GLOBAL_LEFT));
}

static void put_take(struct sink *sink, const struct fuel_plan *plan)
{
    if (plan->cached)
        put_op(sink, OP_LOCAL_SET, plan->local);
    else
        put_op(sink, OP_GLOBAL_SET, global(plan, FUEL_GLOBAL_LEFT));
}

/* From the local to the global. */
static void put_back(struct sink *sink, const struct fuel_plan *plan)
{
    put_op(sink, OP_LOCAL_GET, plan->local);
    put_op(sink, OP_GLOBAL_SET, global(plan, FUEL_GLOBAL_LEFT));
}

static void put_fetch(struct sink *sink, const struct fuel_plan *plan)
{
    put_op(sink, OP_GLOBAL_GET, global(plan, FUEL_GLOBAL_LEFT));
    put_op(sink, OP_LOCAL_SET, plan->local);
}

/* The runtime tells this unreachable from others by what is left. */
static void put_check(struct sink *sink, const struct fuel_plan *plan)
{
    put_left(sink, plan);
    put_i64(sink, 0);
    put_byte(sink, OP_I64_LT_S);
    put_byte(sink, OP_IF);
    put_byte(sink, TYPE_EMPTY_BLOCK);
    if (plan->cached)
        put_back(sink, plan);
    put_byte(sink, OP_UNREACHABLE);
    put_byte(sink, OP_END);
}

static void put_piece(struct sink *sink, const struct fuel_plan *plan,
                      const struct fuel_point *point)
{
    if (point->number > 0) {
        put_left(sink, plan);
        put_i64(sink, point->number);
        put_byte(sink, OP_I64_SUB);
        put_take(sink, plan);
    }
    if (point->kind == FUEL_CHECK)
        put_check(sink, plan);
}

/* The length is on the stack. It is looked at before the work is done. */
static void put_bulk(struct sink *sink, const struct fuel_plan *plan,
                     const struct fuel_point *point)
{
    bool wide = point->kind == FUEL_BULK64;
    uint32_t length = global(plan, wide ? FUEL_GLOBAL_LENGTH64 : FUEL_GLOBAL_LENGTH);

    put_op(sink, OP_GLOBAL_SET, length);
    put_left(sink, plan);
    put_op(sink, OP_GLOBAL_GET, length);
    if (!wide)
        put_byte(sink, OP_I64_EXTEND_I32_U);
    put_i64(sink, point->number);
    put_byte(sink, OP_I64_SHR_U);
    put_byte(sink, OP_I64_SUB);
    put_take(sink, plan);
    put_check(sink, plan);
    put_op(sink, OP_GLOBAL_GET, length);
}

/* Returns how many bytes of the original it stands for. */
static uint32_t put_point(struct sink *sink, const struct fuel_plan *plan,
                          const struct fuel_point *point)
{
    switch (point->kind) {
    case FUEL_PIECE:
    case FUEL_CHECK:
        put_piece(sink, plan, point);
        return 0;
    case FUEL_BULK:
    case FUEL_BULK64:
        put_bulk(sink, plan, point);
        return 0;
    case FUEL_CALL:
        if (plan->cached)
            put_back(sink, plan);
        return 0;
    case FUEL_CALLED:
        if (plan->cached)
            put_fetch(sink, plan);
        return 0;
    case FUEL_RETURN: /* a branch to the block that is around all */
        if (plan->cached)
            put_op(sink, OP_BR, (uint32_t)point->number);
        return plan->cached ? 1 : 0;
    }
    return 0;
}

/* One group of locals more. */
static void put_locals(struct sink *sink, const struct fuel_plan *plan, uint32_t from)
{
    const uint8_t *bytes = plan->module->bytes;
    struct reader r = {.base = bytes, .at = bytes + from, .end = bytes + plan->code};

    if (plan->cached) {
        put_u32(sink, reader_u32(&r) + 1);
        put(sink, r.at, (size_t)(r.end - r.at));
        put_byte(sink, 1);
        put_byte(sink, TYPE_I64);
        put_fetch(sink, plan);
    } else {
        put(sink, r.at, (size_t)(r.end - r.at));
    }
}

void fuel_put_body(struct sink *sink, const struct fuel_plan *plan, uint32_t from,
                   const struct fuel_original *original)
{
    uint32_t at = plan->code;

    put_locals(sink, plan, from);
    put_point(sink, plan, &plan->points[0]);
    if (plan->cached) {
        put_byte(sink, OP_BLOCK);
        put_byte(sink, plan->block);
    }
    for (uint32_t i = 1; i < plan->point_count; i++) {
        const struct fuel_point *point = &plan->points[i];

        original->put(original->context, sink, at, point->at);
        at = point->at + put_point(sink, plan, point);
    }
    original->put(original->context, sink, at, plan->end);
    if (plan->cached) {
        put_back(sink, plan);
        put_byte(sink, OP_END);
    }
}

void fuel_put_globals(struct sink *sink)
{
    static const uint8_t globals[FUEL_GLOBALS][5] = {
        [FUEL_GLOBAL_LEFT] = {TYPE_I64, 1, OP_I64_CONST, 0, OP_END},
        [FUEL_GLOBAL_LENGTH] = {TYPE_I32, 1, OP_I32_CONST, 0, OP_END},
        [FUEL_GLOBAL_LENGTH64] = {TYPE_I64, 1, OP_I64_CONST, 0, OP_END},
    };

    put(sink, globals, sizeof globals);
}

uint32_t fuel_function_count(const struct module *module)
{
    return 1 + module->has_start;
}

static void put_exchange(struct sink *sink, const struct module *module)
{
    put_byte(sink, 0); /* locals */
    put_op(sink, OP_GLOBAL_GET, module->globals.total + FUEL_GLOBAL_LEFT);
    put_op(sink, OP_LOCAL_GET, 0);
    put_op(sink, OP_GLOBAL_SET, module->globals.total + FUEL_GLOBAL_LEFT);
    put_byte(sink, OP_END);
}

static void put_start(struct sink *sink, const struct module *module)
{
    put_byte(sink, 0); /* locals */
    put_op(sink, OP_CALL, module->start);
    put_byte(sink, OP_END);
}

void fuel_put_functions(struct sink *sink, const struct module *module)
{
    struct sink counting = {NULL, 0};

    put_exchange(&counting, module);
    put_u32(sink, (uint32_t)counting.size);
    put_exchange(sink, module);
    if (!module->has_start)
        return;
    counting.size = 0;
    put_start(&counting, module);
    put_u32(sink, (uint32_t)counting.size);
    put_start(sink, module);
}
