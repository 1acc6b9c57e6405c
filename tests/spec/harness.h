/* What the programs made from a .wast file are written with: their commands run inside
 * dagger_start, on the guest's stack, one after another in one process.
 *
 * A trap goes the runtime's whole way, as in any executable; only its last step, _exit(), is taken
 * over (ld --wrap) and comes back here, so that the state a trap leaves behind can be looked at by
 * the commands that follow it.
 */
#ifndef DAGGER_TESTS_SPEC_HARNESS_H
#define DAGGER_TESTS_SPEC_HARNESS_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "dagger/start.h"

/* Begins the command number `command`, which shall trap for `reason`, or not if that is NULL. */
void begin(int command, const char *reason);
extern jmp_buf trapped;
/* Ends it: prints "pass COMMAND" or "fail COMMAND WHY". */
void done(void);

#define COMMAND(number, reason, ...)                                                               \
    do {                                                                                           \
        begin(number, reason);                                                                     \
        if (setjmp(trapped) == 0) {                                                                \
            __VA_ARGS__                                                                            \
        }                                                                                          \
        done();                                                                                    \
    } while (0)

enum match {
    EXACT,
    CANONICAL_NAN,  /* of any sign */
    ARITHMETIC_NAN, /* a quiet one */
};

/* `size` (4 or 8) bytes at `got` + `offset` must match. */
void expect(const void *got, int offset, int size, enum match match, uint64_t value);

float f32_of(uint32_t bits);
double f64_of(uint64_t bits);

/* Has what the runtime reports kept for the commands to look at. */
bool take_messages(void);

/* Of the one guest of an executable. */
void instantiate_guest(void);

/* The module "spectest" that the specification's tests import. */
extern struct w2c_spectest spectest;
void spectest_instantiate(void);

/* Of the generated file. */
void commands(void);

#endif
