#include "arch.h"

#include <ucontext.h>

/* rbp keeps the old stack pointer across the call, and tells unwinders where the caller's frame is.
 */
__asm__(".text\n"
        ".globl dagger_call_on_stack\n"
        ".hidden dagger_call_on_stack\n"
        ".type dagger_call_on_stack, @function\n"
        "dagger_call_on_stack:\n"
        "    .cfi_startproc\n"
        "    endbr64\n"
        "    pushq %rbp\n"
        "    .cfi_def_cfa_offset 16\n"
        "    .cfi_offset %rbp, -16\n"
        "    movq %rsp, %rbp\n"
        "    .cfi_def_cfa_register %rbp\n"
        "    movq %rdi, %rsp\n"
        "    movq %rdx, %rdi\n"
        "    call *%rsi\n"
        "    leave\n"
        "    .cfi_def_cfa %rsp, 8\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size dagger_call_on_stack, . - dagger_call_on_stack\n");

/* Offsets: eight bytes a register, in the order of their DWARF numbers (System V ABI, figure 3.36):
 * rax rdx rcx rbx rsi rdi rbp rsp r8-r15 and the return address. */
__asm__(".text\n"
        ".globl dagger_capture_registers\n"
        ".hidden dagger_capture_registers\n"
        ".type dagger_capture_registers, @function\n"
        "dagger_capture_registers:\n"
        "    .cfi_startproc\n"
        "    endbr64\n"
        "    movq %rbx, 24(%rdi)\n"
        "    movq %rbp, 48(%rdi)\n"
        "    leaq 8(%rsp), %rax\n"
        "    movq %rax, 56(%rdi)\n"
        "    movq %r12, 96(%rdi)\n"
        "    movq %r13, 104(%rdi)\n"
        "    movq %r14, 112(%rdi)\n"
        "    movq %r15, 120(%rdi)\n"
        "    movq (%rsp), %rax\n"
        "    movq %rax, 128(%rdi)\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size dagger_capture_registers, . - dagger_capture_registers\n");

static const int context_registers[REGISTER_COUNT] = {
    REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8,
    REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP,
};

void dagger_registers_from_context(struct dagger_registers *registers, const void *context)
{
    const ucontext_t *ucontext = context;
    for (int i = 0; i < REGISTER_COUNT; i++)
        registers->value[i] = (uintptr_t)ucontext->uc_mcontext.gregs[context_registers[i]];
}

void dagger_context_redirect(void *context, uintptr_t top, void (*function)(void *argument),
                             void *argument)
{
    const greg_t direction_flag = 0x400; /* functions expect it clear */
    ucontext_t *ucontext = context;
    greg_t *gregs = ucontext->uc_mcontext.gregs;
    gregs[REG_RSP] = (greg_t)(top - 8); /* as if a call had pushed its return address */
    gregs[REG_RIP] = (greg_t)function;
    gregs[REG_RDI] = (greg_t)argument;
    gregs[REG_RBP] = 0;
    gregs[REG_EFL] &= ~direction_flag;
}

uintptr_t dagger_plain_address(uintptr_t address)
{
    return address;
}
