/* Loads, stores and bulk operations. See code.h. */
#ifndef DAGGER_GUEST_MEMORY_H
#define DAGGER_GUEST_MEMORY_H

/* Where an access of `bytes` bytes goes. `address` is index plus offset in 64 bits, below 2^33.
 *
 * Fixed: an absolute address, so that an access is one instruction, [index + constant].
 * Guard: what is out of bounds is in the reservation and faults.
 * Checked: compared with the size. */
#if DAGGER_ACCESS == DAGGER_ACCESS_FIXED
#define PLACE(memory, address, bytes) ((u8 *)(DAGGER_FIXED_MEMORY + (address)))
#elif DAGGER_SINGLE
#define BASE(memory) memory_base
#else
#define BASE(memory) ((memory)->data)
#endif
#if DAGGER_ACCESS == DAGGER_ACCESS_GUARD
#define PLACE(memory, address, bytes) (BASE(memory) + (address))
#elif DAGGER_ACCESS == DAGGER_ACCESS_CHECKED
#define PLACE(memory, address, bytes)                                                              \
    (BASE(memory) + checked_address((memory)->size, (address), (bytes)))

INLINE u64 checked_address(u64 memory_size, u64 address, u32 size)
{
    if (UNLIKELY(address + size > memory_size))
        TRAP(OOB);
    return address;
}
#endif

/* A load out of bounds must trap even when nobody looks at its value, or at a part of it only.
 *
 * gcc keeps loads that nobody looks at when it is told to by options, which come with
 * DAGGER_LOADS_ARE_KEPT; but it would load no more than is looked at. So what it could do so with
 * passes through a register as a whole, which costs less than a barrier: bytes need not, nor do
 * floats, of which no instruction takes a part (see i64_reinterpret_f64).
 *
 * Elsewhere each value has to arrive in a register, by a barrier. */
#if DAGGER_RELAXED_LOADS || DAGGER_ACCESS == DAGGER_ACCESS_CHECKED
#define ARRIVES(value)        (void)(value)
#define ARRIVES_BYTE(value)   (void)(value)
#define ARRIVES_FLOAT(value)  (void)(value)
#define ARRIVES_VECTOR(value) (void)(value)
#elif DAGGER_LOADS_ARE_KEPT
#define ARRIVES(value)        __asm__("" : "+r"(value))
#define ARRIVES_BYTE(value)   (void)(value)
#define ARRIVES_FLOAT(value)  (void)(value)
#define ARRIVES_VECTOR(value) __asm__("" : "+" FLOAT_REGISTER(value))
#else
#define ARRIVES(value)        __asm__ volatile("" : : "r"(value))
#define ARRIVES_BYTE(value)   ARRIVES(value)
#define ARRIVES_FLOAT(value)  __asm__ volatile("" : : FLOAT_REGISTER(value))
#define ARRIVES_VECTOR(value) ARRIVES_FLOAT(value)
#endif

/* As itself and not through memcpy: gcc would make an integer of a float on its way, and keep that
 * load too. */
#define DEFINE_LOAD(name, stored, widened, result, arrives)                                        \
    INLINE result load_##name(const void *place)                                                   \
    {                                                                                              \
        typedef stored unaligned __attribute__((aligned(1), may_alias));                           \
        result value = (result)(widened) * (const unaligned *)place;                               \
        arrives(value);                                                                            \
        return value;                                                                              \
    }
DEFINE_LOAD(i32, u32, u32, u32, ARRIVES)
DEFINE_LOAD(i64, u64, u64, u64, ARRIVES)
DEFINE_LOAD(f32, f32, f32, f32, ARRIVES_FLOAT)
DEFINE_LOAD(f64, f64, f64, f64, ARRIVES_FLOAT)
DEFINE_LOAD(i32_8_s, s8, s32, u32, ARRIVES_BYTE)
DEFINE_LOAD(i32_8_u, u8, u32, u32, ARRIVES_BYTE)
DEFINE_LOAD(i32_16_s, s16, s32, u32, ARRIVES)
DEFINE_LOAD(i32_16_u, u16, u32, u32, ARRIVES)
DEFINE_LOAD(i64_8_s, s8, s64, u64, ARRIVES_BYTE)
DEFINE_LOAD(i64_8_u, u8, u64, u64, ARRIVES_BYTE)
DEFINE_LOAD(i64_16_s, s16, s64, u64, ARRIVES)
DEFINE_LOAD(i64_16_u, u16, u64, u64, ARRIVES)
DEFINE_LOAD(i64_32_s, s32, s64, u64, ARRIVES)
DEFINE_LOAD(i64_32_u, u32, u64, u64, ARRIVES)
#undef DEFINE_LOAD

