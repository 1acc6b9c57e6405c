#define _GNU_SOURCE
#include "harness.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dagger/wasm-rt-exceptions.h"
#include "rt/runtime.h"

jmp_buf trapped;

static struct {
    int command;
    bool active;
    const char *reason;
    char why[300]; /* it failed; "" so far: it did not */
    char end[300]; /* what the runtime said when it ended the process; "": it did not */
} now;

void begin(int command, const char *reason)
{
    now.command = command;
    now.reason = reason;
    now.why[0] = now.end[0] = 0;
    now.active = true;
}

static void check_end(void)
{
    char wanted[200] = "";
    if (now.reason)
        snprintf(wanted, sizeof wanted, "status 134: trap: %s", now.reason);
    if (strcmp(wanted, now.end) != 0)
        snprintf(now.why, sizeof now.why, "%.140s, expected %.140s",
                 now.end[0] ? now.end : "it returned", wanted[0] ? wanted : "that it returns");
}

void done(void)
{
    now.active = false;
    if (!now.why[0])
        check_end();
    printf("%s %d %s\n", now.why[0] ? "fail" : "pass", now.command, now.why);
    fflush(stdout);
}

void expect(const void *got, int offset, int size, enum match match, uint64_t value)
{
    uint64_t bits = 0, quiet = size == 4 ? 0x7fc00000 : 0x7ff8000000000000;
    uint64_t magnitude = size == 4 ? 0x7fffffff : 0x7fffffffffffffff;
    memcpy(&bits, (const char *)got + offset, (size_t)size);
    bool good = match == EXACT           ? bits == value
                : match == CANONICAL_NAN ? (bits & magnitude) == quiet
                                         : (bits & quiet) == quiet;
    static const char *const texts[] = {"", " a canonical NaN", " an arithmetic NaN"};
    if (!good && !now.why[0])
        snprintf(now.why, sizeof now.why, "0x%0*llx at byte %d, expected%s 0x%0*llx", 2 * size,
                 (unsigned long long)bits, offset, texts[match], 2 * size,
                 (unsigned long long)(match == EXACT ? value : quiet));
}

float f32_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double f64_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The runtime's last word is on standard error: "APP: trap: REASON" and a backtrace. */
static void take_message(int status)
{
    char text[200], *start;
    ssize_t len = pread(STDERR_FILENO, text, sizeof text - 1, 0);
    text[len > 0 ? len : 0] = 0;
    text[strcspn(text, "\n")] = 0;
    start = strstr(text, ": ");
    snprintf(now.end, sizeof now.end, "status %d: %s", status, start ? start + 2 : text);
    if (ftruncate(STDERR_FILENO, 0) != 0 || lseek(STDERR_FILENO, 0, SEEK_SET) != 0)
        abort();
}

_Noreturn void __real__exit(int status);

_Noreturn void __wrap__exit(int status)
{
    if (!now.active)
        __real__exit(status);
    take_message(status);
    dagger_runtime.in_guest = true;
    wasm_rt_set_unwind_target(NULL);
    longjmp(trapped, 1);
}

bool take_messages(void)
{
    int messages = memfd_create("messages", MFD_CLOEXEC);
    return messages >= 0 && dup2(messages, STDERR_FILENO) >= 0;
}
