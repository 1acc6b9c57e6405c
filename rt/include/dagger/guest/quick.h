/* Loads and stores for -O0, where inlining a function for each costs the compiler a third of its
 * time: plain expressions instead. Volatile, so that a load nobody looks at is still made. Floats
 * keep their functions. See memory.h, which includes this. */
#ifndef DAGGER_GUEST_QUICK_H
#define DAGGER_GUEST_QUICK_H

#define ANYWHERE __attribute__((may_alias, aligned(1)))
typedef volatile u8 ANYWHERE any_u8;
typedef volatile s8 ANYWHERE any_s8;
typedef volatile u16 ANYWHERE any_u16;
typedef volatile s16 ANYWHERE any_s16;
typedef volatile u32 ANYWHERE any_u32;
typedef volatile s32 ANYWHERE any_s32;
typedef volatile u64 ANYWHERE any_u64;

#define QUICK_LOAD(stored, widened, result, memory, address)                                       \
    ((result)(widened) * (any_##stored *)PLACE(memory, address, sizeof(stored)))

#undef i32_load
#undef i64_load
#undef i32_load8_s
#undef i32_load8_u
#undef i32_load16_s
#undef i32_load16_u
#undef i64_load8_s
#undef i64_load8_u
#undef i64_load16_s
#undef i64_load16_u
#undef i64_load32_s
#undef i64_load32_u
#define i32_load(memory, address)     QUICK_LOAD(u32, u32, u32, memory, address)
#define i64_load(memory, address)     QUICK_LOAD(u64, u64, u64, memory, address)
#define i32_load8_s(memory, address)  QUICK_LOAD(s8, s32, u32, memory, address)
#define i32_load8_u(memory, address)  QUICK_LOAD(u8, u32, u32, memory, address)
#define i32_load16_s(memory, address) QUICK_LOAD(s16, s32, u32, memory, address)
#define i32_load16_u(memory, address) QUICK_LOAD(u16, u32, u32, memory, address)
#define i64_load8_s(memory, address)  QUICK_LOAD(s8, s64, u64, memory, address)
#define i64_load8_u(memory, address)  QUICK_LOAD(u8, u64, u64, memory, address)
#define i64_load16_s(memory, address) QUICK_LOAD(s16, s64, u64, memory, address)
#define i64_load16_u(memory, address) QUICK_LOAD(u16, u64, u64, memory, address)
#define i64_load32_s(memory, address) QUICK_LOAD(s32, s64, u64, memory, address)
#define i64_load32_u(memory, address) QUICK_LOAD(u32, u64, u64, memory, address)

#define QUICK_STORE(stored, memory, address, value)                                                \
    ((void)(*(any_##stored *)PLACE(memory, address, sizeof(stored)) = (stored)(value)))

#undef i32_store
#undef i64_store
#undef i32_store8
#undef i32_store16
#undef i64_store8
#undef i64_store16
#undef i64_store32
#define i32_store(memory, address, value)   QUICK_STORE(u32, memory, address, value)
#define i64_store(memory, address, value)   QUICK_STORE(u64, memory, address, value)
#define i32_store8(memory, address, value)  QUICK_STORE(u8, memory, address, value)
#define i32_store16(memory, address, value) QUICK_STORE(u16, memory, address, value)
#define i64_store8(memory, address, value)  QUICK_STORE(u8, memory, address, value)
#define i64_store16(memory, address, value) QUICK_STORE(u16, memory, address, value)
#define i64_store32(memory, address, value) QUICK_STORE(u32, memory, address, value)

#endif
