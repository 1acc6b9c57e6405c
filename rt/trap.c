#include "trap.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backtrace.h"
#include "fuel.h"
#include "guest_limits.h"
#include "report.h"
#include "runtime.h"
#include "watch.h"

_Static_assert((int)DAGGER_TRAP_UNREACHABLE == WASM_RT_TRAP_UNREACHABLE &&
                   (int)DAGGER_TRAP_STACK_EXHAUSTED == WASM_RT_TRAP_EXHAUSTION,
               "DAGGER_TRAPS begins with wasm2c's reasons");

static const char *const trap_texts[] = {
#define X(name, text) text,
    DAGGER_TRAPS(X) DAGGER_TIME_LIMITS(X)
#undef X
};

const char *dagger_trap_text(enum dagger_trap reason)
{
    return trap_texts[reason];
}

const char *dagger_trap_detail;

bool dagger_trap_is_limit(enum dagger_trap reason)
{
    return reason == DAGGER_TRAP_OUT_OF_FUEL || reason >= DAGGER_TRAP_COUNT;
}

_Noreturn void dagger_trap_end(enum dagger_trap reason,
                               void (*list)(struct dagger_frames *frames, const void *argument),
                               const void *argument)
{
    dagger_runtime.in_guest = false;
    if (reason == DAGGER_TRAP_UNREACHABLE && dagger_fuel_is_out())
        reason = DAGGER_TRAP_OUT_OF_FUEL;
    bool is_limit = dagger_trap_is_limit(reason);
    dagger_limits_deliver();
    int error = dagger_process_end(&dagger_runtime.imports.process, DAGGER_END_TRAP);

    struct dagger_report report;
    dagger_report_begin(&report);
    dagger_report_text(&report, is_limit ? "limit: " : "trap: ");
    dagger_report_text(&report, trap_texts[reason]);
    if (dagger_trap_detail) {
        dagger_report_text(&report, ": ");
        dagger_report_text(&report, dagger_trap_detail);
    }
    dagger_report_text(&report, "\n");
    struct dagger_frames frames = {.report = &report};
    list(&frames, argument);
    dagger_frames_end(&frames);
    dagger_report_end(&report);
    dagger_report_undelivered(error);
    if (reason != DAGGER_TRAP_OUT_OF_FUEL)
        dagger_runtime.fuel.given = 0; /* code in the midst of a piece has paid for all of it */
    dagger_watch_end();
    if (dagger_runtime.ended)
        dagger_runtime.ended();
    _exit(is_limit ? DAGGER_STATUS_LIMIT : DAGGER_STATUS_TRAP);
}

void dagger_trap_finish(void *argument)
{
    const struct dagger_trap_record *record = argument;
    dagger_trap_end(record->reason, dagger_backtrace, &record->registers);
}

void dagger_no_frames(struct dagger_frames *frames, const void *argument)
{
    (void)frames, (void)argument;
}

static int trap_finish(void *record)
{
    dagger_trap_finish(record);
    abort();
}

_Noreturn void dagger_trap(enum dagger_trap reason)
{
    static struct dagger_trap_record record; /* not on the guest's stack: it may be nearly full */
    record.reason = reason;
    dagger_capture_registers(&record.registers);
    uintptr_t sp = record.registers.value[REGISTER_SP];
    if (sp >= dagger_runtime.stack_guard && sp < dagger_runtime.stack_high)
        dagger_call_on_stack(dagger_runtime.host_stack, trap_finish, &record);
    trap_finish(&record);
    abort();
}

_Noreturn void(wasm_rt_trap)(wasm_rt_trap_t reason)
{
    dagger_trap((unsigned)reason <= WASM_RT_TRAP_EXHAUSTION ? (enum dagger_trap)reason
                                                            : DAGGER_TRAP_NONE);
}

_Noreturn void dagger_trap_out_of_bounds(const char *function)
{
    dagger_trap(strstr(function, "_table_") ? DAGGER_TRAP_TABLE_OUT_OF_BOUNDS
                                            : DAGGER_TRAP_OUT_OF_BOUNDS);
}

_Noreturn void dagger_trap_undefined(const char *name)
{
    dagger_trap_detail = name;
    dagger_trap(DAGGER_TRAP_UNDEFINED);
}
