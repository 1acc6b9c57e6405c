#include "arch.h"

#include <ucontext.h>

/* x29 keeps the old stack pointer across the call, and tells unwinders where the caller's frame is.
 */
__asm__(".text\n"
        ".globl dagger_call_on_stack\n"
        ".hidden dagger_call_on_stack\n"
        ".type dagger_call_on_stack, %function\n"
        "dagger_call_on_stack:\n"
        "    .cfi_startproc\n"
        "    hint #34\n" /* bti c */
        "    stp x29, x30, [sp, #-16]!\n"
        "    .cfi_def_cfa_offset 16\n"
        "    .cfi_offset x29, -16\n"
        "    .cfi_offset x30, -8\n"
        "    mov x29, sp\n"
        "    .cfi_def_cfa_register x29\n"
        "    mov sp, x0\n"
        "    mov x0, x2\n"
        "    blr x1\n"
        "    mov sp, x29\n"
        "    ldp x29, x30, [sp], #16\n"
        "    .cfi_restore x29\n"
        "    .cfi_restore x30\n"
        "    .cfi_def_cfa sp, 0\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size dagger_call_on_stack, . - dagger_call_on_stack\n");

__asm__(".text\n"
        ".globl dagger_capture_registers\n"
        ".hidden dagger_capture_registers\n"
        ".type dagger_capture_registers, %function\n"
        "dagger_capture_registers:\n"
        "    .cfi_startproc\n"
        "    hint #34\n" /* bti c */
        "    stp x19, x20, [x0, #152]\n"
        "    stp x21, x22, [x0, #168]\n"
        "    stp x23, x24, [x0, #184]\n"
        "    stp x25, x26, [x0, #200]\n"
        "    stp x27, x28, [x0, #216]\n"
        "    stp x29, x30, [x0, #232]\n"
        "    mov x1, sp\n"
        "    stp x1, x30, [x0, #248]\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size dagger_capture_registers, . - dagger_capture_registers\n");

void dagger_registers_from_context(struct dagger_registers *registers, const void *context)
{
    const ucontext_t *ucontext = context;
    for (int i = 0; i < REGISTER_SP; i++)
        registers->value[i] = ucontext->uc_mcontext.regs[i];
    registers->value[REGISTER_SP] = ucontext->uc_mcontext.sp;
    registers->value[REGISTER_PC] = ucontext->uc_mcontext.pc;
}

void dagger_context_redirect(void *context, uintptr_t top, void (*function)(void *argument),
                             void *argument)
{
    const uint64_t branch_type = UINT64_C(3) << 10; /* PSTATE.BTYPE: no branch is being taken */
    ucontext_t *ucontext = context;
    ucontext->uc_mcontext.sp = top;
    ucontext->uc_mcontext.pc = (uintptr_t)function;
    ucontext->uc_mcontext.regs[0] = (uintptr_t)argument;
    ucontext->uc_mcontext.regs[29] = 0;
    ucontext->uc_mcontext.regs[30] = 0;
    ucontext->uc_mcontext.pstate &= ~branch_type;
}

uintptr_t dagger_plain_address(uintptr_t address)
{
    register uintptr_t x30 __asm__("x30") = address;
    __asm__("hint #7" : "+r"(x30)); /* xpaclri: does nothing without pointer authentication */
    return x30;
}
