#include "backtrace.h"

void dagger_backtrace(struct dagger_report *report, const struct dagger_registers *registers)
{
    (void)report;
    (void)registers;
}
