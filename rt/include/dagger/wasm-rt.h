/* What the C that wasm2c generates expects of its runtime, as Dagger fulfils it.
 *
 * The names, types and macros are a contract between wasm2c 1.0.36 to 1.0.42 and its runtime; the
 * generated code includes this file by its name. Written for Dagger: Linux, 64 bits, gcc or clang,
 * one guest a process, no threads. Two macros are given on the command line:
 *
 *   DAGGER_WASM2C_VERSION          of the wasm2c that wrote the code: 1039 is 1.0.39
 *   WASM_RT_MEMCHECK_BOUNDS_CHECK  1: generated code compares every access with the memory's size;
 *                                  otherwise guard pages catch what is out of bounds
 */
#ifndef DAGGER_WASM_RT_H
#define DAGGER_WASM_RT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef DAGGER_WASM2C_VERSION
#define DAGGER_WASM2C_VERSION 1042
#endif
#if DAGGER_WASM2C_VERSION < 1036 || DAGGER_WASM2C_VERSION >= 1100
#error "this runtime is for wasm2c 1.0.36 to 1.0.42"
#endif
#if UINTPTR_MAX != UINT64_MAX || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "this runtime is for 64-bit little-endian targets"
#endif

#ifndef __has_builtin
#define __has_builtin(x) 0
#endif

/* How accesses are checked. Memories are always mapped and never move. */
#define WASM_RT_USE_MMAP 1
#ifndef WASM_RT_MEMCHECK_BOUNDS_CHECK
#define WASM_RT_MEMCHECK_BOUNDS_CHECK 0
#endif
#undef WASM_RT_MEMCHECK_GUARD_PAGES
#define WASM_RT_MEMCHECK_GUARD_PAGES  (!WASM_RT_MEMCHECK_BOUNDS_CHECK)
#define WASM_RT_GUARD_PAGES_SUPPORTED 1

/* The call stack is bounded by the guard below it, so that calls need no counter. */
#define WASM_RT_STACK_EXHAUSTION_HANDLER                 1
#define WASM_RT_STACK_DEPTH_COUNT                        0
#define WASM_RT_NONCONFORMING_UNCHECKED_STACK_EXHAUSTION 0
#ifndef WASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION
#define WASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION 0
#endif

/* The segment register is left alone. */
#define WASM_RT_ALLOW_SEGUE        0
#define WASM_RT_USE_SEGUE          0
#define WASM_RT_SEGUE_FREE_SEGMENT 0
#define WASM_RT_SANITY_CHECKS      0

#define LIKELY(condition)          __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition)        __builtin_expect(!!(condition), 0)
#define wasm_rt_memcpy             __builtin_memcpy
#define wasm_rt_unreachable        __builtin_unreachable
#define WASM_RT_NO_RETURN          __attribute__((noreturn))
#define WASM_RT_THREAD_LOCAL

/* Why a guest trapped. The text people see is in trap.c. */
typedef enum {
    WASM_RT_TRAP_NONE,
    WASM_RT_TRAP_OOB, /* out of bounds, memory or table: see the macro wasm_rt_trap */
    WASM_RT_TRAP_INT_OVERFLOW,
    WASM_RT_TRAP_DIV_BY_ZERO,
    WASM_RT_TRAP_INVALID_CONVERSION,
    WASM_RT_TRAP_UNREACHABLE,
    WASM_RT_TRAP_CALL_INDIRECT, /* no such element, null, or of another type: wasm2c keeps no more
                                 */
    WASM_RT_TRAP_NULL_REF,
    WASM_RT_TRAP_UNCAUGHT_EXCEPTION,
    WASM_RT_TRAP_UNALIGNED,
    WASM_RT_TRAP_EXHAUSTION,
} wasm_rt_trap_t;

/* Ends the process with status 134 after the streams have been delivered and one line and a
 * backtrace have gone to standard error. */
WASM_RT_NO_RETURN void wasm_rt_trap(wasm_rt_trap_t reason);

/* The same for something out of bounds, by the name of the generated function that found it: tables
 * are accessed in functions of their own, "funcref_table_get", "externref_table_init" and so on. */
WASM_RT_NO_RETURN void dagger_trap_out_of_bounds(const char *function);

/* Constant reasons only, so that __func__ costs nothing where the reason is another one. */
#define wasm_rt_trap(reason)                                                                       \
    ((reason) == WASM_RT_TRAP_OOB ? dagger_trap_out_of_bounds(__func__) : wasm_rt_trap(reason))

