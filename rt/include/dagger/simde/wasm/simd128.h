/* SIMDe's <simde/wasm/simd128.h>, which the C that wasm2c generates includes for SIMD, with what
 * SIMDe does not do as the specification says on x86-64 (as of 0.7.4; found by its tests and ours):
 *
 *   f32x4.min, f32x4.max, f64x2.min, f64x2.max   zeros of both signs, signalling NaNs
 *   f32x4.trunc, f64x2.trunc, f64x2.floor        signalling NaNs stay signalling
 *   f64x2.ceil, f32x4.nearest, f64x2.nearest     -0.5 becomes 0 instead of -0
 *   i16x8.q15mulr_sat_s                          -1 times -1
 *   i32x4.trunc_sat_f32x4_u                      2^31 and more, but for AVX-512
 *   i64x2.all_true                               2^63, but for SSE 4.1
 *
 * daggercc has this folder before those of the system.
 */
#ifndef DAGGER_SIMDE_WASM_SIMD128_H
#define DAGGER_SIMDE_WASM_SIMD128_H

#include_next <simde/wasm/simd128.h>

#ifdef __SSE2__
#include <emmintrin.h>
#ifdef __SSE4_1__
#include <smmintrin.h>
#endif

static inline __m128 dagger_f32x4_of(simde_v128_t a)
{
    return simde_v128_to_private(a).sse_m128;
}

static inline __m128d dagger_f64x2_of(simde_v128_t a)
{
    return simde_v128_to_private(a).sse_m128d;
}

static inline simde_v128_t dagger_v128_of_f32x4(__m128 a)
{
    simde_v128_private r;
    r.sse_m128 = a;
    return simde_v128_from_private(r);
}

static inline simde_v128_t dagger_v128_of_f64x2(__m128d a)
{
    simde_v128_private r;
    r.sse_m128d = a;
    return simde_v128_from_private(r);
}

/* `a`, where a lane is a NaN a quiet one. */
static inline __m128 dagger_f32x4_quiet(__m128 a)
{
    __m128 quiet = _mm_castsi128_ps(_mm_set1_epi32(0x00400000));
    return _mm_or_ps(a, _mm_and_ps(_mm_cmpunord_ps(a, a), quiet));
}

static inline __m128d dagger_f64x2_quiet(__m128d a)
{
    __m128d quiet = _mm_castsi128_pd(_mm_set1_epi64x(0x0008000000000000));
    return _mm_or_pd(a, _mm_and_pd(_mm_cmpunord_pd(a, a), quiet));
}

/* `r`, but the canonical NaN in lanes where `a` or `b` is any. */
static inline simde_v128_t dagger_f32x4_or_nan(__m128 r, __m128 a, __m128 b)
{
    __m128 unordered = _mm_cmpunord_ps(a, b), nan = _mm_castsi128_ps(_mm_set1_epi32(0x7fc00000));
    return dagger_v128_of_f32x4(_mm_or_ps(_mm_andnot_ps(unordered, r), _mm_and_ps(unordered, nan)));
}

static inline simde_v128_t dagger_f64x2_or_nan(__m128d r, __m128d a, __m128d b)
{
    __m128d unordered = _mm_cmpunord_pd(a, b);
    __m128d nan = _mm_castsi128_pd(_mm_set1_epi64x(0x7ff8000000000000));
    return dagger_v128_of_f64x2(_mm_or_pd(_mm_andnot_pd(unordered, r), _mm_and_pd(unordered, nan)));
}

/* The instructions give their second operand when both are zeros: both orders give both signs, and
 * anything else twice. */
static inline simde_v128_t dagger_f32x4_min(simde_v128_t a_, simde_v128_t b_)
{
    __m128 a = dagger_f32x4_of(a_), b = dagger_f32x4_of(b_);
    return dagger_f32x4_or_nan(_mm_or_ps(_mm_min_ps(a, b), _mm_min_ps(b, a)), a, b);
}

static inline simde_v128_t dagger_f32x4_max(simde_v128_t a_, simde_v128_t b_)
{
    __m128 a = dagger_f32x4_of(a_), b = dagger_f32x4_of(b_);
    return dagger_f32x4_or_nan(_mm_and_ps(_mm_max_ps(a, b), _mm_max_ps(b, a)), a, b);
}

static inline simde_v128_t dagger_f64x2_min(simde_v128_t a_, simde_v128_t b_)
{
    __m128d a = dagger_f64x2_of(a_), b = dagger_f64x2_of(b_);
    return dagger_f64x2_or_nan(_mm_or_pd(_mm_min_pd(a, b), _mm_min_pd(b, a)), a, b);
}

