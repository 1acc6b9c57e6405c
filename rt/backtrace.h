/* Backtraces of guest functions by their names in the WebAssembly module. */
#ifndef DAGGER_RT_BACKTRACE_H
#define DAGGER_RT_BACKTRACE_H

#include "arch.h"
#include "report.h"

/* Adds a line a guest function, innermost first: "    at NAME (function 12)", "    at function 12"
 * where the module gives no name. Of a deep recursion the ends, with the number of frames between.
 */
void dagger_backtrace(struct dagger_report *report, const struct dagger_registers *registers);

#endif
