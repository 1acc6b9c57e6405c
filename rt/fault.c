#include "fault.h"

#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory.h"
#include "runtime.h"
#include "trap.h"

static const int fault_signals[] = {SIGSEGV, SIGBUS};
enum { FAULT_SIGNAL_COUNT = sizeof(fault_signals) / sizeof(fault_signals[0]) };

static struct sigaction previous_actions[FAULT_SIGNAL_COUNT];

/* Far more than the largest signal frame (AMX: 11 KiB) and what the handler calls. */
static char handler_stack[64 * 1024] __attribute__((aligned(16)));

static enum dagger_trap classify(const siginfo_t *info, const struct dagger_registers *registers)
{
    const struct dagger_state *runtime = &dagger_runtime;
    uintptr_t sp = registers->value[REGISTER_SP];
    /* The stack pointer may be anywhere in the guard, or just below it. */
    bool on_guest_stack = sp >= runtime->stack_guard && sp < runtime->stack_high;
    if (info->si_code <= 0 || !runtime->in_guest || !on_guest_stack)
        return DAGGER_TRAP_NONE;
    uintptr_t address = (uintptr_t)info->si_addr;
    if (address >= runtime->stack_guard && address < runtime->stack_low)
        return DAGGER_TRAP_STACK_EXHAUSTED;
    if (dagger_memory_is_out_of_bounds(address))
        return DAGGER_TRAP_OUT_OF_BOUNDS;
    return DAGGER_TRAP_NONE;
}

static void fault_handler(int signal, siginfo_t *info, void *context)
{
    static struct dagger_trap_record record;
    struct dagger_registers registers;
    dagger_registers_from_context(&registers, context);
    enum dagger_trap reason = classify(info, &registers);
    if (reason != DAGGER_TRAP_NONE) {
        record.reason = reason;
        record.registers = registers;
        dagger_context_redirect(context, dagger_runtime.host_stack, dagger_trap_finish, &record);
        return;
    }
    for (size_t i = 0; i < FAULT_SIGNAL_COUNT; i++) {
        if (fault_signals[i] == signal)
            sigaction(signal, &previous_actions[i], NULL);
    }
    /* A fault happens again on return; a signal that was sent must be sent again. */
    if (info->si_code <= 0)
        syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), signal);
}

int dagger_fault_setup(void)
{
    stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof(handler_stack)};
    if (sigaltstack(&stack, NULL) != 0)
        return -1;
    struct sigaction action = {.sa_sigaction = fault_handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    for (size_t i = 0; i < FAULT_SIGNAL_COUNT; i++) {
        if (sigaction(fault_signals[i], &action, &previous_actions[i]) != 0)
            return -1;
    }
    /* Whoever started us may have them blocked; a fault would then kill without a word. */
    sigset_t faults;
    sigemptyset(&faults);
    for (size_t i = 0; i < FAULT_SIGNAL_COUNT; i++)
        sigaddset(&faults, fault_signals[i]);
    return sigprocmask(SIG_UNBLOCK, &faults, NULL);
}
