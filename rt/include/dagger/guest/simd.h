/* Operations on v128, by SIMDe (simde/wasm/simd128.h, corrected by the header of that name here).
 * Those that wasm2c calls by SIMDe's own names need nothing; the others have other names, or access
 * memory. See code.h. */
#ifndef DAGGER_GUEST_SIMD_H
#define DAGGER_GUEST_SIMD_H

#include <simde/wasm/simd128.h>

#ifndef WASM_RT_SIMD_TYPE_DEFINED
#define WASM_RT_SIMD_TYPE_DEFINED
typedef simde_v128_t v128;
#endif

#ifdef __SSE4_1__
#include "simd_sse4.h"
#endif

#define v128_const                      simde_wasm_i8x16_const
#define v128_i8x16_extract_lane         simde_wasm_i8x16_extract_lane
#define v128_u8x16_extract_lane         simde_wasm_u8x16_extract_lane
#define v128_i16x8_extract_lane         simde_wasm_i16x8_extract_lane
#define v128_u16x8_extract_lane         simde_wasm_u16x8_extract_lane
#define v128_i32x4_extract_lane         simde_wasm_i32x4_extract_lane
#define v128_i64x2_extract_lane         simde_wasm_i64x2_extract_lane
#define v128_f32x4_extract_lane         simde_wasm_f32x4_extract_lane
#define v128_f64x2_extract_lane         simde_wasm_f64x2_extract_lane
#define v128_i8x16_replace_lane         simde_wasm_i8x16_replace_lane
#define v128_u8x16_replace_lane         simde_wasm_u8x16_replace_lane
#define v128_i16x8_replace_lane         simde_wasm_i16x8_replace_lane
#define v128_u16x8_replace_lane         simde_wasm_u16x8_replace_lane
#define v128_i32x4_replace_lane         simde_wasm_i32x4_replace_lane
#define v128_i64x2_replace_lane         simde_wasm_i64x2_replace_lane
#define v128_f32x4_replace_lane         simde_wasm_f32x4_replace_lane
#define v128_f64x2_replace_lane         simde_wasm_f64x2_replace_lane
#define v128_i8x16_bitmask              simde_wasm_i8x16_bitmask
#define v128_i16x8_bitmask              simde_wasm_i16x8_bitmask
#define v128_i32x4_bitmask              simde_wasm_i32x4_bitmask
#define v128_i64x2_bitmask              simde_wasm_i64x2_bitmask
#define v128_i8x16_swizzle              simde_wasm_i8x16_swizzle
#define v128_i8x16_shuffle              simde_wasm_i8x16_shuffle
#define v128_i16x8_extmul_high_i8x16    simde_wasm_i16x8_extmul_high_i8x16
#define v128_u16x8_extmul_high_u8x16    simde_wasm_u16x8_extmul_high_u8x16
#define v128_i16x8_extmul_low_i8x16     simde_wasm_i16x8_extmul_low_i8x16
#define v128_u16x8_extmul_low_u8x16     simde_wasm_u16x8_extmul_low_u8x16
#define v128_i32x4_extmul_high_i16x8    simde_wasm_i32x4_extmul_high_i16x8
#define v128_u32x4_extmul_high_u16x8    simde_wasm_u32x4_extmul_high_u16x8
#define v128_i32x4_extmul_low_i16x8     simde_wasm_i32x4_extmul_low_i16x8
#define v128_u32x4_extmul_low_u16x8     simde_wasm_u32x4_extmul_low_u16x8
#define v128_i64x2_extmul_high_i32x4    simde_wasm_i64x2_extmul_high_i32x4
#define v128_u64x2_extmul_high_u32x4    simde_wasm_u64x2_extmul_high_u32x4
#define v128_i64x2_extmul_low_i32x4     simde_wasm_i64x2_extmul_low_i32x4
#define v128_u64x2_extmul_low_u32x4     simde_wasm_u64x2_extmul_low_u32x4
#define v128_i16x8_extend_high_i8x16    simde_wasm_i16x8_extend_high_i8x16
#define v128_u16x8_extend_high_u8x16    simde_wasm_u16x8_extend_high_u8x16
#define v128_i16x8_extend_low_i8x16     simde_wasm_i16x8_extend_low_i8x16
#define v128_u16x8_extend_low_u8x16     simde_wasm_u16x8_extend_low_u8x16
#define v128_i32x4_extend_high_i16x8    simde_wasm_i32x4_extend_high_i16x8
#define v128_u32x4_extend_high_u16x8    simde_wasm_u32x4_extend_high_u16x8
#define v128_i32x4_extend_low_i16x8     simde_wasm_i32x4_extend_low_i16x8
#define v128_u32x4_extend_low_u16x8     simde_wasm_u32x4_extend_low_u16x8
#define v128_i64x2_extend_high_i32x4    simde_wasm_i64x2_extend_high_i32x4
#define v128_u64x2_extend_high_u32x4    simde_wasm_u64x2_extend_high_u32x4
#define v128_i64x2_extend_low_i32x4     simde_wasm_i64x2_extend_low_i32x4
#define v128_u64x2_extend_low_u32x4     simde_wasm_u64x2_extend_low_u32x4
#define v128_i32x4_trunc_sat_f64x2_zero simde_wasm_i32x4_trunc_sat_f64x2_zero
#define v128_u32x4_trunc_sat_f64x2_zero simde_wasm_u32x4_trunc_sat_f64x2_zero
#define v128_i16x8_narrow_i32x4         simde_wasm_i16x8_narrow_i32x4
#define v128_u16x8_narrow_i32x4         simde_wasm_u16x8_narrow_i32x4
#define v128_i8x16_narrow_i16x8         simde_wasm_i8x16_narrow_i16x8
#define v128_u8x16_narrow_i16x8         simde_wasm_u8x16_narrow_i16x8
#define v128_f64x2_promote_low_f32x4    simde_wasm_f64x2_promote_low_f32x4
#define v128_f32x4_demote_f64x2_zero    simde_wasm_f32x4_demote_f64x2_zero
#define v128_f64x2_convert_low_i32x4    simde_wasm_f64x2_convert_low_i32x4
#define v128_f64x2_convert_low_u32x4    simde_wasm_f64x2_convert_low_u32x4

