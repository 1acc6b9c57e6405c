/* Faults of guests inside a program that has faults of its own: see ../fault.h. The handler that
 * was there before gets what is not a guest's. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arch.h"
#include "instance.h"
#include "memory.h"

static const int fault_signals[] = {SIGSEGV, SIGBUS};
enum { FAULT_SIGNAL_COUNT = sizeof fault_signals / sizeof *fault_signals };

/* Far more than the largest signal frame (AMX: 11 KiB) and what the handler calls; another handler
 * may be called from it. */
enum { HANDLER_STACK = 64 * 1024 };

static struct sigaction previous_actions[FAULT_SIGNAL_COUNT];
static pthread_once_t handled = PTHREAD_ONCE_INIT;
static pthread_key_t stack_key; /* the stack made for a thread, unmapped when it ends */
static int setup_error;
static _Thread_local bool is_prepared DAGGER_EMBEDDED_TLS;

/* Reads only what the thread itself wrote. */
static enum dagger_trap classify(const siginfo_t *info, const struct dagger_registers *registers)
{
    const struct dagger_state *runtime = dagger_embedded;
    if (info->si_code <= 0 || !runtime || !runtime->in_guest)
        return DAGGER_TRAP_NONE;
    uintptr_t sp = registers->value[REGISTER_SP], address = (uintptr_t)info->si_addr;
    /* The stack pointer may be anywhere in the guard, or just below it. */
    if (sp < runtime->stack_guard || sp >= runtime->stack_high)
        return DAGGER_TRAP_NONE;
    if (address >= runtime->stack_guard && address < runtime->stack_low)
        return DAGGER_TRAP_STACK_EXHAUSTED;
    return dagger_memory_is_out_of_bounds(address) ? DAGGER_TRAP_OUT_OF_BOUNDS : DAGGER_TRAP_NONE;
}

static const struct sigaction *previous_action(int signal)
{
    for (int i = 0; i < FAULT_SIGNAL_COUNT - 1; i++)
        if (fault_signals[i] == signal)
            return &previous_actions[i];
    return &previous_actions[FAULT_SIGNAL_COUNT - 1];
}

static void pass_on(int signal, siginfo_t *info, void *context)
{
    const struct sigaction *previous = previous_action(signal);
    bool sent = info->si_code <= 0;
    if (previous->sa_flags & SA_SIGINFO) {
        previous->sa_sigaction(signal, info, context);
    } else if (previous->sa_handler != SIG_DFL && previous->sa_handler != SIG_IGN) {
        previous->sa_handler(signal);
    } else if (previous->sa_handler == SIG_DFL || !sent) {
        /* A fault happens again on return; a signal that was sent must be sent again. */
        sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
        if (sent)
            syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), signal);
    }
}

static void fault_handler(int signal, siginfo_t *info, void *context)
{
    struct dagger_registers registers;
    dagger_registers_from_context(&registers, context);
    enum dagger_trap reason = classify(info, &registers);
    if (reason == DAGGER_TRAP_NONE) {
        int error = errno;
        pass_on(signal, info, context);
        errno = error;
        return;
    }
    const struct dagger_instance *instance = (const struct dagger_instance *)dagger_embedded;
    dagger_embedded->in_guest = false;
    dagger_context_redirect(context, instance->call->left & ~(uintptr_t)15, dagger_fault_leave,
                            (void *)(uintptr_t)reason);
}

/* A thread ends: the stack goes, unless somebody has set another one. */
static void drop_stack(void *stack)
{
    stack_t now;
    if (sigaltstack(NULL, &now) == 0 && now.ss_sp == stack)
        sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
    munmap(stack, HANDLER_STACK);
}

static void handle_faults(void)
{
    setup_error = pthread_key_create(&stack_key, drop_stack);
    struct sigaction action = {.sa_sigaction = fault_handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    for (int i = 0; i < FAULT_SIGNAL_COUNT && setup_error == 0; i++) {
        /* Known before it may be needed. */
        if (sigaction(fault_signals[i], NULL, &previous_actions[i]) != 0 ||
            sigaction(fault_signals[i], &action, NULL) != 0)
            setup_error = errno;
    }
}

/* One that the thread has already will do. */
static int prepare_stack(void)
{
    stack_t stack;
    if (sigaltstack(NULL, &stack) != 0)
        return errno;
    if (!(stack.ss_flags & SS_DISABLE))
        return 0;
    void *made =
        mmap(NULL, HANDLER_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED)
        return errno;
    int error = pthread_setspecific(stack_key, made);
    if (error == 0 && sigaltstack(&(stack_t){.ss_sp = made, .ss_size = HANDLER_STACK}, NULL) != 0)
        error = errno;
    if (error != 0) {
        pthread_setspecific(stack_key, NULL);
        munmap(made, HANDLER_STACK);
    }
    return error;
}

/* A thread that has faults blocked would be killed by one without a word. */
static int unblock_faults(void)
{
    sigset_t faults;
    sigemptyset(&faults);
    for (int i = 0; i < FAULT_SIGNAL_COUNT; i++)
        sigaddset(&faults, fault_signals[i]);
    return pthread_sigmask(SIG_UNBLOCK, &faults, NULL);
}

int dagger_thread_prepare(void)
{
    if (is_prepared)
        return 0;
    int error = pthread_once(&handled, handle_faults);
    if (error == 0)
        error = setup_error;
    if (error == 0)
        error = prepare_stack();
    if (error == 0)
        error = unblock_faults();
    if (error != 0)
        return dagger_result_because(DAGGER_RESULT_FAILED, "can't handle faults: %s",
                                     strerror(error));
    is_prepared = true;
    return 0;
}
