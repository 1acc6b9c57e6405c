#include <string.h>

#include "report.h"
#include "runtime.h"
#include "trap.h"

void wasm_rt_load_exception(wasm_rt_tag_t tag, uint32_t size, const void *values)
{
    if (size > WASM_EXN_MAX_SIZE) {
        dagger_runtime.in_guest = false;
        dagger_process_end(&dagger_runtime.imports.process, DAGGER_END_TRAP);
        dagger_fail(DAGGER_STATUS_FAILED,
                    "the guest threw an exception of %u bytes, more than the %u supported",
                    (uint64_t)size, (uint64_t)WASM_EXN_MAX_SIZE);
    }
    dagger_runtime.exception.tag = tag;
    dagger_runtime.exception.size = size;
    if (size > 0)
        memmove(dagger_runtime.exception.values, values,
                size); /* a rethrow may give our own bytes back */
}

WASM_RT_NO_RETURN void wasm_rt_throw(void)
{
    if (!dagger_runtime.unwind_target)
        dagger_trap(DAGGER_TRAP_UNCAUGHT_EXCEPTION);
    longjmp(dagger_runtime.unwind_target->buffer, 1);
}

WASM_RT_UNWIND_TARGET *wasm_rt_get_unwind_target(void)
{
    return dagger_runtime.unwind_target;
}

void wasm_rt_set_unwind_target(WASM_RT_UNWIND_TARGET *target)
{
    dagger_runtime.unwind_target = target;
}

wasm_rt_tag_t wasm_rt_exception_tag(void)
{
    return dagger_runtime.exception.tag;
}

uint32_t wasm_rt_exception_size(void)
{
    return dagger_runtime.exception.size;
}

void *wasm_rt_exception(void)
{
    return dagger_runtime.exception.values;
}
