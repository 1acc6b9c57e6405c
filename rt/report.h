/* What the runtime itself says on standard error, "APP: ...", without stdio: it is said after traps
 * too, and text from outside is escaped on its way.
 */
#ifndef DAGGER_RT_REPORT_H
#define DAGGER_RT_REPORT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct dagger_report {
    size_t len;
    char text[1024]; /* gathered; written when full and by dagger_report_end */
};

/* Starts with "APP: ", APP being the last component of the program's name, escaped. */
void dagger_report_begin(struct dagger_report *report);

/* Plain text of our own. */
void dagger_report_text(struct dagger_report *report, const char *text);
void dagger_report_number(struct dagger_report *report, uint64_t number);

/* Text from outside: printable ASCII and well-formed UTF-8 stay, but control characters, backslash,
 * bad UTF-8 and what changes the direction or breaks the line become \xHH, byte by byte. */
void dagger_report_escaped(struct dagger_report *report, const char *text, size_t len);

/* Writes what is gathered. Errors are not reported: there is nobody left to tell. */
void dagger_report_end(struct dagger_report *report);

/* "APP: error: not all output was delivered: ...", `error` being what dagger_process_end returned;
 * nothing when that is 0. */
void dagger_report_undelivered(int error);

/* `format` with "%s" (plain text), "%e" (text to be escaped) and "%u" (uint64_t). */
void dagger_report_format(struct dagger_report *report, const char *format, ...);
void dagger_report_args(struct dagger_report *report, const char *format, va_list args);

/* "APP: error: TEXT" where TEXT is as above; then ends the process with `status`. Streams are not
 * delivered: for failures before the guest runs. Where guests are embedded, their call ends with
 * that text instead: rt/embed/call.c. */
_Noreturn void dagger_fail(int status, const char *format, ...);

#endif
