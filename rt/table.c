/* Tables: arrays of references on the heap. Null references of all kinds are zero bytes, so that a
 * new table costs no memory until the guest fills it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dagger/wasm-rt-exceptions.h"
#include "report.h"
#include "runtime.h"
#include "trap.h"

/* As engines for the web: the JavaScript interface's implementation limits, section 7. */
#define TABLE_MAX_ELEMENTS UINT32_C(10000000)

/* Over all tables of the process: elements of exnref tables are large. */
#define TABLES_MAX_BYTES (UINT64_C(1) << 30)

static bool tables_have_room(uint64_t bytes)
{
    return bytes <= TABLES_MAX_BYTES - dagger_runtime.tables_bytes;
}

/* Elements that all tables together may still take. */
static uint64_t elements_left(void)
{
    uint64_t limit = dagger_runtime.limits.table;
    return (limit ? limit : UINT64_MAX) - dagger_runtime.table_elements;
}

static void *table_new(uint32_t size, size_t element_size)
{
    if (size > elements_left())
        dagger_fail(DAGGER_STATUS_FAILED,
                    "the guest's tables begin with more than the %u elements allowed",
                    dagger_runtime.limits.table);
    if (size > TABLE_MAX_ELEMENTS || !tables_have_room((uint64_t)size * element_size))
        dagger_fail(DAGGER_STATUS_FAILED,
                    "the guest has a table of %u elements, more than the %u supported",
                    (uint64_t)size, (uint64_t)TABLE_MAX_ELEMENTS);
    void *data = calloc(size ? size : 1, element_size);
    if (!data)
        dagger_fail(DAGGER_STATUS_FAILED, "can't get memory for a table of %u elements: %s",
                    (uint64_t)size, strerror(errno));
    dagger_runtime.tables_bytes += (uint64_t)size * element_size;
    dagger_runtime.table_elements += size;
    return data;
}

/* Room for `size` + `delta` elements: the array, moved if need be, or NULL and nothing has changed.
 * Grows by half so that growing one by one is not quadratic. */
static void *table_reserve(void *data, uint32_t size, uint32_t delta, uint32_t max_size,
                           uint32_t *capacity, size_t element_size)
{
    uint32_t limit = max_size < TABLE_MAX_ELEMENTS ? max_size : TABLE_MAX_ELEMENTS;
    if (size > limit || delta > limit - size || delta > elements_left())
        return NULL;
    uint32_t wanted = size + delta;
    if (wanted <= *capacity)
        return data;
    uint64_t larger = (uint64_t)wanted + wanted / 2;
    if (larger > limit)
        larger = limit;
    uint64_t more = (larger - *capacity) * element_size;
    if (!tables_have_room(more)) {
        larger = wanted;
        more = (larger - *capacity) * element_size;
        if (!tables_have_room(more))
            return NULL;
    }
    /* Exhausted in the midst of realloc(), the heap would be in no state to close streams with. */
    if ((uintptr_t)__builtin_frame_address(0) < dagger_runtime.imports.stack_limit)
        dagger_trap(DAGGER_TRAP_STACK_EXHAUSTED);
    bool in_guest = dagger_runtime.in_guest;
    dagger_runtime.in_guest = false; /* a signal, too, would */
    void *moved = realloc(data, larger * element_size);
    dagger_runtime.in_guest = in_guest;
    if (!moved)
        return NULL;
    *capacity = (uint32_t)larger;
    dagger_runtime.tables_bytes += more;
    return moved;
}

static void table_delete(void *data, uint32_t capacity, size_t element_size)
{
    free(data);
    dagger_runtime.tables_bytes -= (uint64_t)capacity * element_size;
}

/* The three functions wasm2c expects for each kind of reference. */
#define DEFINE_TABLE(kind)                                                                         \
    void wasm_rt_allocate_##kind##_table(wasm_rt_##kind##_table_t *table, uint32_t size,           \
                                         uint32_t max)                                             \
    {                                                                                              \
        table->data = table_new(size, sizeof(*table->data));                                       \
        table->max_size = max;                                                                     \
        table->size = size;                                                                        \
        table->capacity = size;                                                                    \
    }                                                                                              \
    void wasm_rt_free_##kind##_table(wasm_rt_##kind##_table_t *table)                              \
    {                                                                                              \
        table_delete(table->data, table->capacity, sizeof(*table->data));                          \
        dagger_runtime.table_elements -= table->size;                                              \
        *table = (wasm_rt_##kind##_table_t){0};                                                    \
    }                                                                                              \
    uint32_t wasm_rt_grow_##kind##_table(wasm_rt_##kind##_table_t *table, uint32_t delta,          \
                                         wasm_rt_##kind##_t init)                                  \
    {                                                                                              \
        void *data = table_reserve(table->data, table->size, delta, table->max_size,               \
                                   &table->capacity, sizeof(*table->data));                        \
        if (!data)                                                                                 \
            return UINT32_MAX;                                                                     \
        table->data = data;                                                                        \
        for (uint32_t i = 0; i < delta; i++)                                                       \
            table->data[table->size + i] = init;                                                   \
        table->size += delta;                                                                      \
        dagger_runtime.table_elements += delta;                                                    \
        return table->size - delta;                                                                \
    }

DEFINE_TABLE(funcref)
DEFINE_TABLE(externref)
DEFINE_TABLE(exnref)
