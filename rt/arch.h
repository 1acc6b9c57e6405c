/* What differs between processors: registers, the stack switch, the context a signal handler gets.
 * One file each, chosen by CMake.
 */
#ifndef DAGGER_RT_ARCH_H
#define DAGGER_RT_ARCH_H

#include <stdint.h>

/* General registers by their DWARF numbers, the program counter last. */
#if defined(__x86_64__)
enum { REGISTER_SP = 7, REGISTER_RETURN = 16, REGISTER_PC = 16, REGISTER_COUNT = 17 };
#elif defined(__aarch64__)
enum { REGISTER_SP = 31, REGISTER_RETURN = 30, REGISTER_PC = 32, REGISTER_COUNT = 33 };
#else
#error "processors: x86-64 and aarch64"
#endif

struct dagger_registers {
    uintptr_t value[REGISTER_COUNT];
};

/* Calls function(argument) on the stack whose end is `top` (16-byte aligned) and returns its
 * result. Unwinding through the switch gives the caller, by CFI. */
int dagger_call_on_stack(uintptr_t top, int (*function)(void *argument), void *argument);

/* Stores the registers as they are in the caller, at the return from this call. Only those that a
 * callee preserves have meaning, and the stack pointer and program counter. */
void dagger_capture_registers(struct dagger_registers *registers);

/* Registers from a signal handler's context (ucontext_t). */
void dagger_registers_from_context(struct dagger_registers *registers, const void *context);

/* Makes the interrupted thread go on in function(argument) on the stack whose end is `top`, with no
 * frame to return to. */
void dagger_context_redirect(void *context, uintptr_t top, void (*function)(void *argument),
                             void *argument);

/* A return address as code address: without the signature that pointer authentication adds. */
uintptr_t dagger_plain_address(uintptr_t address);

#endif