static inline simde_v128_t dagger_f64x2_max(simde_v128_t a_, simde_v128_t b_)
{
    __m128d a = dagger_f64x2_of(a_), b = dagger_f64x2_of(b_);
    return dagger_f64x2_or_nan(_mm_and_pd(_mm_max_pd(a, b), _mm_max_pd(b, a)), a, b);
}

#ifdef __SSE4_1__

/* The instruction does all of it. */
#define DAGGER_ROUND(name, suffix, lanes, direction)                                               \
    static inline simde_v128_t dagger_##lanes##_##name(simde_v128_t a)                             \
    {                                                                                              \
        return dagger_v128_of_##lanes(                                                             \
            _mm_round_##suffix(dagger_##lanes##_of(a), (direction) | _MM_FROUND_NO_EXC));          \
    }
DAGGER_ROUND(trunc, ps, f32x4, _MM_FROUND_TO_ZERO)
DAGGER_ROUND(trunc, pd, f64x2, _MM_FROUND_TO_ZERO)
DAGGER_ROUND(floor, pd, f64x2, _MM_FROUND_TO_NEG_INF)
DAGGER_ROUND(ceil, pd, f64x2, _MM_FROUND_TO_POS_INF)
DAGGER_ROUND(nearest, ps, f32x4, _MM_FROUND_TO_NEAREST_INT)
DAGGER_ROUND(nearest, pd, f64x2, _MM_FROUND_TO_NEAREST_INT)
#undef DAGGER_ROUND

#else

/* `rounded` with the sign of `a` where `a` may have a fraction; elsewhere `a` itself is integral,
 * infinite or a NaN. */
static inline simde_v128_t dagger_f64x2_rounded(__m128d rounded, __m128d a)
{
    __m128d sign = _mm_and_pd(a, _mm_set1_pd(-0.0));
    __m128d small = _mm_cmplt_pd(_mm_xor_pd(a, sign), _mm_set1_pd(0x1p52));
    rounded = _mm_or_pd(rounded, sign);
    return dagger_v128_of_f64x2(
        _mm_or_pd(_mm_and_pd(small, rounded), _mm_andnot_pd(small, dagger_f64x2_quiet(a))));
}

/* The magnitude of a small `a`, rounded to nearest: a number of 2^52 or more has no fraction. */
static inline __m128d dagger_f64x2_magnitude(__m128d a)
{
    __m128d big = _mm_set1_pd(0x1p52);
    return _mm_sub_pd(_mm_add_pd(_mm_andnot_pd(_mm_set1_pd(-0.0), a), big), big);
}

static inline __m128d dagger_f64x2_one_where(__m128d mask)
{
    return _mm_and_pd(mask, _mm_set1_pd(1.0));
}

static inline simde_v128_t dagger_f64x2_trunc(simde_v128_t a_)
{
    __m128d a = dagger_f64x2_of(a_), r = dagger_f64x2_magnitude(a);
    __m128d above = _mm_cmpgt_pd(r, _mm_andnot_pd(_mm_set1_pd(-0.0), a));
    return dagger_f64x2_rounded(_mm_sub_pd(r, dagger_f64x2_one_where(above)), a);
}

static inline simde_v128_t dagger_f64x2_floor(simde_v128_t a_)
{
    __m128d a = dagger_f64x2_of(a_);
    __m128d r = _mm_or_pd(dagger_f64x2_magnitude(a), _mm_and_pd(a, _mm_set1_pd(-0.0)));
    return dagger_f64x2_rounded(_mm_sub_pd(r, dagger_f64x2_one_where(_mm_cmpgt_pd(r, a))), a);
}

static inline simde_v128_t dagger_f64x2_ceil(simde_v128_t a_)
{
    __m128d a = dagger_f64x2_of(a_);
    __m128d r = _mm_or_pd(dagger_f64x2_magnitude(a), _mm_and_pd(a, _mm_set1_pd(-0.0)));
    return dagger_f64x2_rounded(_mm_add_pd(r, dagger_f64x2_one_where(_mm_cmplt_pd(r, a))), a);
}

static inline simde_v128_t dagger_f64x2_nearest(simde_v128_t a_)
{
    __m128d a = dagger_f64x2_of(a_);
    return dagger_f64x2_rounded(dagger_f64x2_magnitude(a), a);
}

