/* The forms of instructions: what follows each opcode, and the feature it belongs to. One table of
 * ranges, spread out for speed when a module is read.
 *
 * Source: WebAssembly Core Specification 2.0, 5.4 (instructions) and the proposals for tail calls,
 * exceptions (both), threads, relaxed SIMD, function references, garbage collection, wide
 * arithmetic.
 */
#ifndef DAGGER_COMPILER_OPCODES_H
#define DAGGER_COMPILER_OPCODES_H

#include <stdint.h>

/* What follows an opcode. */
enum immediate {
    IMM_UNKNOWN, /* no such opcode */
    IMM_NONE,
    IMM_PREFIX, /* the opcode goes on in a LEB128 */
    IMM_BLOCK,
    IMM_IF,
    IMM_ELSE,
    IMM_TRY,
    IMM_CATCH,
    IMM_CATCH_ALL,
    IMM_DELEGATE,
    IMM_TRY_TABLE,
    IMM_END,
    IMM_LABEL,
    IMM_LABELS,
    IMM_FUNCTION,
    IMM_REF_FUNC,
    IMM_CALL_INDIRECT,
    IMM_LOCAL,
    IMM_GLOBAL,
    IMM_TABLE,
    IMM_TABLE_TABLE,
    IMM_TAG,
    IMM_MEMORY,
    IMM_MEMORY_MEMORY,
    IMM_ACCESS, /* alignment, memory, offset */
    IMM_ACCESS_LANE,
    IMM_DATA,
    IMM_DATA_MEMORY,
    IMM_ELEMENT,
    IMM_ELEMENT_TABLE,
    IMM_I32,
    IMM_I64,
    IMM_4_BYTES,
    IMM_8_BYTES,
    IMM_16_BYTES,
    IMM_LANE,
    IMM_ZERO_BYTE,
    IMM_SELECT,
    IMM_HEAP_TYPE,
    IMM_TYPE,
    IMM_TYPE_NUMBER,
    IMM_TYPE_TYPE,
    IMM_TYPE_DATA,
    IMM_TYPE_ELEMENT,
    IMM_CAST
};

struct opcode {
    uint8_t immediate; /* enum immediate */
    uint8_t feature;   /* enum feature_number + 1, 0: none */
    uint8_t constant;  /* 0: not in a constant expression; 1: allowed; more: feature + 1 */
};

enum { OPCODE_FIRST_PREFIX = 0xfb, OPCODE_PREFIXES = 4, OPCODE_PREFIXED_MAX = 0x120 };

struct opcodes {
    struct opcode plain[256];
    struct opcode prefixed[OPCODE_PREFIXES][OPCODE_PREFIXED_MAX]; /* 0xfb to 0xfe */
};

void opcodes_init(struct opcodes *opcodes);

#endif
