#include "clean_code.h"

#include "fuel.h"

enum { TYPES = 256, OPCODE_BLOCK = 0x02, OPCODE_END = 0x0b };

/* The types of blocks that are added, in the order of their first use. */
struct blocks {
    uint32_t index[TYPES]; /* by the byte of the value's type; 0: not used */
    uint8_t used[TYPES];
    uint32_t count;
};

static uint8_t type_of_select(const struct module *module, uint32_t number)
{
    return module->bytes[module->selects[number] - 1];
}

static struct blocks find_blocks(const struct module *module)
{
    struct blocks blocks = {.count = 0};

    for (uint32_t i = 0; i < module->select_count; i++) {
        uint8_t type = type_of_select(module, i);

        if (blocks.index[type])
            continue;
        blocks.index[type] = module->type_count + blocks.count;
        blocks.used[blocks.count++] = type;
    }
    return blocks;
}

static struct reader read_section_of(const struct module *module, enum section_id id)
{
    struct module_span span = module->sections[id];
    const uint8_t *at = module->bytes + span.offset;

    return (struct reader){
        .base = module->bytes, .at = at, .end = at + span.size, .function = UINT32_MAX};
}

void clean_put_types(struct sink *sink, const struct module *module, bool fuel)
{
    static const uint8_t exchange[] = {FORM_FUNC, 1, TYPE_I64, 1, TYPE_I64},
                         start[] = {FORM_FUNC, 0, 0};
    struct blocks blocks = find_blocks(module);
    struct reader r = read_section_of(module, SECTION_TYPE);

    put_u32(sink, reader_u32(&r) + blocks.count + (fuel ? 2 : 0));
    put(sink, r.at, (size_t)(r.end - r.at));
    for (uint32_t i = 0; i < blocks.count; i++) {
        const uint8_t type[] = {FORM_FUNC, 1, blocks.used[i], 1, blocks.used[i]};

        put(sink, type, sizeof type);
    }
    if (fuel) {
        put(sink, exchange, sizeof exchange);
        put(sink, start, sizeof start);
    }
}

void clean_put_functions(struct sink *sink, const struct module *module)
{
    uint32_t type = module->type_count + find_blocks(module).count;
    struct reader r = read_section_of(module, SECTION_FUNCTION);

    put_u32(sink, reader_u32(&r) + fuel_function_count(module));
    put(sink, r.at, (size_t)(r.end - r.at));
    for (uint32_t i = 0; i < fuel_function_count(module); i++)
        put_u32(sink, type + i);
}

void clean_put_globals(struct sink *sink, const struct module *module)
{
    struct reader r = read_section_of(module, SECTION_GLOBAL);

    put_u32(sink, (r.at < r.end ? reader_u32(&r) : 0) + FUEL_GLOBALS);
    put(sink, r.at, (size_t)(r.end - r.at));
    fuel_put_globals(sink);
}

/* A signed LEB128 of a number that is not negative. */
static void put_block_type(struct sink *sink, uint32_t index)
{
    while (index >= 0x40) {
        put_byte(sink, (uint8_t)(index | 0x80));
        index >>= 7;
    }
    put_byte(sink, (uint8_t)index);
}

/* The code section on its way. */
struct code {
    const struct module *module;
    struct blocks blocks;
    uint32_t next; /* the first select that has not been written yet */
};

/* Bytes of a body as they are, but for the blocks behind selects. */
static void put_instructions(void *context, struct sink *sink, uint32_t from, uint32_t to)
{
    struct code *code = context;
    const struct module *module = code->module;

    while (code->next < module->select_count && module->selects[code->next] <= to) {
        uint32_t after = module->selects[code->next];

        put(sink, module->bytes + from, after - from);
        put_byte(sink, OPCODE_BLOCK);
        put_block_type(sink, code->blocks.index[type_of_select(module, code->next)]);
        put_byte(sink, OPCODE_END);
        from = after;
        code->next++;
    }
    put(sink, module->bytes + from, to - from);
}

/* A body, twice: its size comes first. */
static void put_body(struct sink *sink, struct code *code, const struct fuel_plan *plan,
                     uint32_t from, uint32_t to)
{
    struct fuel_original original = {put_instructions, code};
    struct sink counting = {NULL, 0}, *sinks[] = {&counting, sink};
    uint32_t first = code->next;

    for (size_t i = 0; i < 2; i++) {
        code->next = first;
        if (plan)
            fuel_put_body(sinks[i], plan, from, &original);
        else
            put_instructions(code, sinks[i], from, to);
        if (i == 0)
            put_u32(sink, (uint32_t)counting.size);
    }
}

void clean_put_code(struct sink *sink, const struct module *module, bool fuel)
{
    struct code code = {module, find_blocks(module), 0};
    struct reader r = read_section_of(module, SECTION_CODE);
    uint32_t count = reader_u32(&r);
    struct fuel_plan plan = {NULL};
    struct reading again;
    struct module copy;

    reading_again(&again, &copy, module);
    again.r.at = r.at;
    put_u32(sink, count + (fuel ? fuel_function_count(module) : 0));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t size = reader_u32(&r), from = (uint32_t)(r.at - module->bytes);

        if (fuel)
            fuel_plan(&plan, &again, module->functions.imported + i);
        put_body(sink, &code, fuel ? &plan : NULL, from, from + size);
        r.at += size;
    }
    if (fuel)
        fuel_put_functions(sink, module);
    fuel_plan_release(&plan);
    reading_again_release(&again);
}
