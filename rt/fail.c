#include <stdarg.h>
#include <unistd.h>

#include "report.h"

_Noreturn void dagger_fail(int status, const char *format, ...)
{
    struct dagger_report report;
    dagger_report_begin(&report);
    dagger_report_text(&report, "error: ");
    va_list args;
    va_start(args, format);
    dagger_report_args(&report, format, args);
    va_end(args);
    dagger_report_text(&report, "\n");
    dagger_report_end(&report);
    _exit(status);
}
