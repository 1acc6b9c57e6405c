/* Instructions: of bodies and of constant expressions (5.4). Every immediate is read, every index
 * bounded, blocks are matched; types are not looked at. */
#include "sections.h"

#include <stdlib.h>
#include <string.h>

/* What is open in an expression; the lowest is the expression itself. */
enum block { BLOCK_PLAIN, BLOCK_IF, BLOCK_TRY, BLOCK_CATCH };

/* One expression being read. */
struct scan {
    struct reading *g;
    uint32_t locals;
    uint32_t depth; /* how many blocks are open, the expression itself included; 0: it has ended */
    bool constant;
};

/* One immediate that is an index or a number. */
enum operand {
    OPERAND_NONE,
    OPERAND_LABEL,
    OPERAND_FUNCTION,
    OPERAND_TYPE,
    OPERAND_TABLE,
    OPERAND_TAG,
    OPERAND_MEMORY,
    OPERAND_DATA,
    OPERAND_ELEMENT,
    OPERAND_GLOBAL,
    OPERAND_NUMBER,
    OPERAND_HEAP_TYPE,
};

void reading_function_reference(struct reading *g)
{
    reader_index(&g->r, g->module->functions.total, "function");
    g->module->function_references += g->module->function_references < UINT32_MAX;
}

/* The immediates that are nothing but one or two such operands. */
static const uint8_t operands[][2] = {
    [IMM_LABEL] = {OPERAND_LABEL},
    [IMM_FUNCTION] = {OPERAND_FUNCTION},
    [IMM_CALL_INDIRECT] = {OPERAND_TYPE, OPERAND_TABLE},
    [IMM_GLOBAL] = {OPERAND_GLOBAL},
    [IMM_TABLE] = {OPERAND_TABLE},
    [IMM_TABLE_TABLE] = {OPERAND_TABLE, OPERAND_TABLE},
    [IMM_TAG] = {OPERAND_TAG},
    [IMM_MEMORY] = {OPERAND_MEMORY},
    [IMM_MEMORY_MEMORY] = {OPERAND_MEMORY, OPERAND_MEMORY},
    [IMM_DATA] = {OPERAND_DATA},
    [IMM_DATA_MEMORY] = {OPERAND_DATA, OPERAND_MEMORY},
    [IMM_ELEMENT] = {OPERAND_ELEMENT},
    [IMM_ELEMENT_TABLE] = {OPERAND_ELEMENT, OPERAND_TABLE},
    [IMM_HEAP_TYPE] = {OPERAND_HEAP_TYPE},
    [IMM_TYPE] = {OPERAND_TYPE},
    [IMM_TYPE_NUMBER] = {OPERAND_TYPE, OPERAND_NUMBER},
    [IMM_TYPE_TYPE] = {OPERAND_TYPE, OPERAND_TYPE},
    [IMM_TYPE_DATA] = {OPERAND_TYPE, OPERAND_DATA},
    [IMM_TYPE_ELEMENT] = {OPERAND_TYPE, OPERAND_ELEMENT},
};

static void open_block(struct scan *s, enum block kind)
{
    struct reading *g = s->g;

    if (s->depth == g->block_room) {
        uint32_t room = g->block_room ? g->block_room * 2 : 256;
        uint8_t *blocks = realloc(g->blocks, room);

        if (!blocks) {
            reader_fail(&g->r, g->r.at, "out of memory for %u nested blocks", room);
            return;
        }
        g->blocks = blocks;
        g->block_room = room;
    }
    g->blocks[s->depth++] = (uint8_t)kind;
    if (s->depth - 1 > g->module->deepest_block)
        g->module->deepest_block = s->depth - 1;
}

/* An instruction that goes on in an open block. */
static void turn_block(struct scan *s, const uint8_t *at, bool possible, enum block kind)
{
    if (possible)
        s->g->blocks[s->depth - 1] = (uint8_t)kind;
    else
        reader_fail(&s->g->r, at, "instruction 0x%02x outside the block it belongs to", *at);
}