/* See hidden_f32. */
INLINE v128 hidden_v128(v128 value)
{
    __asm__("" : "+" FLOAT_REGISTER(value));
    return value;
}

#define DEFINE_LOAD(name)                                                                          \
    INLINE v128 load_##name(const void *place)                                                     \
    {                                                                                              \
        v128 value = simde_wasm_##name(place);                                                     \
        ARRIVES_VECTOR(value);                                                                     \
        return value;                                                                              \
    }
DEFINE_LOAD(v128_load)
DEFINE_LOAD(v128_load8_splat)
DEFINE_LOAD(v128_load16_splat)
DEFINE_LOAD(v128_load32_splat)
DEFINE_LOAD(v128_load64_splat)
DEFINE_LOAD(i16x8_load8x8)
DEFINE_LOAD(u16x8_load8x8)
DEFINE_LOAD(i32x4_load16x4)
DEFINE_LOAD(u32x4_load16x4)
DEFINE_LOAD(i64x2_load32x2)
DEFINE_LOAD(u64x2_load32x2)
DEFINE_LOAD(v128_load32_zero)
DEFINE_LOAD(v128_load64_zero)
#undef DEFINE_LOAD

#define v128_load(memory, address)         load_v128_load(PLACE(memory, address, 16))
#define v128_load8_splat(memory, address)  load_v128_load8_splat(PLACE(memory, address, 1))
#define v128_load16_splat(memory, address) load_v128_load16_splat(PLACE(memory, address, 2))
#define v128_load32_splat(memory, address) load_v128_load32_splat(PLACE(memory, address, 4))
#define v128_load64_splat(memory, address) load_v128_load64_splat(PLACE(memory, address, 8))
#define i16x8_load8x8(memory, address)     load_i16x8_load8x8(PLACE(memory, address, 8))
#define u16x8_load8x8(memory, address)     load_u16x8_load8x8(PLACE(memory, address, 8))
#define i32x4_load16x4(memory, address)    load_i32x4_load16x4(PLACE(memory, address, 8))
#define u32x4_load16x4(memory, address)    load_u32x4_load16x4(PLACE(memory, address, 8))
#define i64x2_load32x2(memory, address)    load_i64x2_load32x2(PLACE(memory, address, 8))
#define u64x2_load32x2(memory, address)    load_u64x2_load32x2(PLACE(memory, address, 8))
#define v128_load32_zero(memory, address)  load_v128_load32_zero(PLACE(memory, address, 4))
#define v128_load64_zero(memory, address)  load_v128_load64_zero(PLACE(memory, address, 8))

