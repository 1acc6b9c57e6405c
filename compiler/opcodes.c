/* The table of instructions: see opcodes.h. */
#include "opcodes.h"

#include <string.h>

#include "module_features.h"

#define F(id) (FEATURE_NUMBER_##id + 1)

static const struct opcode_range {
    uint8_t prefix; /* 0: none */
    uint16_t first, last;
    uint8_t immediate, feature;
} ranges[] = {
    {0, 0x00, 0x01, IMM_NONE, 0}, /* unreachable, nop */
    {0, 0x02, 0x03, IMM_BLOCK, 0},
    {0, 0x04, 0x04, IMM_IF, 0},
    {0, 0x05, 0x05, IMM_ELSE, 0},
    {0, 0x06, 0x06, IMM_TRY, F(EXCEPTIONS_LEGACY)},
    {0, 0x07, 0x07, IMM_CATCH, F(EXCEPTIONS_LEGACY)},
    {0, 0x08, 0x08, IMM_TAG, 0},                      /* throw: of both kinds of exceptions */
    {0, 0x09, 0x09, IMM_LABEL, F(EXCEPTIONS_LEGACY)}, /* rethrow */
    {0, 0x0a, 0x0a, IMM_NONE, F(EXCEPTIONS)},         /* throw_ref */
    {0, 0x0b, 0x0b, IMM_END, 0},
    {0, 0x0c, 0x0d, IMM_LABEL, 0},
    {0, 0x0e, 0x0e, IMM_LABELS, 0},
    {0, 0x0f, 0x0f, IMM_NONE, 0},
    {0, 0x10, 0x10, IMM_FUNCTION, 0},
    {0, 0x11, 0x11, IMM_CALL_INDIRECT, 0},
    {0, 0x12, 0x12, IMM_FUNCTION, F(TAIL_CALL)},
    {0, 0x13, 0x13, IMM_CALL_INDIRECT, F(TAIL_CALL)},
    {0, 0x14, 0x15, IMM_TYPE, F(FUNCTION_REFERENCES)}, /* call_ref, return_call_ref */
    {0, 0x18, 0x18, IMM_DELEGATE, F(EXCEPTIONS_LEGACY)},
    {0, 0x19, 0x19, IMM_CATCH_ALL, F(EXCEPTIONS_LEGACY)},
    {0, 0x1a, 0x1b, IMM_NONE, 0}, /* drop, select */
    {0, 0x1c, 0x1c, IMM_SELECT, 0},
    {0, 0x1f, 0x1f, IMM_TRY_TABLE, F(EXCEPTIONS)},
    {0, 0x20, 0x22, IMM_LOCAL, 0},
    {0, 0x23, 0x24, IMM_GLOBAL, 0},
    {0, 0x25, 0x26, IMM_TABLE, 0},
    {0, 0x28, 0x3e, IMM_ACCESS, 0},
    {0, 0x3f, 0x40, IMM_MEMORY, 0},
    {0, 0x41, 0x41, IMM_I32, 0},
    {0, 0x42, 0x42, IMM_I64, 0},
    {0, 0x43, 0x43, IMM_4_BYTES, 0},
    {0, 0x44, 0x44, IMM_8_BYTES, 0},
    {0, 0x45, 0xc4, IMM_NONE, 0}, /* numeric */
    {0, 0xd0, 0xd0, IMM_HEAP_TYPE, 0},
    {0, 0xd1, 0xd1, IMM_NONE, 0}, /* ref.is_null */
    {0, 0xd2, 0xd2, IMM_REF_FUNC, 0},
    {0, 0xd3, 0xd3, IMM_NONE, F(GC)},                   /* ref.eq */
    {0, 0xd4, 0xd4, IMM_NONE, F(FUNCTION_REFERENCES)},  /* ref.as_non_null */
    {0, 0xd5, 0xd6, IMM_LABEL, F(FUNCTION_REFERENCES)}, /* br_on_null, br_on_non_null */
    {0, 0xfb, 0xfe, IMM_PREFIX, 0},

    {0xfb, 0x00, 0x01, IMM_TYPE, F(GC)},        /* struct.new, struct.new_default */
    {0xfb, 0x02, 0x05, IMM_TYPE_NUMBER, F(GC)}, /* struct.get, struct.set */
    {0xfb, 0x06, 0x07, IMM_TYPE, F(GC)},        /* array.new, array.new_default */
    {0xfb, 0x08, 0x08, IMM_TYPE_NUMBER, F(GC)}, /* array.new_fixed */
    {0xfb, 0x09, 0x09, IMM_TYPE_DATA, F(GC)},
    {0xfb, 0x0a, 0x0a, IMM_TYPE_ELEMENT, F(GC)},
    {0xfb, 0x0b, 0x0e, IMM_TYPE, F(GC)}, /* array.get, array.set */
    {0xfb, 0x0f, 0x0f, IMM_NONE, F(GC)}, /* array.len */
    {0xfb, 0x10, 0x10, IMM_TYPE, F(GC)}, /* array.fill */
    {0xfb, 0x11, 0x11, IMM_TYPE_TYPE, F(GC)},
    {0xfb, 0x12, 0x12, IMM_TYPE_DATA, F(GC)},
    {0xfb, 0x13, 0x13, IMM_TYPE_ELEMENT, F(GC)},
    {0xfb, 0x14, 0x17, IMM_HEAP_TYPE, F(GC)}, /* ref.test, ref.cast */
    {0xfb, 0x18, 0x19, IMM_CAST, F(GC)},      /* br_on_cast, br_on_cast_fail */
    {0xfb, 0x1a, 0x1e, IMM_NONE, F(GC)},      /* conversions, i31 */

    {0xfc, 0x00, 0x07, IMM_NONE, 0}, /* saturating truncation */
    {0xfc, 0x08, 0x08, IMM_DATA_MEMORY, 0},
    {0xfc, 0x09, 0x09, IMM_DATA, 0},
    {0xfc, 0x0a, 0x0a, IMM_MEMORY_MEMORY, 0},
    {0xfc, 0x0b, 0x0b, IMM_MEMORY, 0},
    {0xfc, 0x0c, 0x0c, IMM_ELEMENT_TABLE, 0},
    {0xfc, 0x0d, 0x0d, IMM_ELEMENT, 0},
    {0xfc, 0x0e, 0x0e, IMM_TABLE_TABLE, 0},
    {0xfc, 0x0f, 0x11, IMM_TABLE, 0},
    {0xfc, 0x13, 0x16, IMM_NONE, F(WIDE_ARITHMETIC)},

    {0xfd, 0x00, 0x0b, IMM_ACCESS, F(SIMD)},
    {0xfd, 0x0c, 0x0d, IMM_16_BYTES, F(SIMD)}, /* v128.const, i8x16.shuffle */
    {0xfd, 0x0e, 0x14, IMM_NONE, F(SIMD)},
    {0xfd, 0x15, 0x22, IMM_LANE, F(SIMD)},
    {0xfd, 0x23, 0x53, IMM_NONE, F(SIMD)},
    {0xfd, 0x54, 0x5b, IMM_ACCESS_LANE, F(SIMD)},
    {0xfd, 0x5c, 0x5d, IMM_ACCESS, F(SIMD)},
    {0xfd, 0x5e, 0x99, IMM_NONE, F(SIMD)}, /* from here on arithmetic, with gaps */
    {0xfd, 0x9b, 0xa1, IMM_NONE, F(SIMD)},
    {0xfd, 0xa3, 0xa4, IMM_NONE, F(SIMD)},
    {0xfd, 0xa7, 0xae, IMM_NONE, F(SIMD)},
    {0xfd, 0xb1, 0xb1, IMM_NONE, F(SIMD)},
    {0xfd, 0xb5, 0xba, IMM_NONE, F(SIMD)},
    {0xfd, 0xbc, 0xc1, IMM_NONE, F(SIMD)},
    {0xfd, 0xc3, 0xc4, IMM_NONE, F(SIMD)},
    {0xfd, 0xc7, 0xce, IMM_NONE, F(SIMD)},
    {0xfd, 0xd1, 0xd1, IMM_NONE, F(SIMD)},
    {0xfd, 0xd5, 0xe1, IMM_NONE, F(SIMD)},
    {0xfd, 0xe3, 0xed, IMM_NONE, F(SIMD)},
    {0xfd, 0xef, 0xff, IMM_NONE, F(SIMD)},
    {0xfd, 0x100, 0x113, IMM_NONE, F(RELAXED_SIMD)},

    {0xfe, 0x00, 0x02, IMM_ACCESS, F(THREADS)},
    {0xfe, 0x03, 0x03, IMM_ZERO_BYTE, F(THREADS)}, /* atomic.fence */
    {0xfe, 0x10, 0x4e, IMM_ACCESS, F(THREADS)},
};

