#include "dagger/start.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch.h"
#include "environment.h"
#include "fault.h"
#include "guest_limits.h"
#include "inspect.h"
#include "memory.h"
#include "report.h"
#include "runtime.h"
#include "session.h"

/* Of the guest's own stack. The guard is as large, for compilers that can't probe large frames page
 * by page; address space only. */
#define STACK_SIZE  (UINT64_C(16) << 20)
#define STACK_GUARD (UINT64_C(16) << 20)

/* What host code may need below a call: a TLS handshake takes the most. */
#define STACK_FOR_CALLS (UINT64_C(256) << 10)

struct dagger_state dagger_runtime;

bool wasm_rt_is_initialized(void)
{
    return dagger_runtime.started;
}

static void stack_setup(void)
{
    struct dagger_state *runtime = &dagger_runtime;
    char *base = mmap(NULL, STACK_GUARD + STACK_SIZE, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (base == MAP_FAILED || mprotect(base + STACK_GUARD, STACK_SIZE, PROT_READ | PROT_WRITE) != 0)
        dagger_fail(DAGGER_STATUS_FAILED, "can't get 32 MiB of address space for the stack: %s",
                    strerror(errno));
    /* Else the first call may have the kernel clear two megabytes. A kernel without them refuses.
     */
    madvise(base + STACK_GUARD, STACK_SIZE, MADV_NOHUGEPAGE);
    runtime->stack_guard = (uintptr_t)base;
    runtime->stack_low = runtime->stack_guard + STACK_GUARD;
    runtime->stack_high = runtime->stack_low + STACK_SIZE;
    runtime->imports.stack_limit = runtime->stack_low + STACK_FOR_CALLS;
}

/* The numbers of --invoke. */
static struct {
    union dagger_value arguments[DAGGER_INVOKE_MAX], results[DAGGER_INVOKE_MAX];
} invoked;

/* The guest of this process. */
static const struct dagger_guest *running;

static int64_t fuel_left(void)
{
    uint64_t left = running->exchange_fuel(running->instance, 0);
    running->exchange_fuel(running->instance, left);
    return (int64_t)left;
}

static void fuel_setup(const struct dagger_guest *guest)
{
    running = guest;
    dagger_runtime.fuel =
        (struct dagger_fuel){.given = dagger_environment_fuel(guest->fuel), .left = fuel_left};
}

/* On the guest's stack. */
static int run_guest(void *argument)
{
    const struct dagger_guest *guest = argument;
    dagger_runtime.in_guest = true;
    guest->instantiate(guest->instance, &dagger_runtime.imports);
    if (guest->exchange_fuel)
        guest->exchange_fuel(guest->instance, dagger_runtime.fuel.given);
    if (guest->start)
        guest->start(guest->instance);
    if (guest->initialize)
        guest->initialize(guest->instance);
    int32_t result = 0;
    if (guest->invocation)
        guest->invocation->call(guest->instance, invoked.arguments, invoked.results);
    else
        result = guest->entry(guest->instance);
    dagger_runtime.in_guest = false;
    return result & 255;
}

/* The results come behind what the guest itself wrote. */
static int tell_results(const struct dagger_invocation *invocation, int status)
{
    int error = invocation->write(invocation->results, invoked.results);
    if (!error)
        return status;
    dagger_fail(DAGGER_STATUS_FAILED, "can't write the results: %s", strerror(error));
}

/* Better than the signal that its first unknown instruction would end it with. */
static void check_processor(const struct dagger_processor *processor)
{
    if (processor && !processor->is_present())
        dagger_fail(
            DAGGER_STATUS_FAILED,
            "compiled for processors with all of %s, which this one has not; compile it with "
            "daggercc -march=x86-64, or here with -march=native",
            processor->name);
}

/* Tables that never grow are variables of the guest's: nobody else looks at their size. */
static void limits_setup(const struct dagger_guest *guest)
{
    struct dagger_limits *limits = &dagger_runtime.limits;
    *limits = guest->limits;
    limits->memory = guest->max_memory;
    dagger_limits_read(limits);
    if (limits->table && guest->table_elements > limits->table)
        dagger_fail(DAGGER_STATUS_FAILED,
                    "the guest's tables begin with %u elements, more than the %u allowed",
                    guest->table_elements, limits->table);
}

int dagger_start(const struct dagger_guest *guest, int argc, char **argv)
{
    struct dagger_state *runtime = &dagger_runtime;
    (void)argc; /* argv ends with NULL */
    runtime->program = argv[0];
    if (guest->size != sizeof(*guest))
        dagger_fail(DAGGER_STATUS_FAILED,
                    "the guest was compiled for another version of the runtime; compile it again "
                    "with the daggercc that belongs to this libdagger.a");
    dagger_inspect(guest->about);
    check_processor(guest->processor);
    if (guest->sandbox)
        guest->sandbox->begin(guest->sandbox);
    runtime->ended = guest->ended;
    limits_setup(guest);
    dagger_session_begin((const char *const *)argv, guest->environment, guest->policy);
    runtime->imports.process.host.deny_private |= guest->deny_private;
    fuel_setup(guest);
    if (guest->invocation)
        guest->invocation->read(guest->invocation->parameters, (const char *const *)argv,
                                invoked.arguments);
    if (guest->prepare)
        guest->prepare(&runtime->imports, guest->directories);
    if (guest->memory)
        runtime->imports.memory = guest->memory(guest->instance);
    dagger_memory_setup(guest->memory_mode, runtime->limits.memory);
    stack_setup();
    if (dagger_fault_setup() != 0)
        dagger_fail(DAGGER_STATUS_FAILED, "can't handle faults: %s", strerror(errno));
    runtime->started = true;
    if (guest->sandbox)
        guest->sandbox->enter(guest->sandbox);
    else
        dagger_environment_without_sandbox();

    /* Frames of this function and its callees end well above: a page and the red zone. */
    runtime->host_stack = ((uintptr_t)__builtin_frame_address(0) - 8192) & ~(uintptr_t)15;
    dagger_limits_start();
    int status = dagger_call_on_stack(runtime->stack_high, run_guest, (void *)guest);
    status = dagger_session_end(status);
    if (guest->invocation)
        status = tell_results(guest->invocation, status);
    if (guest->ended) {
        guest->ended();
        _exit(status);
    }
    return status;
}
