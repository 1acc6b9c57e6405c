/* Exceptions, as the C that wasm2c generates expects them: the second half of wasm-rt.h.
 *
 * There is one active exception and one innermost handler ("unwind target"), a jmp_buf in the
 * frame of the function that catches.
 */
#ifndef DAGGER_WASM_RT_EXCEPTIONS_H
#define DAGGER_WASM_RT_EXCEPTIONS_H

#include <setjmp.h>

#include "wasm-rt.h"

/* A tag is known by its address. */
typedef const void *wasm_rt_tag_t;

/* Bytes of an exception's values, also inside an exnref. */
#define WASM_EXN_MAX_SIZE 256

/* Makes a copy of the `size` bytes at `values` the active exception. Ends the process with a
 * message and status 1 when they are more than WASM_EXN_MAX_SIZE. */
void wasm_rt_load_exception(wasm_rt_tag_t tag, uint32_t size, const void *values);

/* Throws the active exception to the unwind target; without one it is a trap. */
WASM_RT_NO_RETURN void wasm_rt_throw(void);

struct dagger_unwind_target {
    jmp_buf buffer;
};
#define WASM_RT_UNWIND_TARGET struct dagger_unwind_target

/* 0 when it is set, another value when something was thrown to it. setjmp leaves the signal mask
 * alone, which no guest can change. */
#define wasm_rt_try(target) setjmp((target).buffer)

/* NULL: none. */
WASM_RT_UNWIND_TARGET *wasm_rt_get_unwind_target(void);
void wasm_rt_set_unwind_target(WASM_RT_UNWIND_TARGET *target);

/* The active exception. */
wasm_rt_tag_t wasm_rt_exception_tag(void);
uint32_t wasm_rt_exception_size(void);
void *wasm_rt_exception(void);

/* A reference to an exception: null when tag is NULL. */
typedef struct {
    wasm_rt_tag_t tag;
    uint32_t size; /* <= WASM_EXN_MAX_SIZE */
    char data[WASM_EXN_MAX_SIZE];
} wasm_rt_exnref_t;
#define wasm_rt_exnref_null_value ((wasm_rt_exnref_t){NULL, 0, {0}})

typedef struct {
    wasm_rt_exnref_t *data;
    uint32_t max_size;
    uint32_t size;
    uint32_t capacity;
} wasm_rt_exnref_table_t;

/* As the other tables, see wasm-rt.h. */
void wasm_rt_allocate_exnref_table(wasm_rt_exnref_table_t *table, uint32_t size, uint32_t max);
void wasm_rt_free_exnref_table(wasm_rt_exnref_table_t *table);
uint32_t wasm_rt_grow_exnref_table(wasm_rt_exnref_table_t *table, uint32_t delta,
                                   wasm_rt_exnref_t init);

#endif
