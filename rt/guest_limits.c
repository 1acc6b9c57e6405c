#include "guest_limits.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "report.h"
#include "runtime.h"
#include "stream.h"
#include "watch.h"

/* ---- The environment --------------------------------------------------------------------------
 */

enum kind { SIZE, NUMBER, SECONDS };

static bool read_digits(const char **text, uint64_t *value)
{
    const char *start = *text;
    for (*value = 0; **text >= '0' && **text <= '9'; ++*text)
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, (uint64_t)(**text - '0'), value))
            return false;
    return *text > start;
}

/* "65536", "64K", "64KiB": as --max-memory takes it. */
static bool read_size(const char *text, uint64_t *value)
{
    static const char units[] = "KMG";
    if (!read_digits(&text, value))
        return false;
    const char *unit = *text ? strchr(units, *text) : NULL;
    if (unit) {
        uint64_t factor = UINT64_C(1) << (10 * (unit - units + 1));
        text += strcmp(text + 1, "iB") == 0 ? 3 : 1;
        if (__builtin_mul_overflow(*value, factor, value))
            return false;
    }
    return *text == '\0' && *value > 0;
}

/* "10", "0.25": milliseconds. */
static bool read_seconds(const char *text, uint64_t *value)
{
    if (!read_digits(&text, value) || *value > DAGGER_LIMIT_MILLISECONDS / 1000)
        return false;
    *value *= 1000;
    if (*text == '.') {
        text++;
        for (unsigned unit = 100; *text >= '0' && *text <= '9'; text++, unit /= 10)
            *value += (uint64_t)(*text - '0') * unit;
    }
    return *text == '\0' && *value > 0 && *value <= DAGGER_LIMIT_MILLISECONDS;
}

static bool read_number(const char *text, uint64_t *value)
{
    return read_digits(&text, value) && *text == '\0' && *value > 0;
}

static void narrow(uint64_t *limit, const char *variable, enum kind kind)
{
    static bool (*const read[])(const char *, uint64_t *) = {read_size, read_number, read_seconds};
    static const char *const expected[] = {"a size such as 65536, 64MiB or 1G", "a number over 0",
                                           "seconds between 0.001 and 2000000"};
    const char *text = getenv(variable);
    uint64_t value;
    if (!text)
        return;
    if (!read[kind](text, &value))
        dagger_fail(DAGGER_STATUS_USAGE, "%s: expected %s, found \"%e\"", variable, expected[kind],
                    text);
    if (*limit == 0 || value < *limit)
        *limit = value;
}

void dagger_limits_read(struct dagger_limits *limits)
{
#define X(member, variable, kind) narrow(&limits->member, variable, kind);
    DAGGER_LIMITS(X)
#undef X
}

/* ---- Time -------------------------------------------------------------------------------------
 */

/* After a limit the clock ticks: what one signal came too early for, the next one interrupts. */
enum { TICK_MS = 10, TICKS_FOR_HOST = 100, TICKS_FOR_STREAMS = 200 };

static volatile sig_atomic_t exceeded; /* enum dagger_trap */
static volatile sig_atomic_t delivering, ticks;

static int arm(int timer, uint64_t first_ms, uint64_t then_ms)
{
    struct itimerval value = {
        .it_interval = {(time_t)(then_ms / 1000), (suseconds_t)(then_ms % 1000 * 1000)},
        .it_value = {(time_t)(first_ms / 1000), (suseconds_t)(first_ms % 1000 * 1000)},
    };
    return setitimer(timer, &value, NULL);
}

static _Noreturn void end_at_once(void)
{
    struct dagger_report report;
    dagger_report_begin(&report);
    dagger_report_text(&report, "limit: ");
    dagger_report_text(&report, dagger_trap_text((enum dagger_trap)exceeded));
    dagger_report_text(&report, "; output was lost\n");
    dagger_report_end(&report);
    _exit(DAGGER_STATUS_LIMIT);
}

static bool in_guest_code(const struct dagger_registers *registers)
{
    uintptr_t sp = registers->value[REGISTER_SP];
    return dagger_runtime.in_guest && sp >= dagger_runtime.stack_low &&
           sp < dagger_runtime.stack_high;
}

static void time_handler(int signal, siginfo_t *info, void *context)
{
    static struct dagger_trap_record record;
    int saved = errno;
    (void)info;
    if (!exceeded) {
        exceeded = signal == SIGPROF ? DAGGER_TRAP_OUT_OF_CPU_TIME : DAGGER_TRAP_OUT_OF_TIME;
        arm(ITIMER_PROF, 0, 0);
        arm(ITIMER_REAL, TICK_MS, TICK_MS);
    } else {
        ticks++;
    }
    int patience = delivering ? TICKS_FOR_STREAMS : 0;
    if (ticks > patience + TICKS_FOR_HOST)
        end_at_once();
    dagger_streams_stop = ticks >= patience;
    struct dagger_registers registers;
    dagger_registers_from_context(&registers, context);
    if (!delivering && in_guest_code(&registers)) {
        record.reason = (enum dagger_trap)exceeded;
        record.registers = registers;
        dagger_runtime.in_guest = false;
        dagger_context_redirect(context, dagger_runtime.host_stack, dagger_trap_finish, &record);
    }
    if (!delivering)
        dagger_runtime.imports.watched |= DAGGER_WATCH_LIMIT;
    errno = saved;
}

void dagger_limits_start(void)
{
    const struct dagger_limits *limits = &dagger_runtime.limits;
    struct sigaction action = {.sa_sigaction = time_handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigset_t ours;
    if (!limits->cpu_time && !limits->time)
        return;
    sigemptyset(&ours);
    sigaddset(&ours, SIGALRM);
    sigaddset(&ours, SIGPROF);
    action.sa_mask = ours;
    if (sigaction(SIGALRM, &action, NULL) != 0 || sigaction(SIGPROF, &action, NULL) != 0 ||
        sigprocmask(SIG_UNBLOCK, &ours, NULL) != 0 || arm(ITIMER_PROF, limits->cpu_time, 0) != 0 ||
        arm(ITIMER_REAL, limits->time, 0) != 0)
        dagger_fail(DAGGER_STATUS_FAILED, "can't limit its time: %s", strerror(errno));
}

enum dagger_trap dagger_limits_exceeded(void)
{
    return (enum dagger_trap)exceeded;
}

void dagger_limits_settle(void)
{
    if (exceeded && !delivering)
        dagger_trap((enum dagger_trap)exceeded);
}

void dagger_limits_deliver(void)
{
    if (delivering)
        return;
    ticks = 0;
    delivering = 1;
    dagger_streams_stop = 0;
}