static void read_memory_index(struct reading *g)
{
    const uint8_t *at = g->r.at;
    uint32_t memory = reader_index(&g->r, g->module->memory_counts.total, "memory");

    if (!g->r.failed && (memory != 0 || g->r.at != at + 1))
        reading_feature(g, FEATURE_NUMBER_MULTI_MEMORY, at);
}

static void read_data_index(struct reading *g)
{
    if (!g->has_data_count)
        reader_fail(&g->r, g->r.at, "a data segment is used, but there is no data count section");
    else
        reader_index(&g->r, g->data_count, "data segment");
}

static void read_operand(struct scan *s, enum operand operand)
{
    struct reading *g = s->g;
    struct module *module = g->module;

    switch (operand) {
    case OPERAND_NONE:
        break;
    case OPERAND_LABEL:
        reader_index(&g->r, s->depth, "label");
        break;
    case OPERAND_FUNCTION:
        reader_index(&g->r, module->functions.total, "function");
        break;
    case OPERAND_TYPE:
        reader_index(&g->r, module->type_count, "type");
        break;
    case OPERAND_TABLE:
        reader_index(&g->r, module->table_counts.total, "table");
        break;
    case OPERAND_TAG:
        reader_index(&g->r, module->tags.total, "tag");
        break;
    case OPERAND_MEMORY:
        read_memory_index(g);
        break;
    case OPERAND_DATA:
        read_data_index(g);
        break;
    case OPERAND_ELEMENT:
        reader_index(&g->r, module->element_count, "element segment");
        break;
    case OPERAND_GLOBAL:
        reader_index(&g->r, module->globals.total, "global");
        break;
    case OPERAND_NUMBER:
        reader_u32(&g->r);
        break;
    case OPERAND_HEAP_TYPE:
        read_heap_type(g);
        break;
    }
}

static void read_labels(struct scan *s)
{
    struct reader *r = &s->g->r;
    uint32_t count = reader_count(r, "labels", 1, LIMIT_LABELS);

    for (uint32_t i = 0; i <= count && !r->failed; i++)
        read_operand(s, OPERAND_LABEL);
}

/* Alignment with a flag for a memory index, the index, the offset. */
static void read_access(struct scan *s)
{
    struct reading *g = s->g;
    struct reader *r = &g->r;
    const uint8_t *at = r->at;
    uint32_t flags = reader_u32(r), memory = 0;

    if (flags >= 0x80 || (flags & 0x3f) >= 32) {
        reader_fail(r, at, "malformed alignment 0x%x of a memory access", flags);
    } else if (flags & 0x40) {
        reading_feature(g, FEATURE_NUMBER_MULTI_MEMORY, at);
        memory = reader_index(r, g->module->memory_counts.total, "memory");
    } else if (g->module->memory_counts.total == 0) {
        reader_fail(r, at, "a memory is accessed, but the module has none");
    }
    if (r->at < r->end && *r->at < 0x80)
        r->at++;
    else if (!r->failed)
        reader_leb_unsigned(r, g->module->memories[memory].is64 ? 64 : 32);
}

/* try_table: block type, then clauses: 0 catch, 1 catch_ref (both with a tag), 2 catch_all,
 * 3 catch_all_ref; each with a label, which counts from outside the block. */
static void read_try_table(struct scan *s)
{
    struct reader *r = &s->g->r;
    uint32_t count;

    read_block_type(s->g);
    count = reader_count(r, "catch clauses", 2, LIMIT_LABELS);
    for (uint32_t i = 0; i < count && !r->failed; i++) {
        const uint8_t *at = r->at;
        uint8_t kind = reader_byte(r, "a catch clause");

        if (kind > 3)
            reader_fail(r, at, "unknown catch clause 0x%02x", kind);
        else if (kind < 2)
            read_operand(s, OPERAND_TAG);
        read_operand(s, OPERAND_LABEL);
    }
    open_block(s, BLOCK_PLAIN);
}

