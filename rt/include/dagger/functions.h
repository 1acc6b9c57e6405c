/* The table of guest functions an executable carries for its backtraces.
 *
 * The generated start-up file reserves a section of the size the module needs; daggercc fills it in
 * after linking, from the executable's own symbol table, so that it needs no relocations, survives
 * stripping and can be read from a trap handler without any system call.
 *
 * Layout (all integers little-endian 32 bits, all offsets from the section's first byte):
 *   magic, count, then `count` rows sorted by address {address, size, index, name, name_len},
 *   then the names' bytes. An address is relative to the section's first byte (two's complement).
 *   count is 0 until the table is filled in.
 */
#ifndef DAGGER_FUNCTIONS_H
#define DAGGER_FUNCTIONS_H

#include <stdint.h>

#define DAGGER_FUNCTIONS_SECTION ".dagger.functions"
#define DAGGER_FUNCTIONS_SYMBOL  "dagger_guest_functions"
#define DAGGER_FUNCTIONS_MAGIC   0x46474144u /* "DAGF" */

/* In `index`: not the function itself but what wasm2c puts before it for tables and exports. A
 * compiler may inline the function there; a frame of it is the function's, unless the function's
 * own is the one just inside. */
#define DAGGER_FUNCTION_WRAPPER 0x80000000u

struct dagger_function_row {
    int32_t address; /* of the function's first instruction, relative to the table */
    uint32_t size;   /* bytes of machine code */
    uint32_t index;  /* the function's index in the WebAssembly module */
    uint32_t name; /* offset of the name's bytes: UTF-8 from the module, hostile, not terminated */
    uint32_t name_len; /* bytes; 0: the module gives none */
};

struct dagger_function_table {
    uint32_t magic;
    uint32_t count;
    struct dagger_function_row rows[];
};

#endif
