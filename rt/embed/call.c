/* Calls into instances, and the ways out of them. */
#include <stdatomic.h>

#include "instance.h"
#include "switch.h"

_Thread_local struct dagger_state *dagger_embedded DAGGER_EMBEDDED_TLS;

bool wasm_rt_is_initialized(void)
{
    return true;
}

static struct dagger_instance *current(void)
{
    return (struct dagger_instance *)dagger_embedded;
}

/* Nor can a signal handler that has interrupted guest code have it. */
bool dagger_claim(struct dagger_instance *instance)
{
    if (dagger_embedded && dagger_embedded->in_guest)
        return false;
    void *self = &dagger_embedded, *none = NULL;
    return __atomic_compare_exchange_n(&instance->thread, &none, self, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED) ||
           none == self;
}

void dagger_release(struct dagger_instance *instance)
{
    if (!instance->call)
        __atomic_store_n(&instance->thread, NULL, __ATOMIC_RELEASE);
}

static bool is_on_stack(const struct dagger_instance *instance, uintptr_t sp)
{
    return sp >= instance->runtime.stack_low && sp < instance->runtime.stack_high;
}

/* Where the instance's stack is free: below what calls of it that have not returned left there. 0:
 * go on where we are, which is on it. */
static uintptr_t free_stack(const struct dagger_instance *instance,
                            const struct dagger_call_frame *outer)
{
    if (is_on_stack(instance, (uintptr_t)__builtin_frame_address(0)))
        return 0;
    for (; outer; outer = outer->outer)
        if (is_on_stack(instance, outer->left))
            return outer->left & ~(uintptr_t)15;
    return instance->runtime.stack_high;
}

static void run(void *argument)
{
    struct dagger_call_frame *call = argument;
    call->instance->runtime.in_guest = true;
    call->function(call->instance->guest, call->values);
    call->instance->runtime.in_guest = false;
}

int dagger_run(struct dagger_instance *instance, void (*function)(void *guest, void *values),
               void *values)
{
    struct dagger_state *runtime = &instance->runtime;
    struct dagger_call_frame call = {
        .instance = instance,
        .outer = current() ? current()->call : NULL,
        .before = instance->call,
        .function = function,
        .values = values,
        .unwind_target = runtime->unwind_target,
    };
    uintptr_t top = free_stack(instance, call.outer);
    uintptr_t at = top ? top : (uintptr_t)__builtin_frame_address(0);
    if (at < runtime->imports.stack_limit)
        return dagger_result(DAGGER_RESULT_STACK_EXHAUSTED);
    struct dagger_state *outer = dagger_embedded;
    runtime->unwind_target = NULL;
    instance->call = &call;
    dagger_embedded = runtime;
    atomic_signal_fence(memory_order_seq_cst);
    int result = dagger_call_to_leave(&call.left, top, run, &call);
    atomic_signal_fence(memory_order_seq_cst);
    dagger_embedded = outer;
    instance->call = call.before;
    runtime->unwind_target = call.unwind_target;
    return result;
}

int dagger_instance_call(struct dagger_instance *instance, const struct dagger_module *module,
                         void (*function)(void *guest, void *values), void *values)
{
    if (instance->module != module)
        return dagger_result(DAGGER_RESULT_WRONG_MODULE);
    int result = dagger_thread_prepare();
    if (result != 0)
        return result;
    if (!dagger_claim(instance))
        return dagger_result(DAGGER_RESULT_BUSY);
    result = instance->exited ? dagger_result_exited(instance)
                              : dagger_run_paid(instance, function, values);
    dagger_release(instance);
    return result;
}

void *dagger_instance_guest(struct dagger_instance *instance, const struct dagger_module *module)
{
    if (instance->module == module)
        return instance->guest;
    dagger_result(DAGGER_RESULT_WRONG_MODULE);
    return NULL;
}

_Noreturn void dagger_leave(int result)
{
    struct dagger_call_frame *call = current()->call;
    current()->runtime.in_guest = false;
    dagger_leave_call(call->left, result);
}

void dagger_return_to_guest(struct dagger_state *state)
{
    const struct dagger_instance *instance = (const struct dagger_instance *)state;
    if (instance->exited)
        dagger_leave(dagger_result_exited(instance));
    state->in_guest = true;
}

int dagger_result_exited(const struct dagger_instance *instance)
{
    int64_t status = instance->status;
    return dagger_result_because(DAGGER_RESULT_EXITED, "the guest has exited with status %s%u",
                                 status < 0 ? "-" : "", (uint64_t)(status < 0 ? -status : status));
}

int32_t dagger_instance_exit_status(const struct dagger_instance *instance)
{
    return instance->status;
}

_Noreturn void dagger_trap(enum dagger_trap reason)
{
    current()->trapped = true;
    dagger_leave(dagger_result((int)reason));
}

_Noreturn void dagger_trap_undefined(const char *name)
{
    current()->trapped = true;
    dagger_leave(dagger_result_because((int)DAGGER_TRAP_UNDEFINED, "%s: %s",
                                       dagger_result_text((int)DAGGER_TRAP_UNDEFINED), name));
}

void dagger_fault_leave(void *reason)
{
    dagger_trap((enum dagger_trap)(uintptr_t)reason);
}

_Noreturn void(wasm_rt_trap)(wasm_rt_trap_t reason)
{
    dagger_trap((enum dagger_trap)reason);
}

_Noreturn void dagger_trap_out_of_bounds(const char *function)
{
    dagger_trap(strstr(function, "_table_") ? DAGGER_TRAP_TABLE_OUT_OF_BOUNDS
                                            : DAGGER_TRAP_OUT_OF_BOUNDS);
}
