/* wabt's messages, as its source has them, and what they are to us. */
#include "rt/interp/traps.h"

#include <criterion/criterion.h>

Test(interp_traps, messages_of_wabt)
{
    static const struct {
        const char *message;
        enum dagger_trap trap;
    } rows[] = {
        {"unreachable executed", DAGGER_TRAP_UNREACHABLE},
        {"out of bounds memory access: access at 65536+4 >= max value 65536",
         DAGGER_TRAP_OUT_OF_BOUNDS},
        {"out of bounds memory access: memory.copy out of bound", DAGGER_TRAP_OUT_OF_BOUNDS},
        {"out of bounds table access: table.get at 5 >= max value 4",
         DAGGER_TRAP_TABLE_OUT_OF_BOUNDS},
        {"out of bounds table access: elem segment is out of bounds: [1, 2) >= max value 1",
         DAGGER_TRAP_TABLE_OUT_OF_BOUNDS},
        {"integer overflow", DAGGER_TRAP_INTEGER_OVERFLOW},
        {"integer divide by zero", DAGGER_TRAP_DIVIDE_BY_ZERO},
        {"invalid conversion to integer", DAGGER_TRAP_INVALID_CONVERSION},
        {"undefined table index", DAGGER_TRAP_CALL_INDIRECT},
        {"uninitialized table element", DAGGER_TRAP_CALL_INDIRECT},
        {"indirect call signature mismatch", DAGGER_TRAP_CALL_INDIRECT},
        {"call stack exhausted", DAGGER_TRAP_STACK_EXHAUSTED},
        {"uncaught exception", DAGGER_TRAP_UNCAUGHT_EXCEPTION},
        {"not implemented", DAGGER_TRAP_NONE},
        {"", DAGGER_TRAP_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(interp_trap(rows[i].message), rows[i].trap, "\"%s\"", rows[i].message);
}
