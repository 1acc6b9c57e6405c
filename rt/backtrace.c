#include "backtrace.h"

#include <string.h>

#include "dagger/functions.h"
#include "runtime.h"
#include "unwind.h"

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

static struct dagger_frame frame_of(const struct dagger_function_table *table,
                                    const struct dagger_function_row *row)
{
    return (struct dagger_frame){
        .function = row->index & ~DAGGER_FUNCTION_WRAPPER,
        .name = (const char *)table + row->name,
        .name_len = row->name_len,
    };
}

void dagger_backtrace(struct dagger_frames *frames, const void *argument)
{
    const struct dagger_registers *registers = argument;
    const struct dagger_function_table *table = function_table();
    if (!table)
        return;
    struct unwind_cursor cursor;
    unwind_init(&cursor, registers, dagger_runtime.stack_low, dagger_runtime.stack_high);

    uint32_t wrapper = NO_WRAPPER; /* index of that of the frame just inside */
    for (uint64_t i = 0; i < FRAMES_MAX; i++) {
        const struct dagger_function_row *row = find_function(table, unwind_address(&cursor));
        bool shown = row && row->index != wrapper;
        if (row && row->index & DAGGER_FUNCTION_WRAPPER)
            wrapper = NO_WRAPPER;
        else if (row)
            wrapper = row->index | DAGGER_FUNCTION_WRAPPER;
        if (shown) {
            struct dagger_frame frame = frame_of(table, row);
            dagger_frames_add(frames, &frame);
        }
        if (!unwind_step(&cursor))
            break;
    }
}