#define i32_load(memory, address)     load_i32(PLACE(memory, address, 4))
#define i64_load(memory, address)     load_i64(PLACE(memory, address, 8))
#define f32_load(memory, address)     load_f32(PLACE(memory, address, 4))
#define f64_load(memory, address)     load_f64(PLACE(memory, address, 8))
#define i32_load8_s(memory, address)  load_i32_8_s(PLACE(memory, address, 1))
#define i32_load8_u(memory, address)  load_i32_8_u(PLACE(memory, address, 1))
#define i32_load16_s(memory, address) load_i32_16_s(PLACE(memory, address, 2))
#define i32_load16_u(memory, address) load_i32_16_u(PLACE(memory, address, 2))
#define i64_load8_s(memory, address)  load_i64_8_s(PLACE(memory, address, 1))
#define i64_load8_u(memory, address)  load_i64_8_u(PLACE(memory, address, 1))
#define i64_load16_s(memory, address) load_i64_16_s(PLACE(memory, address, 2))
#define i64_load16_u(memory, address) load_i64_16_u(PLACE(memory, address, 2))
#define i64_load32_s(memory, address) load_i64_32_s(PLACE(memory, address, 4))
#define i64_load32_u(memory, address) load_i64_32_u(PLACE(memory, address, 4))

#define DEFINE_STORE(name, stored)                                                                 \
    INLINE void store_##name(void *place, stored value)                                            \
    {                                                                                              \
        memcpy(place, &value, sizeof value);                                                       \
    }
DEFINE_STORE(8, u8)
DEFINE_STORE(16, u16)
DEFINE_STORE(32, u32)
DEFINE_STORE(64, u64)
DEFINE_STORE(f32, f32)
DEFINE_STORE(f64, f64)
#undef DEFINE_STORE

#define i32_store(memory, address, value)   store_32(PLACE(memory, address, 4), value)
#define i64_store(memory, address, value)   store_64(PLACE(memory, address, 8), value)
#define f32_store(memory, address, value)   store_f32(PLACE(memory, address, 4), value)
#define f64_store(memory, address, value)   store_f64(PLACE(memory, address, 8), value)
#define i32_store8(memory, address, value)  store_8(PLACE(memory, address, 1), (u8)(value))
#define i32_store16(memory, address, value) store_16(PLACE(memory, address, 2), (u16)(value))
#define i64_store8(memory, address, value)  store_8(PLACE(memory, address, 1), (u8)(value))
#define i64_store16(memory, address, value) store_16(PLACE(memory, address, 2), (u16)(value))
#define i64_store32(memory, address, value) store_32(PLACE(memory, address, 4), (u32)(value))

#ifndef __OPTIMIZE__
#include "quick.h"
#endif

/* Ranges are in bounds as a whole, or nothing is written: so these compare, in every mode. The base
 * is the memory's own, as they are also used while it is set up. */
#if DAGGER_ACCESS == DAGGER_ACCESS_FIXED
#define RANGE(memory, start) ((u8 *)(DAGGER_FIXED_MEMORY + (start)))
#else
#define RANGE(memory, start) ((memory)->data + (start))
#endif

INLINE void check_range(u64 size, u64 start, u64 len)
{
    if (UNLIKELY(start + len > size))
        TRAP(OOB);
}

INLINE void memory_fill(const wasm_rt_memory_t *memory, u32 start, u32 value, u32 len)
{
    check_range(memory->size, start, len);
    memset(RANGE(memory, start), (int)value, len);
}

INLINE void memory_copy(const wasm_rt_memory_t *to_memory, const wasm_rt_memory_t *from_memory,
                        u32 to, u32 from, u32 len)
{
    check_range(to_memory->size, to, len);
    check_range(from_memory->size, from, len);
    memmove(RANGE(to_memory, to), RANGE(from_memory, from), len);
}

INLINE void memory_init(const wasm_rt_memory_t *memory, const u8 *segment, u32 segment_size, u32 to,
                        u32 from, u32 len)
{
    check_range(segment_size, from, len);
    check_range(memory->size, to, len);
    if (len != 0)
        memcpy(RANGE(memory, to), segment + from, len);
}

/* Active segments: one at a place that is computed, or many at known ones. */
#define LOAD_DATA(memory, to, segment, len) memory_init(&(memory), segment, len, to, 0, len)

struct guest_segment {
    u32 to, len;
    u64 from; /* in guest_data */
};

static __attribute__((unused)) void load_segments(const wasm_rt_memory_t *memory,
                                                  const u8 *guest_data,
                                                  const struct guest_segment *segments,
                                                  size_t count)
{
    for (size_t i = 0; i < count; i++)
        memory_init(memory, guest_data + segments[i].from, segments[i].len, segments[i].to, 0,
                    segments[i].len);
}

#endif
