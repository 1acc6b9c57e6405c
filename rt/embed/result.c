/* What went wrong, for people. */
#include <stdarg.h>
#include <string.h>

#include "instance.h"
#include "report.h"

/* One table of traps, two lists of names: the embedder's is written out, for people to read. */
#define X(name, text)                                                                              \
    _Static_assert(DAGGER_TRAP_##name == DAGGER_TRAP_NONE ||                                       \
                       (int)DAGGER_TRAP_##name == DAGGER_RESULT_##name,                            \
                   "enum dagger_result has the traps of DAGGER_TRAPS");
enum { DAGGER_RESULT_NONE };
DAGGER_TRAPS(X)
#undef X

static const char *const trap_texts[] = {
#define X(name, text) text,
    DAGGER_TRAPS(X)
#undef X
};

static const char *const other_texts[] = {
    "the host can't provide something",
    "another thread is in this instance",
    "the instance is of another module",
    "the module was compiled by another version of daggercc than the runtime is of",
    "compiled for another processor than this one",
    "not all output was delivered",
    "the guest has exited",
};
enum { OTHER_FIRST = DAGGER_RESULT_FAILED, OTHER_LAST = DAGGER_RESULT_EXITED };
_Static_assert(sizeof other_texts / sizeof *other_texts == OTHER_LAST - OTHER_FIRST + 1,
               "a text for each result");

/* What this thread was told last: a static text, or what is gathered. */
static _Thread_local const char *message DAGGER_EMBEDDED_TLS;
static _Thread_local char gathered[256] DAGGER_EMBEDDED_TLS;

const char *dagger_result_text(int result)
{
    if (result == DAGGER_RESULT_OK)
        return "ok";
    if (result > 0 && result < DAGGER_TRAP_COUNT)
        return trap_texts[result];
    if (result >= OTHER_FIRST && result <= OTHER_LAST)
        return other_texts[result - OTHER_FIRST];
    return trap_texts[0];
}

const char *dagger_message(void)
{
    return message ? message : "";
}

int dagger_result(int result)
{
    message = dagger_result_text(result);
    return result;
}

/* A message that does not fit ends early. */
static int gather(int result, const char *format, va_list args)
{
    struct dagger_report report;
    report.len = 0;
    dagger_report_args(&report, format, args);
    size_t len = report.len < sizeof gathered ? report.len : sizeof gathered - 1;
    memcpy(gathered, report.text, len);
    gathered[len] = '\0';
    message = gathered;
    return result;
}

int dagger_result_because(int result, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    gather(result, format, args);
    va_end(args);
    return result;
}

/* What ends an executable ends the call that asked for it. */
_Noreturn void dagger_fail(int status, const char *format, ...)
{
    (void)status;
    va_list args;
    va_start(args, format);
    int result = gather(DAGGER_RESULT_FAILED, format, args);
    va_end(args);
    dagger_leave(result);
}
