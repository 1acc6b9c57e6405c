/* Makes of the C that wasm2c wrote for any module and any number of instances what is compiled for
 * one executable: one instance, whose globals and tables are variables, memory where the executable
 * has it, data as a binary file, and as many parts of like size as can be compiled side by side.
 *
 * For an object nothing but the last two: what it means and what can be called stay as wasm2c wrote
 * them. */
#ifndef DAGGER_COMPILER_SPECIALISE_H
#define DAGGER_COMPILER_SPECIALISE_H

#include <stdbool.h>

#include "args.h"
#include "options.h"

/* wasm2c's output, in the temporary folder. */
#define TRANSLATED "translated"

/* What is written: guest.h, the parts, and guest.data with an assembler source that includes it. */
#define SPECIALISED_DATA "data"

struct specialisation {
    const struct args *parts; /* names of the C files to write, without ".c"; >= 1 */
    bool library;             /* for an object; what follows is for executables */
    enum memory_mode memory;
    bool single_memory; /* the module has one memory at most */
    bool uses_simd;
    bool relaxed_loads;
};

/* Returns 0; 1 if the C is not what the known versions of wasm2c write: nothing was made of it; -1
 * after a message. */
int specialise(const struct specialisation *how);

#endif