#define v128_store(memory, address, value) simde_wasm_v128_store(PLACE(memory, address, 16), value)

/* One function a lane, since a lane is a constant. */
#define DEFINE_LANE(bits, lane)                                                                    \
    INLINE v128 load##bits##_lane##lane(const void *place, v128 vector)                            \
    {                                                                                              \
        v128 value = simde_wasm_v128_load##bits##_lane(place, vector, lane);                       \
        ARRIVES_VECTOR(value);                                                                     \
        return value;                                                                              \
    }                                                                                              \
    INLINE void store##bits##_lane##lane(void *place, v128 vector)                                 \
    {                                                                                              \
        simde_wasm_v128_store##bits##_lane(place, vector, lane);                                   \
    }
DEFINE_LANE(8, 0)
DEFINE_LANE(8, 1)
DEFINE_LANE(8, 2)
DEFINE_LANE(8, 3)
DEFINE_LANE(8, 4)
DEFINE_LANE(8, 5)
DEFINE_LANE(8, 6)
DEFINE_LANE(8, 7)
DEFINE_LANE(8, 8)
DEFINE_LANE(8, 9)
DEFINE_LANE(8, 10)
DEFINE_LANE(8, 11)
DEFINE_LANE(8, 12)
DEFINE_LANE(8, 13)
DEFINE_LANE(8, 14)
DEFINE_LANE(8, 15)
DEFINE_LANE(16, 0)
DEFINE_LANE(16, 1)
DEFINE_LANE(16, 2)
DEFINE_LANE(16, 3)
DEFINE_LANE(16, 4)
DEFINE_LANE(16, 5)
DEFINE_LANE(16, 6)
DEFINE_LANE(16, 7)
DEFINE_LANE(32, 0)
DEFINE_LANE(32, 1)
DEFINE_LANE(32, 2)
DEFINE_LANE(32, 3)
DEFINE_LANE(64, 0)
DEFINE_LANE(64, 1)
#undef DEFINE_LANE

