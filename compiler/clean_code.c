#include "clean_code.h"

#include "sections.h"

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

void clean_put_types(struct sink *sink, const struct module *module)
{
    struct blocks blocks = find_blocks(module);
    struct reader r = read_section_of(module, SECTION_TYPE);

    put_u32(sink, reader_u32(&r) + blocks.count);
    put(sink, r.at, (size_t)(r.end - r.at));
    for (uint32_t i = 0; i < blocks.count; i++) {
        const uint8_t type[] = {FORM_FUNC, 1, blocks.used[i], 1, blocks.used[i]};

        put(sink, type, sizeof type);
    }
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

/* A body from `at` to `end`; `*next` is the first select in it, or behind it. */
static void put_body(struct sink *sink, const struct module *module, const struct blocks *blocks,
                     const uint8_t *at, const uint8_t *end, uint32_t *next)
{
    while (*next < module->select_count && module->bytes + module->selects[*next] <= end) {
        const uint8_t *after = module->bytes + module->selects[*next];

        put(sink, at, (size_t)(after - at));
        put_byte(sink, OPCODE_BLOCK);
        put_block_type(sink, blocks->index[type_of_select(module, *next)]);
        put_byte(sink, OPCODE_END);
        at = after;
        ++*next;
    }
    put(sink, at, (size_t)(end - at));
}

void clean_put_code(struct sink *sink, const struct module *module)
{
    struct blocks blocks = find_blocks(module);
    struct reader r = read_section_of(module, SECTION_CODE);
    uint32_t count = reader_u32(&r), next = 0;

    put_u32(sink, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t size = reader_u32(&r), first = next;
        struct sink counting = {NULL, 0};

        put_body(&counting, module, &blocks, r.at, r.at + size, &first);
        put_u32(sink, (uint32_t)counting.size);
        put_body(sink, module, &blocks, r.at, r.at + size, &next);
        r.at += size;
    }
}