typedef enum {
    WASM_RT_I32,
    WASM_RT_I64,
    WASM_RT_F32,
    WASM_RT_F64,
    WASM_RT_V128,
    WASM_RT_FUNCREF,
    WASM_RT_EXTERNREF,
    WASM_RT_EXNREF,
} wasm_rt_type_t;

/* A function's type: 32 bytes of hash made by wasm2c; equal types have equal bytes. */
typedef const char *wasm_rt_func_type_t;

/* Any function; cast to its signature before it is called. */
typedef void (*wasm_rt_function_ptr_t)(void);

typedef struct wasm_rt_tailcallee_t {
    void (*fn)(void **instance_ptr, void *tail_call_stack, struct wasm_rt_tailcallee_t *next);
} wasm_rt_tailcallee_t;

/* A function reference: null when func is NULL. */
typedef struct {
    wasm_rt_func_type_t func_type;
    wasm_rt_function_ptr_t func;
    wasm_rt_tailcallee_t func_tailcallee;
    void *module_instance;
} wasm_rt_funcref_t;
#define wasm_rt_funcref_null_value ((wasm_rt_funcref_t){NULL, NULL, {NULL}, NULL})

typedef void *wasm_rt_externref_t;
#define wasm_rt_externref_null_value ((wasm_rt_externref_t){NULL})

#define WASM_DEFAULT_PAGE_SIZE       65536

/* A linear memory. The members up to is64 are read by generated code. */
typedef struct wasm_rt_memory_t {
    uint8_t *data;     /* never moves */
    uint8_t *data_end; /* end of the reservation */
    uint32_t page_size;
    uint64_t pages;
    uint64_t max_pages;
    uint64_t size; /* bytes: pages * page_size */
    bool is64;
    struct wasm_rt_memory_t *next; /* all memories of the process, for the fault handler */
} wasm_rt_memory_t;

/* Makes a memory of `initial` pages of zeros that can grow to `max`. Ends the process with a
 * message and status 1 when the host can't provide it. */
void dagger_memory_allocate(wasm_rt_memory_t *memory, uint64_t initial, uint64_t max, bool is64,
                            uint32_t page_size);
#if DAGGER_WASM2C_VERSION < 1037
#define wasm_rt_allocate_memory(memory, initial, max, is64)                                        \
    dagger_memory_allocate(memory, initial, max, is64, WASM_DEFAULT_PAGE_SIZE)
#else
#define wasm_rt_allocate_memory dagger_memory_allocate
#endif

/* Adds `delta` pages of zeros and returns the page count before, or UINT64_MAX when it can't;
 * nothing has changed then. */
uint64_t wasm_rt_grow_memory(wasm_rt_memory_t *memory, uint64_t delta);
void wasm_rt_free_memory(wasm_rt_memory_t *memory);

/* Tables. data, max_size and size are read by generated code; `capacity` elements are allocated. */
typedef struct {
    wasm_rt_funcref_t *data;
    uint32_t max_size;
    uint32_t size;
    uint32_t capacity;
} wasm_rt_funcref_table_t;

typedef struct {
    wasm_rt_externref_t *data;
    uint32_t max_size;
    uint32_t size;
    uint32_t capacity;
} wasm_rt_externref_table_t;

/* allocate: `size` null elements; ends the process with a message and status 1 when the host can't
 * provide them. grow: adds `delta` elements of the value `init` and returns the size before, or
 * UINT32_MAX when it can't; nothing has changed then. */
void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t *table, uint32_t size, uint32_t max);
void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t *table);
uint32_t wasm_rt_grow_funcref_table(wasm_rt_funcref_table_t *table, uint32_t delta,
                                    wasm_rt_funcref_t init);
void wasm_rt_allocate_externref_table(wasm_rt_externref_table_t *table, uint32_t size,
                                      uint32_t max);
void wasm_rt_free_externref_table(wasm_rt_externref_table_t *table);
uint32_t wasm_rt_grow_externref_table(wasm_rt_externref_table_t *table, uint32_t delta,
                                      wasm_rt_externref_t init);

/* Of an object: tells a type by its parameters, a comparison for each type there is. Compilers take
 * more time for it at -O2 than for all else (1,000 types: 14 s), and nobody calls it often. */
#if defined(__clang__)
__attribute__((optnone, noinline))
#else
__attribute__((optimize("O0")))
#endif
wasm_rt_func_type_t
wasm2c_guest_get_func_type(uint32_t param_count, uint32_t result_count, ...);

/* Generated code asserts that the runtime has been started. */
bool wasm_rt_is_initialized(void);

#endif