#define v128_load8_lane0(memory, address, vector)   load8_lane0(PLACE(memory, address, 1), vector)
#define v128_store8_lane0(memory, address, vector)  store8_lane0(PLACE(memory, address, 1), vector)
#define v128_load8_lane1(memory, address, vector)   load8_lane1(PLACE(memory, address, 1), vector)
#define v128_store8_lane1(memory, address, vector)  store8_lane1(PLACE(memory, address, 1), vector)
#define v128_load8_lane2(memory, address, vector)   load8_lane2(PLACE(memory, address, 1), vector)
#define v128_store8_lane2(memory, address, vector)  store8_lane2(PLACE(memory, address, 1), vector)
#define v128_load8_lane3(memory, address, vector)   load8_lane3(PLACE(memory, address, 1), vector)
#define v128_store8_lane3(memory, address, vector)  store8_lane3(PLACE(memory, address, 1), vector)
#define v128_load8_lane4(memory, address, vector)   load8_lane4(PLACE(memory, address, 1), vector)
#define v128_store8_lane4(memory, address, vector)  store8_lane4(PLACE(memory, address, 1), vector)
#define v128_load8_lane5(memory, address, vector)   load8_lane5(PLACE(memory, address, 1), vector)
#define v128_store8_lane5(memory, address, vector)  store8_lane5(PLACE(memory, address, 1), vector)
#define v128_load8_lane6(memory, address, vector)   load8_lane6(PLACE(memory, address, 1), vector)
#define v128_store8_lane6(memory, address, vector)  store8_lane6(PLACE(memory, address, 1), vector)
#define v128_load8_lane7(memory, address, vector)   load8_lane7(PLACE(memory, address, 1), vector)
#define v128_store8_lane7(memory, address, vector)  store8_lane7(PLACE(memory, address, 1), vector)
#define v128_load8_lane8(memory, address, vector)   load8_lane8(PLACE(memory, address, 1), vector)
#define v128_store8_lane8(memory, address, vector)  store8_lane8(PLACE(memory, address, 1), vector)
#define v128_load8_lane9(memory, address, vector)   load8_lane9(PLACE(memory, address, 1), vector)
#define v128_store8_lane9(memory, address, vector)  store8_lane9(PLACE(memory, address, 1), vector)
#define v128_load8_lane10(memory, address, vector)  load8_lane10(PLACE(memory, address, 1), vector)
#define v128_store8_lane10(memory, address, vector) store8_lane10(PLACE(memory, address, 1), vector)
#define v128_load8_lane11(memory, address, vector)  load8_lane11(PLACE(memory, address, 1), vector)
#define v128_store8_lane11(memory, address, vector) store8_lane11(PLACE(memory, address, 1), vector)
#define v128_load8_lane12(memory, address, vector)  load8_lane12(PLACE(memory, address, 1), vector)
#define v128_store8_lane12(memory, address, vector) store8_lane12(PLACE(memory, address, 1), vector)
#define v128_load8_lane13(memory, address, vector)  load8_lane13(PLACE(memory, address, 1), vector)
#define v128_store8_lane13(memory, address, vector) store8_lane13(PLACE(memory, address, 1), vector)
#define v128_load8_lane14(memory, address, vector)  load8_lane14(PLACE(memory, address, 1), vector)
#define v128_store8_lane14(memory, address, vector) store8_lane14(PLACE(memory, address, 1), vector)
#define v128_load8_lane15(memory, address, vector)  load8_lane15(PLACE(memory, address, 1), vector)
#define v128_store8_lane15(memory, address, vector) store8_lane15(PLACE(memory, address, 1), vector)
#define v128_load16_lane0(memory, address, vector)  load16_lane0(PLACE(memory, address, 2), vector)
#define v128_store16_lane0(memory, address, vector) store16_lane0(PLACE(memory, address, 2), vector)
#define v128_load16_lane1(memory, address, vector)  load16_lane1(PLACE(memory, address, 2), vector)
#define v128_store16_lane1(memory, address, vector) store16_lane1(PLACE(memory, address, 2), vector)
#define v128_load16_lane2(memory, address, vector)  load16_lane2(PLACE(memory, address, 2), vector)
#define v128_store16_lane2(memory, address, vector) store16_lane2(PLACE(memory, address, 2), vector)
#define v128_load16_lane3(memory, address, vector)  load16_lane3(PLACE(memory, address, 2), vector)
#define v128_store16_lane3(memory, address, vector) store16_lane3(PLACE(memory, address, 2), vector)
#define v128_load16_lane4(memory, address, vector)  load16_lane4(PLACE(memory, address, 2), vector)
#define v128_store16_lane4(memory, address, vector) store16_lane4(PLACE(memory, address, 2), vector)
#define v128_load16_lane5(memory, address, vector)  load16_lane5(PLACE(memory, address, 2), vector)
#define v128_store16_lane5(memory, address, vector) store16_lane5(PLACE(memory, address, 2), vector)
#define v128_load16_lane6(memory, address, vector)  load16_lane6(PLACE(memory, address, 2), vector)
#define v128_store16_lane6(memory, address, vector) store16_lane6(PLACE(memory, address, 2), vector)
#define v128_load16_lane7(memory, address, vector)  load16_lane7(PLACE(memory, address, 2), vector)
#define v128_store16_lane7(memory, address, vector) store16_lane7(PLACE(memory, address, 2), vector)
#define v128_load32_lane0(memory, address, vector)  load32_lane0(PLACE(memory, address, 4), vector)
#define v128_store32_lane0(memory, address, vector) store32_lane0(PLACE(memory, address, 4), vector)
#define v128_load32_lane1(memory, address, vector)  load32_lane1(PLACE(memory, address, 4), vector)
#define v128_store32_lane1(memory, address, vector) store32_lane1(PLACE(memory, address, 4), vector)
#define v128_load32_lane2(memory, address, vector)  load32_lane2(PLACE(memory, address, 4), vector)
#define v128_store32_lane2(memory, address, vector) store32_lane2(PLACE(memory, address, 4), vector)
#define v128_load32_lane3(memory, address, vector)  load32_lane3(PLACE(memory, address, 4), vector)
#define v128_store32_lane3(memory, address, vector) store32_lane3(PLACE(memory, address, 4), vector)
#define v128_load64_lane0(memory, address, vector)  load64_lane0(PLACE(memory, address, 8), vector)
#define v128_store64_lane0(memory, address, vector) store64_lane0(PLACE(memory, address, 8), vector)
#define v128_load64_lane1(memory, address, vector)  load64_lane1(PLACE(memory, address, 8), vector)
#define v128_store64_lane1(memory, address, vector) store64_lane1(PLACE(memory, address, 8), vector)

#endif