/* The instructions that open, turn or close a block; the common ones are in read_instruction(). */
static void read_structure(struct scan *s, enum immediate immediate, const uint8_t *at)
{
    struct reader *r = &s->g->r;
    enum block top = s->g->blocks[s->depth - 1];

    switch (immediate) {
    case IMM_IF:
    case IMM_TRY:
        read_block_type(s->g);
        open_block(s, immediate == IMM_IF ? BLOCK_IF : BLOCK_TRY);
        break;
    case IMM_ELSE:
        turn_block(s, at, top == BLOCK_IF, BLOCK_PLAIN);
        break;
    case IMM_CATCH:
        turn_block(s, at, top == BLOCK_TRY || top == BLOCK_CATCH, BLOCK_CATCH);
        read_operand(s, OPERAND_TAG);
        break;
    case IMM_CATCH_ALL:
        if (top == BLOCK_CATCH)
            reading_feature(s->g, FEATURE_NUMBER_CATCH_ALL_AFTER_CATCH, at);
        turn_block(s, at, top == BLOCK_TRY || top == BLOCK_CATCH, BLOCK_PLAIN);
        break;
    case IMM_DELEGATE:
        turn_block(s, at, top == BLOCK_TRY, BLOCK_PLAIN);
        s->depth -= !r->failed;
        read_operand(s, OPERAND_LABEL);
        break;
    case IMM_TRY_TABLE:
        read_try_table(s);
        break;
    default:
        break;
    }
}

/* A select with a type. One of more than a byte is a typed reference, which no wasm2c is trusted
 * with: it is not in the list. */
static void read_select(struct reading *g)
{
    struct module *module = g->module;
    const uint8_t *at = g->r.at;
    uint32_t count = reader_u32(&g->r);

    if (count != 1 && !g->r.failed)
        reader_fail(&g->r, at, "a select of %u types, expected one", count);
    at = g->r.at;
    read_value_type(g);
    if (g->r.failed || g->r.at - at != 1)
        return;
    if (module->select_count == g->select_room) {
        uint32_t room = g->select_room ? g->select_room * 2 : 64;
        uint32_t *selects = realloc(module->selects, room * sizeof *selects);

        if (!selects) {
            reader_fail(&g->r, at, "out of memory for %u selects", room);
            return;
        }
        module->selects = selects;
        g->select_room = room;
    }
    module->selects[module->select_count++] = (uint32_t)(g->r.at - g->r.base);
}

/* What may stand after a rethrow without taking values: unreachable, else, catch, end, delegate and
 * catch_all. */
static void check_after_rethrow(struct reading *g)
{
    static const uint8_t harmless[] = {0x00, 0x05, 0x07, 0x0b, 0x18, 0x19};

    if (g->r.at < g->r.end && !memchr(harmless, *g->r.at, sizeof harmless))
        reading_feature(g, FEATURE_NUMBER_CODE_AFTER_RETHROW, g->r.at);
}

/* The rarer immediates. */
static void read_rare(struct scan *s, enum immediate immediate, const uint8_t *at)
{
    struct reader *r = &s->g->r;

    switch (immediate) {
    case IMM_ACCESS_LANE:
        read_access(s);
        reader_byte(r, "a lane");
        break;
    case IMM_SELECT:
        read_select(s->g);
        break;
    case IMM_CAST:
        if (reader_byte(r, "the flags of a cast") > 3)
            reader_fail(r, r->at - 1, "unknown flags of a cast");
        read_operand(s, OPERAND_LABEL);
        read_heap_type(s->g);
        read_heap_type(s->g);
        break;
    case IMM_ZERO_BYTE:
        if (reader_byte(r, "0x00") != 0)
            reader_fail(r, r->at - 1, "expected 0x00");
        break;
    case IMM_REF_FUNC:
        s->g->module->has_ref_func |= !s->constant;
        reading_function_reference(s->g);
        break;
    default:
        if (immediate >= sizeof operands / sizeof *operands || operands[immediate][0] == 0) {
            read_structure(s, immediate, at);
            break;
        }
        read_operand(s, operands[immediate][0]);
        read_operand(s, operands[immediate][1]);
        if (*at == 0x09)
            check_after_rethrow(s->g);
        break;
    }
}

