/* Operations of which SIMDe 0.7.4 is slow code by gcc: with the instructions up to SSE 4.1, which
 * executables with SIMD have by default. See simd.h. */
#ifndef DAGGER_GUEST_SIMD_SSE4_H
#define DAGGER_GUEST_SIMD_SSE4_H

#include <smmintrin.h>

/* Half a vector from memory, each lane made twice as wide. */
#define DEFINE_EXTENDING_LOAD(name, extend)                                                        \
    INLINE v128 sse4_##name(const void *place)                                                     \
    {                                                                                              \
        return extend(_mm_loadl_epi64(place));                                                     \
    }
DEFINE_EXTENDING_LOAD(i16x8_load8x8, _mm_cvtepi8_epi16)
DEFINE_EXTENDING_LOAD(u16x8_load8x8, _mm_cvtepu8_epi16)
DEFINE_EXTENDING_LOAD(i32x4_load16x4, _mm_cvtepi16_epi32)
DEFINE_EXTENDING_LOAD(u32x4_load16x4, _mm_cvtepu16_epi32)
DEFINE_EXTENDING_LOAD(i64x2_load32x2, _mm_cvtepi32_epi64)
DEFINE_EXTENDING_LOAD(u64x2_load32x2, _mm_cvtepu32_epi64)
#undef DEFINE_EXTENDING_LOAD
#define simde_wasm_i16x8_load8x8  sse4_i16x8_load8x8
#define simde_wasm_u16x8_load8x8  sse4_u16x8_load8x8
#define simde_wasm_i32x4_load16x4 sse4_i32x4_load16x4
#define simde_wasm_u32x4_load16x4 sse4_u32x4_load16x4
#define simde_wasm_i64x2_load32x2 sse4_i64x2_load32x2
#define simde_wasm_u64x2_load32x2 sse4_u64x2_load32x2

INLINE v128 sse4_extmul_low_u8(v128 a, v128 b)
{
    return _mm_mullo_epi16(_mm_cvtepu8_epi16(a), _mm_cvtepu8_epi16(b));
}
INLINE v128 sse4_extmul_high_u8(v128 a, v128 b)
{
    __m128i zero = _mm_setzero_si128();
    return _mm_mullo_epi16(_mm_unpackhi_epi8(a, zero), _mm_unpackhi_epi8(b, zero));
}
#define simde_wasm_u16x8_extmul_low_u8x16  sse4_extmul_low_u8
#define simde_wasm_u16x8_extmul_high_u8x16 sse4_extmul_high_u8

INLINE v128 sse4_convert_low_i32(v128 a)
{
    return _mm_castpd_si128(_mm_cvtepi32_pd(a));
}
/* Behind the upper half of 2^52, an integer is the fraction. */
INLINE v128 sse4_convert_low_u32(v128 a)
{
    __m128i sum = _mm_unpacklo_epi32(a, _mm_set1_epi32(0x43300000));
    return _mm_castpd_si128(_mm_sub_pd(_mm_castsi128_pd(sum), _mm_set1_pd(0x1p52)));
}
#define simde_wasm_f64x2_convert_low_i32x4 sse4_convert_low_i32
#define simde_wasm_f64x2_convert_low_u32x4 sse4_convert_low_u32

/* The same with halves behind 2^23 and 2^39; only the last addition rounds. */
INLINE v128 sse4_convert_u32(v128 a)
{
    __m128i low = _mm_blend_epi16(a, _mm_set1_epi32(0x4b000000), 0xaa);
    __m128i high = _mm_or_si128(_mm_srli_epi32(a, 16), _mm_set1_epi32(0x53000000));
    __m128 exact = _mm_sub_ps(_mm_castsi128_ps(high), _mm_set1_ps(0x1p39f + 0x1p23f));
    return _mm_castps_si128(_mm_add_ps(exact, _mm_castsi128_ps(low)));
}
#define simde_wasm_f32x4_convert_u32x4 sse4_convert_u32

/* The instruction gives -2^31 for what is too small, and for NaNs, so these become zeros before. */
INLINE v128 sse4_trunc_sat_f64_s(v128 a)
{
    __m128d x = _mm_castsi128_pd(a);
    x = _mm_and_pd(x, _mm_cmpord_pd(x, x));
    return _mm_cvttpd_epi32(_mm_min_pd(x, _mm_set1_pd(INT32_MAX)));
}
/* The instruction gives its second operand where the first is a NaN. */
INLINE v128 sse4_trunc_sat_f64_u(v128 a)
{
    __m128d zero = _mm_setzero_pd(), x = _mm_max_pd(_mm_castsi128_pd(a), zero);
    x = _mm_round_pd(_mm_min_pd(x, _mm_set1_pd(UINT32_MAX)),
                     _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
    __m128 low = _mm_castpd_ps(_mm_add_pd(x, _mm_set1_pd(0x1p52)));
    return _mm_castps_si128(_mm_shuffle_ps(low, _mm_castpd_ps(zero), _MM_SHUFFLE(0, 0, 2, 0)));
}
#define simde_wasm_i32x4_trunc_sat_f64x2_zero sse4_trunc_sat_f64_s
#define simde_wasm_u32x4_trunc_sat_f64x2_zero sse4_trunc_sat_f64_u

#endif
