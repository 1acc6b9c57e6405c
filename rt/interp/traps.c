#include "traps.h"

#include <string.h>

enum dagger_trap interp_trap(const char *message)
{
    static const struct {
        const char *start; /* of the message: addresses and sizes may follow */
        enum dagger_trap trap;
    } rows[] = {
        {"unreachable executed", DAGGER_TRAP_UNREACHABLE},
        {"out of bounds memory access", DAGGER_TRAP_OUT_OF_BOUNDS},
        {"out of bounds table access", DAGGER_TRAP_TABLE_OUT_OF_BOUNDS},
        {"integer overflow", DAGGER_TRAP_INTEGER_OVERFLOW},
        {"integer divide by zero", DAGGER_TRAP_DIVIDE_BY_ZERO},
        {"invalid conversion to integer", DAGGER_TRAP_INVALID_CONVERSION},
        {"undefined table index", DAGGER_TRAP_CALL_INDIRECT},
        {"uninitialized table element", DAGGER_TRAP_CALL_INDIRECT},
        {"indirect call signature mismatch", DAGGER_TRAP_CALL_INDIRECT},
        {"call stack exhausted", DAGGER_TRAP_STACK_EXHAUSTED},
        {"uncaught exception", DAGGER_TRAP_UNCAUGHT_EXCEPTION},
        {"undefined_", DAGGER_TRAP_UNDEFINED}, /* a name of the clean copy's */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strncmp(message, rows[i].start, strlen(rows[i].start)) == 0)
            return rows[i].trap;
    return DAGGER_TRAP_NONE;
}