static const struct opcode *read_opcode(struct scan *s, const uint8_t *at)
{
    static const struct opcode unknown;
    struct reading *g = s->g;
    const struct opcode *opcode = &g->opcodes.plain[*at];
    uint32_t code = *at;

    if (opcode->immediate == IMM_PREFIX) {
        code = reader_u32(&g->r);
        opcode = code < OPCODE_PREFIXED_MAX ? &g->opcodes.prefixed[*at - OPCODE_FIRST_PREFIX][code]
                                            : &unknown;
    }
    if (opcode->immediate == IMM_UNKNOWN) {
        if (g->opcodes.plain[*at].immediate == IMM_PREFIX)
            reader_fail(&g->r, at, "unknown instruction 0x%02x 0x%02x", *at, code);
        else
            reader_fail(&g->r, at, "unknown instruction 0x%02x", *at);
    }
    if (opcode->feature && !g->r.failed)
        reading_feature(g, opcode->feature - 1, at);
    if (s->constant && !g->r.failed) {
        if (opcode->constant == 0)
            reader_fail(&g->r, at, "instruction 0x%02x in a constant expression", *at);
        else if (opcode->constant > 1)
            reading_feature(g, opcode->constant - 2, at);
    }
    return opcode;
}

static void read_instruction(struct scan *s)
{
    struct reading *g = s->g;
    struct reader *r = &g->r;
    const uint8_t *at = r->at;
    const struct opcode *opcode;

    if (at >= r->end) {
        reader_fail(r, r->end, "unexpected end, expected an instruction or end");
        return;
    }
    r->at++;
    opcode = &g->opcodes.plain[*at];
    if (opcode->feature || opcode->immediate <= IMM_PREFIX || s->constant) {
        opcode = read_opcode(s, at);
        if (r->failed)
            return;
    }
    switch ((enum immediate)opcode->immediate) {
    case IMM_NONE:
        break;
    case IMM_BLOCK:
        read_block_type(g);
        open_block(s, BLOCK_PLAIN);
        break;
    case IMM_END:
        s->depth--;
        break;
    case IMM_LOCAL:
        reader_index(r, s->locals, "local");
        break;
    case IMM_LABELS:
        read_labels(s);
        break;
    case IMM_FUNCTION:
        reader_index(r, g->module->functions.total, "function");
        break;
    case IMM_ACCESS:
        read_access(s);
        break;
    case IMM_I32:
        reader_skip_signed(r, 32);
        break;
    case IMM_I64:
        reader_skip_signed(r, 64);
        break;
    case IMM_LANE:
        reader_byte(r, "a lane");
        break;
    case IMM_4_BYTES:
        reader_bytes(r, 4, "f32.const");
        break;
    case IMM_8_BYTES:
        reader_bytes(r, 8, "f64.const");
        break;
    case IMM_16_BYTES:
        reader_bytes(r, 16, "a vector");
        break;
    default:
        read_rare(s, (enum immediate)opcode->immediate, at);
        break;
    }
}

void read_expression(struct reading *g, uint32_t locals, bool constant)
{
    struct scan s = {.g = g, .locals = locals, .constant = constant};

    if (g->r.failed)
        return;
    open_block(&s, BLOCK_PLAIN);
    while (s.depth > 0 && !g->r.failed)
        read_instruction(&s);
}

void walk_expression(struct reading *g, uint32_t locals,
                     void (*visit)(void *context, const uint8_t *at, const uint8_t *end),
                     void *context)
{
    struct scan s = {.g = g, .locals = locals};

    open_block(&s, BLOCK_PLAIN);
    while (s.depth > 0 && !g->r.failed) {
        const uint8_t *at = g->r.at;

        read_instruction(&s);
        if (!g->r.failed)
            visit(context, at, g->r.at);
    }
}
