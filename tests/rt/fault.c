/* Which faults are the guest's, and what becomes of the others. */
#include "rt/fault.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "death.h"
#include "rt/arch.h"
#include "rt/runtime.h"

enum { STACK = 1 << 20, BELOW = 65536 };

#define NOT_SANITIZED __attribute__((no_sanitize("address", "undefined")))

static wasm_rt_memory_t memory;
static volatile uint8_t *volatile address; /* that is touched */

/* A stack as start-up makes it: the lower half is its guard. Nothing is mapped next to it. */
static void setup(void)
{
    char *base = mmap(NULL, BELOW + STACK, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(base, MAP_FAILED);
    base += BELOW;
    cr_assert_eq(mprotect(base + STACK / 2, STACK / 2, PROT_READ | PROT_WRITE), 0);
    dagger_runtime.program = "app";
    dagger_runtime.stack_guard = (uintptr_t)base;
    dagger_runtime.stack_low = (uintptr_t)base + STACK / 2;
    dagger_runtime.stack_high = (uintptr_t)base + STACK;
    dagger_runtime.host_stack = ((uintptr_t)__builtin_frame_address(0) - 65536) & ~(uintptr_t)15;
    dagger_memory_allocate(&memory, 1, 10, false, 65536);
    signal(SIGSEGV, SIG_DFL); /* in a child: Criterion has a handler of its own */
    signal(SIGBUS, SIG_DFL);
}

TestSuite(fault, .init = setup);

NOT_SANITIZED static int touch(void *unused)
{
    (void)unused;
    dagger_runtime.in_guest = true;
    *address = 1;
    return 0;
}

static void touch_as_guest(void)
{
    dagger_fault_setup();
    dagger_call_on_stack(dagger_runtime.stack_high, touch, NULL);
}

NOT_SANITIZED static int touch_in_call(void *unused)
{
    (void)unused;
    dagger_runtime.in_guest = false;
    *address = 1;
    return 0;
}

static void touch_as_host(void)
{
    dagger_fault_setup();
    dagger_call_on_stack(dagger_runtime.stack_high, touch_in_call, NULL);
}

static void expect_trap(const char *line)
{
    struct death death = death_of(touch_as_guest);
    cr_expect_eq(death.status, 134, "status %d signal %d", death.status, death.signal);
    cr_expect_str_eq(death.text, line);
}

static void expect_host_fault(void (*function)(void))
{
    struct death death = death_of(function);
    cr_expect_eq(death.signal, SIGSEGV, "status %d signal %d", death.status, death.signal);
    cr_expect_str_eq(death.text, "");
}

Test(fault, beyond_the_memory_is_out_of_bounds)
{
    address = memory.data + 65536;
    expect_trap("app: trap: out of bounds memory access\n");
    address = memory.data_end - 1;
    expect_trap("app: trap: out of bounds memory access\n");
}

Test(fault, the_guard_of_the_stack_means_exhausted)
{
    address = (uint8_t *)dagger_runtime.stack_low - 1;
    expect_trap("app: trap: call stack exhausted\n");
    address = (uint8_t *)dagger_runtime.stack_guard;
    expect_trap("app: trap: call stack exhausted\n");
}

Test(fault, elsewhere_is_the_hosts)
{
    address = NULL;
    expect_host_fault(touch_as_guest);
    address = (uint8_t *)dagger_runtime.stack_guard - 1;
    expect_host_fault(touch_as_guest);
    address = (uint8_t *)(UINTPTR_MAX / 2 + 100); /* not an address at all */
    expect_host_fault(touch_as_guest);
}

Test(fault, within_the_memory_is_the_hosts)
{
    cr_assert_eq(mprotect(memory.data, 65536, PROT_NONE), 0);
    address = memory.data + 100;
    expect_host_fault(touch_as_guest);
}

Test(fault, in_a_call_is_the_hosts)
{
    address = memory.data + 65536;
    expect_host_fault(touch_as_host);
    address = (uint8_t *)dagger_runtime.stack_low - 1;
    expect_host_fault(touch_as_host);
}

static void touch_on_another_stack(void)
{
    dagger_fault_setup();
    touch(NULL);
}

Test(fault, on_another_stack_is_the_hosts)
{
    address = memory.data + 65536;
    expect_host_fault(touch_on_another_stack);
}

static void *touch_in_thread(void *unused)
{
    touch(unused);
    return NULL;
}

static void touch_from_thread(void)
{
    pthread_t thread;
    dagger_fault_setup();
    pthread_create(&thread, NULL, touch_in_thread, NULL);
    pthread_join(thread, NULL);
}

Test(fault, in_another_thread_is_the_hosts)
{
    address = memory.data + 65536;
    expect_host_fault(touch_from_thread);
}

static int send_signal(void *unused)
{
    (void)unused;
    dagger_runtime.in_guest = true;
    kill(getpid(), SIGSEGV);
    return 0;
}

static void signal_to_guest(void)
{
    dagger_fault_setup();
    dagger_call_on_stack(dagger_runtime.stack_high, send_signal, NULL);
}

Test(fault, a_signal_that_was_sent_is_not_a_trap)
{
    expect_host_fault(signal_to_guest);
}

static void earlier_handler(int signal, siginfo_t *info, void *context)
{
    (void)context;
    _exit(signal == SIGSEGV && info->si_addr == address ? 77 : 78);
}

static void touch_with_an_earlier_handler(void)
{
    struct sigaction action = {.sa_sigaction = earlier_handler, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, NULL);
    touch_as_host();
}

Test(fault, the_earlier_handler_gets_what_is_the_hosts)
{
    address = memory.data + 65536;
    struct death death = death_of(touch_with_an_earlier_handler);
    cr_assert_eq(death.status, 77);
}
