#include "backtrace.h"

#include <string.h>

#include "dagger/functions.h"
#include "runtime.h"
#include "unwind.h"

/* Shown: the innermost frames and, of a deep recursion, the outermost. */
enum { HEAD = 16, TAIL = 8 };

#define NO_WRAPPER UINT32_MAX

/* A stack of 16 MiB has no more frames: a return address each, at least. */
#define FRAMES_MAX ((UINT64_C(16) << 20) / sizeof(uintptr_t))

/* Not there in a program that daggercc did not make. */
extern const struct dagger_function_table dagger_guest_functions
    __attribute__((weak, visibility("hidden")));

/* daggercc fills the table in after linking: the compiler must not believe what it was before. */
static const struct dagger_function_table *function_table(void)
{
    const struct dagger_function_table *table = &dagger_guest_functions;
    __asm__("" : "+r"(table));
    return table && table->magic == DAGGER_FUNCTIONS_MAGIC ? table : NULL;
}

static const struct dagger_function_row *find_function(const struct dagger_function_table *table,
                                                       uintptr_t address)
{
    intptr_t wanted = (intptr_t)(address - (uintptr_t)table);
    uint32_t low = 0, high = table->count; /* rows before `low` begin at or before the address */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (table->rows[middle].address <= wanted)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const struct dagger_function_row *row = &table->rows[low - 1];
    return wanted - row->address < (intptr_t)row->size ? row : NULL;
}

static void report_frame(struct dagger_report *report, const struct dagger_function_table *table,
                         const struct dagger_function_row *row)
{
    dagger_report_text(report, "    at ");
    if (row->name_len > 0) {
        dagger_report_escaped(report, (const char *)table + row->name, row->name_len);
        dagger_report_text(report, " (function ");
    } else {
        dagger_report_text(report, "function ");
    }
    dagger_report_number(report, row->index & ~DAGGER_FUNCTION_WRAPPER);
    dagger_report_text(report, row->name_len > 0 ? ")\n" : "\n");
}

void dagger_backtrace(struct dagger_report *report, const struct dagger_registers *registers)
{
    const struct dagger_function_table *table = function_table();
    if (!table)
        return;
    struct unwind_cursor cursor;
    unwind_init(&cursor, registers, dagger_runtime.stack_low, dagger_runtime.stack_high);

    const struct dagger_function_row *tail[TAIL];
    uint64_t count = 0;            /* guest frames; host code between them is not shown */
    uint32_t wrapper = NO_WRAPPER; /* index of that of the frame just inside */
    for (uint64_t i = 0; i < FRAMES_MAX; i++) {
        const struct dagger_function_row *row = find_function(table, unwind_address(&cursor));
        bool shown = row && row->index != wrapper;
        if (row && row->index & DAGGER_FUNCTION_WRAPPER)
            wrapper = NO_WRAPPER;
        else if (row)
            wrapper = row->index | DAGGER_FUNCTION_WRAPPER;
        if (shown && count < HEAD)
            report_frame(report, table, row);
        else if (shown)
            tail[count % TAIL] = row;
        if (shown)
            count++;
        if (!unwind_step(&cursor))
            break;
    }
    if (count > HEAD + TAIL) {
        dagger_report_text(report, "    ... ");
        dagger_report_number(report, count - HEAD - TAIL);
        dagger_report_text(report, " more\n");
    }
    for (uint64_t i = count > HEAD + TAIL ? count - TAIL : HEAD; i < count; i++)
        report_frame(report, table, tail[i % TAIL]);
}
