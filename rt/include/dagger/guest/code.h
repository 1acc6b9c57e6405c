/* What a guest's functions are written in: the operations that the C of wasm2c is made of, as
 * Dagger defines them for the way an executable is built. daggercc puts this header in the place of
 * the definitions that wasm2c writes at the top of its output (compiler/specialise.c), after it has
 * checked that they are the ones it knows.
 *
 * Given before it is included, by the file that daggercc writes:
 *
 *   DAGGER_ACCESS  DAGGER_ACCESS_FIXED, _GUARD or _CHECKED: see enum dagger_memory_mode
 *   DAGGER_SINGLE  1: the module has one memory at most
 *   DAGGER_SIMD    1: the module uses SIMD
 *   DAGGER_RELAXED_LOADS  1: a load whose value is not used need not trap
 */
#ifndef DAGGER_GUEST_CODE_H
#define DAGGER_GUEST_CODE_H

#define DAGGER_ACCESS_FIXED   1
#define DAGGER_ACCESS_GUARD   2
#define DAGGER_ACCESS_CHECKED 3

/* gcc's late elimination of dead stores takes two accesses at different constant addresses for
 * disjoint, even where they overlap, and so leaves out stores that are read. Its early one is
 * right. Here and not among daggercc's options, as clang knows none of that name. */
#if DAGGER_ACCESS == DAGGER_ACCESS_FIXED && !defined(__clang__)
#pragma GCC optimize "no-dse"
#endif

#include <assert.h>
#include <math.h>

#include "../start.h"
#include "../wasm-rt.h"

#define INLINE       static inline __attribute__((always_inline))

#define TRAP(reason) (wasm_rt_trap(WASM_RT_TRAP_##reason), 0)
#define UNREACHABLE  TRAP(UNREACHABLE)

/* The constraint for a value of type float, double or v128 in a register of its own kind. */
#if defined(__x86_64__)
#define FLOAT_REGISTER "x"
#else
#define FLOAT_REGISTER "w"
#endif

/* Something in every function: where linear memory is, where that is no constant. */
#if DAGGER_SINGLE && DAGGER_ACCESS != DAGGER_ACCESS_FIXED
#define FUNC_PROLOGUE                                                                              \
    u8 *const memory_base = guest_memory_base;                                                     \
    (void)memory_base
#else
#define FUNC_PROLOGUE (void)0
#endif
#define FUNC_EPILOGUE (void)0

#include "memory.h"
#include "numeric.h"
#include "table.h"
#if DAGGER_SIMD
#include "simd.h"
#endif

#endif