/* What a constant expression may hold; `feature` beyond that of the instruction itself. */
static const struct {
    uint8_t prefix, first, last, feature;
} constants[] = {
    {0, 0x0b, 0x0b, 0},
    {0, 0x23, 0x23, 0},                 /* global.get */
    {0, 0x41, 0x44, 0},                 /* i32.const to f64.const */
    {0, 0x6a, 0x6c, F(EXTENDED_CONST)}, /* i32.add, sub, mul */
    {0, 0x7c, 0x7e, F(EXTENDED_CONST)}, /* i64.add, sub, mul */
    {0, 0xd0, 0xd0, 0},                 /* ref.null */
    {0, 0xd2, 0xd2, 0},                 /* ref.func */
    {0, 0xfb, 0xfb, 0},                 /* prefixes: what follows them decides */
    {0, 0xfd, 0xfd, 0},
    {0xfb, 0x00, 0x01, 0}, /* struct.new */
    {0xfb, 0x06, 0x08, 0}, /* array.new */
    {0xfb, 0x1a, 0x1c, 0}, /* conversions, ref.i31 */
    {0xfd, 0x0c, 0x0c, 0}, /* v128.const */
};

static struct opcode *opcode_at(struct opcodes *opcodes, unsigned prefix, unsigned code)
{
    return prefix ? &opcodes->prefixed[prefix - OPCODE_FIRST_PREFIX][code] : &opcodes->plain[code];
}

void opcodes_init(struct opcodes *opcodes)
{
    memset(opcodes, 0, sizeof *opcodes);
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        for (unsigned code = ranges[i].first; code <= ranges[i].last; code++) {
            struct opcode *opcode = opcode_at(opcodes, ranges[i].prefix, code);

            opcode->immediate = ranges[i].immediate;
            opcode->feature = ranges[i].feature;
        }
    }
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
        for (unsigned code = constants[i].first; code <= constants[i].last; code++) {
            struct opcode *opcode = opcode_at(opcodes, constants[i].prefix, code);

            opcode->constant = (uint8_t)(1 + constants[i].feature);
        }
    }
}