static inline simde_v128_t dagger_f32x4_rounded(__m128 rounded, __m128 a)
{
    __m128 sign = _mm_and_ps(a, _mm_set1_ps(-0.0f));
    __m128 small = _mm_cmplt_ps(_mm_xor_ps(a, sign), _mm_set1_ps(0x1p23f));
    rounded = _mm_or_ps(rounded, sign);
    return dagger_v128_of_f32x4(
        _mm_or_ps(_mm_and_ps(small, rounded), _mm_andnot_ps(small, dagger_f32x4_quiet(a))));
}

static inline simde_v128_t dagger_f32x4_trunc(simde_v128_t a_)
{
    __m128 a = dagger_f32x4_of(a_);
    return dagger_f32x4_rounded(_mm_cvtepi32_ps(_mm_cvttps_epi32(a)), a);
}

static inline simde_v128_t dagger_f32x4_nearest(simde_v128_t a_)
{
    __m128 a = dagger_f32x4_of(a_), big = _mm_set1_ps(0x1p23f);
    __m128 magnitude = _mm_andnot_ps(_mm_set1_ps(-0.0f), a);
    return dagger_f32x4_rounded(_mm_sub_ps(_mm_add_ps(magnitude, big), big), a);
}

#endif

static inline simde_v128_t dagger_i16x8_q15mulr_sat(simde_v128_t a_, simde_v128_t b_)
{
    __m128i a = simde_v128_to_private(a_).sse_m128i, b = simde_v128_to_private(b_).sse_m128i;
    simde_v128_private r;
    /* Bits 15 to 30 of the product plus half of bit 14: only -1 times -1 overflows, to 0x8000. */
    __m128i low = _mm_mullo_epi16(a, b), high = _mm_mulhi_epi16(a, b);
    __m128i rounded = _mm_srli_epi16(_mm_add_epi16(_mm_srli_epi16(low, 14), _mm_set1_epi16(1)), 1);
    __m128i product = _mm_add_epi16(_mm_add_epi16(high, high), rounded);
    __m128i overflow = _mm_cmpeq_epi16(product, _mm_set1_epi16(INT16_MIN));
    /* -32768 is no other product: the least is -32767. */
    r.sse_m128i = _mm_xor_si128(product, overflow);
    return simde_v128_from_private(r);
}

#ifndef __AVX512VL__
static inline simde_v128_t dagger_u32x4_trunc_sat_f32x4(simde_v128_t a)
{
    /* Zero for NaNs, as the instruction gives its second operand then. */
    __m128 x = _mm_max_ps(dagger_f32x4_of(a), _mm_setzero_ps());
    __m128 half = _mm_set1_ps(0x1p31f), large = _mm_cmpge_ps(x, half);
    /* What is too large for 31 bits becomes 2^31. */
    __m128i low = _mm_cvttps_epi32(x), high = _mm_cvttps_epi32(_mm_sub_ps(x, half));
    simde_v128_private r;
    r.sse_m128i = _mm_xor_si128(low, _mm_and_si128(high, _mm_castps_si128(large)));
    __m128 too_large = _mm_cmpge_ps(x, _mm_set1_ps(0x1p32f));
    r.sse_m128i = _mm_or_si128(r.sse_m128i, _mm_castps_si128(too_large));
    return simde_v128_from_private(r);
}
#define simde_wasm_u32x4_trunc_sat_f32x4 dagger_u32x4_trunc_sat_f32x4
#endif

#ifndef __SSE4_1__
static inline simde_bool dagger_i64x2_all_true(simde_v128_t a)
{
    __m128i bits = simde_v128_to_private(a).sse_m128i;
    int zeros = _mm_movemask_epi8(_mm_cmpeq_epi32(bits, _mm_setzero_si128()));
    return (zeros & 0xff) != 0xff && zeros >> 8 != 0xff;
}
#define simde_wasm_i64x2_all_true dagger_i64x2_all_true
#endif

#define simde_wasm_f32x4_min         dagger_f32x4_min
#define simde_wasm_f32x4_max         dagger_f32x4_max
#define simde_wasm_f32x4_trunc       dagger_f32x4_trunc
#define simde_wasm_f32x4_nearest     dagger_f32x4_nearest
#define simde_wasm_f64x2_nearest     dagger_f64x2_nearest
#define simde_wasm_f64x2_min         dagger_f64x2_min
#define simde_wasm_f64x2_max         dagger_f64x2_max
#define simde_wasm_f64x2_trunc       dagger_f64x2_trunc
#define simde_wasm_f64x2_floor       dagger_f64x2_floor
#define simde_wasm_f64x2_ceil        dagger_f64x2_ceil
#define simde_wasm_i16x8_q15mulr_sat dagger_i16x8_q15mulr_sat

#endif /* __SSE2__ */

#endif
