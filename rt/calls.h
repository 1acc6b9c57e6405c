/* The one place where guest numbers become host pointers. */
#ifndef DAGGER_RT_CALLS_H
#define DAGGER_RT_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime.h"
#include "trap.h"

/* Is [address, address + len) inside a memory of `size` bytes? len: less than 2^63. */
static inline bool dagger_range_is_inside(uint64_t size, uint32_t address, uint64_t len)
{
    return address + len <= size;
}

/* Is [address, address + len) inside the memory as large as it is now? Computed in 64 bits. NULL is
 * a memory of 0 bytes. On success *host is the first byte's host pointer: never NULL, not to be
 * dereferenced when len is 0. */
bool dagger_guest_range(const wasm_rt_memory_t *memory, uint32_t address, uint32_t len,
                        uint8_t **host);

/* The bytes at `address` up to the first NUL. *len gets their number, at most `max` + 1: that many
 * means that there is no NUL among the first `max` + 1 bytes. False when the memory ends before. */
bool dagger_guest_string(const wasm_rt_memory_t *memory, uint32_t address, size_t max,
                         const char **host, size_t *len);

/* Every import is host code between these two. */
static inline void dagger_host_enter(const struct w2c_dagger *imports)
{
    if ((uintptr_t)__builtin_frame_address(0) < imports->stack_limit)
        dagger_trap(DAGGER_TRAP_STACK_EXHAUSTED);
    dagger_runtime.in_guest = false;
}

static inline uint32_t dagger_host_leave(int32_t result)
{
    dagger_runtime.in_guest = true;
    return (uint32_t)result;
}

/* Around a wait within an import, in which it uses nothing that instances share: where guests are
 * embedded, other instances' imports go on meanwhile. errno stays. */
#ifdef DAGGER_EMBEDDED
void dagger_wait_begin(void);
void dagger_wait_end(void);
#else
static inline void dagger_wait_begin(void)
{
}
static inline void dagger_wait_end(void)
{
}
#endif

#endif
