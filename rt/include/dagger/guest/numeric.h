/* Numeric operations. See code.h.
 *
 * Compilers hold signalling NaNs for something that does not happen and leave out an operation that
 * would only make them quiet, such as a multiplication by 1. WebAssembly does not, so the few
 * constants that make an operation look needless are hidden from the compiler, instead of asking it
 * to give up optimising floating point (-fsignaling-nans, -frounding-math).
 */
#ifndef DAGGER_GUEST_NUMERIC_H
#define DAGGER_GUEST_NUMERIC_H

INLINE f32 hidden_f32(f32 value)
{
    __asm__("" : "+" FLOAT_REGISTER(value));
    return value;
}

INLINE f64 hidden_f64(f64 value)
{
    __asm__("" : "+" FLOAT_REGISTER(value));
    return value;
}

/* The same for a value that the compiler happens to know. */
INLINE f32 unknown_f32(f32 value)
{
    return __builtin_constant_p(value) ? hidden_f32(value) : value;
}

INLINE f64 unknown_f64(f64 value)
{
    return __builtin_constant_p(value) ? hidden_f64(value) : value;
}

INLINE f32 f32_reinterpret_i32(u32 bits)
{
    f32 value;
    memcpy(&value, &bits, sizeof value);
    return unknown_f32(value);
}

INLINE f64 f64_reinterpret_i64(u64 bits)
{
    f64 value;
    memcpy(&value, &bits, sizeof value);
    return unknown_f64(value);
}

/* Of a float from memory, gcc would load a part if only a part of the integer is used. */
#if DAGGER_LOADS_ARE_KEPT
#define WHOLE_FLOAT(value) __asm__("" : "+" FLOAT_REGISTER(value))
#else
#define WHOLE_FLOAT(value) (void)(value)
#endif

INLINE u32 i32_reinterpret_f32(f32 value)
{
    WHOLE_FLOAT(value);
    u32 bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

INLINE u64 i64_reinterpret_f64(f64 value)
{
    WHOLE_FLOAT(value);
    u64 bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* What wasm2c puts around the operands of promote and demote. A conversion makes NaNs quiet; only a
 * promotion that is demoted again at once would be left out. */
#define wasm_quietf(x) (x)
#define wasm_quiet(x)  hidden_f64(x)

/* ---- Integers ----------------------------------------------------------------------------------
 */

#define I32_CLZ(x)     ((u32)((x) ? __builtin_clz(x) : 32))
#define I64_CLZ(x)     ((u64)((x) ? __builtin_clzll(x) : 64))
#define I32_CTZ(x)     ((u32)((x) ? __builtin_ctz(x) : 32))
#define I64_CTZ(x)     ((u64)((x) ? __builtin_ctzll(x) : 64))

#define I32_ROTL(x, n) ((x) << ((n)&31) | (x) >> (-(n)&31))
#define I32_ROTR(x, n) ((x) >> ((n)&31) | (x) << (-(n)&31))
#define I64_ROTL(x, n) ((x) << ((n)&63) | (x) >> (-(n)&63))
#define I64_ROTR(x, n) ((x) >> ((n)&63) | (x) << (-(n)&63))

/* Without an instruction for it a compiler would call its library. */
#if defined(__POPCNT__) || defined(__aarch64__)
#define I32_POPCNT(x) ((u32)__builtin_popcount(x))
#define I64_POPCNT(x) ((u64)__builtin_popcountll(x))
#else
INLINE u64 I64_POPCNT(u64 x)
{
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return x * 0x0101010101010101u >> 56;
}
#define I32_POPCNT(x) ((u32)I64_POPCNT(x))
#endif

#define DEFINE_DIVISION(bits)                                                                      \
    INLINE u##bits I##bits##_DIV_S(u##bits x, u##bits y)                                           \
    {                                                                                              \
        if (UNLIKELY(y == 0))                                                                      \
            TRAP(DIV_BY_ZERO);                                                                     \
        if (UNLIKELY(x == (u##bits)1 << (bits - 1) && y == (u##bits) - 1))                         \
            TRAP(INT_OVERFLOW);                                                                    \
        return (u##bits)((s##bits)x / (s##bits)y);                                                 \
    }                                                                                              \
    INLINE u##bits I##bits##_REM_S(u##bits x, u##bits y)                                           \
    {                                                                                              \
        if (UNLIKELY(y == 0))                                                                      \
            TRAP(DIV_BY_ZERO);                                                                     \
        return UNLIKELY(y == (u##bits) - 1) ? 0 : (u##bits)((s##bits)x % (s##bits)y);              \
    }
DEFINE_DIVISION(32)
DEFINE_DIVISION(64)
#undef DEFINE_DIVISION

/* Of either width, as their operands are. */
#define DIV_U(x, y) (UNLIKELY((y) == 0) ? TRAP(DIV_BY_ZERO) : ((x) / (y)))
#define REM_U(x, y) (UNLIKELY((y) == 0) ? TRAP(DIV_BY_ZERO) : ((x) % (y)))

/* ---- Floating point to integer ------------------------------------------------------------------
 */

/* An integer of which the compiler does not know that it was made from a float: gcc takes the float
 * made from it again for the float rounded to zero (GCC 12, where -fno-trapping-math and an
 * instruction that rounds allow it), which is -0 for what is between -1 and 0. */
INLINE u64 integer(u64 made)
{
    __asm__("" : "+r"(made));
    return made;
}

/* Whether x can be converted, and the result. Where there is an instruction that answers both for
 * 64 bits, it is asked first; `low` and `high`, the first values out of range, are for the rest. */
#if defined(__x86_64__)
#define DEFINE_TRUNCATED(type, instruction)                                                        \
    INLINE s64 truncated_##type(type x)                                                            \
    {                                                                                              \
        s64 result;                                                                                \
        __asm__(instruction " %1, %0" : "=r"(result) : "x"(x));                                    \
        return result;                                                                             \
    }
DEFINE_TRUNCATED(f32, "cvttss2si")
DEFINE_TRUNCATED(f64, "cvttsd2si")
#undef DEFINE_TRUNCATED
#define IN_S32(value) ((value) == (s32)(value))
#define IN_U32(value) ((value) == (u32)(value))
#define IN_S64(value) ((value) != INT64_MIN)
#define CONVERT(kind, type, x, low, high, result)                                                  \
    (*(result) = (u64)truncated_##type(x),                                                         \
     LIKELY(IN_##kind((s64) * (result))) || ((x) > (low) && (x) < (high)))
#else
#define CONVERT(kind, type, x, low, high, result)                                                  \
    (LIKELY((x) > (low) && (x) < (high)) ? (*(result) = integer((u64)(kind##_TYPE)(x)), true)      \
                                         : false)
#endif
#define CONVERT_U64(kind, type, x, low, high, result)                                              \
    (LIKELY((x) > (low) && (x) < (high)) ? (*(result) = integer((u64)(x)), true) : false)
#define S32_TYPE s32
#define U32_TYPE u32
#define S64_TYPE s64

#define DEFINE_TRUNCATION(name, saturating, convert, type, bits, kind, low, high, least, most)     \
    INLINE u##bits name(type x)                                                                    \
    {                                                                                              \
        u64 result;                                                                                \
        if (UNLIKELY(!convert(kind, type, x, low, high, &result))) {                               \
            if (x != x)                                                                            \
                TRAP(INVALID_CONVERSION);                                                          \
            TRAP(INT_OVERFLOW);                                                                    \
        }                                                                                          \
        return (u##bits)result;                                                                    \
    }                                                                                              \
    INLINE u##bits saturating(type x)                                                              \
    {                                                                                              \
        u64 result;                                                                                \
        if (UNLIKELY(!convert(kind, type, x, low, high, &result)))                                 \
            return x != x ? 0 : x < 0 ? (u##bits)(least) : (u##bits)(most);                        \
        return (u##bits)result;                                                                    \
    }
DEFINE_TRUNCATION(I32_TRUNC_S_F32, I32_TRUNC_SAT_S_F32, CONVERT, f32, 32, S32, -2147483904.f,
                  2147483648.f, INT32_MIN, INT32_MAX)
DEFINE_TRUNCATION(I32_TRUNC_U_F32, I32_TRUNC_SAT_U_F32, CONVERT, f32, 32, U32, -1.f, 4294967296.f,
                  0, UINT32_MAX)
DEFINE_TRUNCATION(I32_TRUNC_S_F64, I32_TRUNC_SAT_S_F64, CONVERT, f64, 32, S32, -2147483649.,
                  2147483648., INT32_MIN, INT32_MAX)
DEFINE_TRUNCATION(I32_TRUNC_U_F64, I32_TRUNC_SAT_U_F64, CONVERT, f64, 32, U32, -1., 4294967296., 0,
                  UINT32_MAX)
DEFINE_TRUNCATION(I64_TRUNC_S_F32, I64_TRUNC_SAT_S_F32, CONVERT, f32, 64, S64,
                  -9223373136366403584.f, 9223372036854775808.f, INT64_MIN, INT64_MAX)
DEFINE_TRUNCATION(I64_TRUNC_U_F32, I64_TRUNC_SAT_U_F32, CONVERT_U64, f32, 64, U64, -1.f,
                  18446744073709551616.f, 0, UINT64_MAX)
DEFINE_TRUNCATION(I64_TRUNC_S_F64, I64_TRUNC_SAT_S_F64, CONVERT, f64, 64, S64,
                  -9223372036854777856., 9223372036854775808., INT64_MIN, INT64_MAX)
DEFINE_TRUNCATION(I64_TRUNC_U_F64, I64_TRUNC_SAT_U_F64, CONVERT_U64, f64, 64, U64, -1.,
                  18446744073709551616., 0, UINT64_MAX)
#undef DEFINE_TRUNCATION

/* ---- Floating point -----------------------------------------------------------------------------
 */

#define wasm_fabsf __builtin_fabsf
#define wasm_fabs  __builtin_fabs
#define wasm_sqrtf __builtin_sqrtf
#define wasm_sqrt  __builtin_sqrt
#define copysignf  __builtin_copysignf
#define copysign   __builtin_copysign

/* An addition makes a NaN quiet, and equal values differ in the sign of a zero at most. */
#define DEFINE_FLOAT(type, bits, suffix)                                                           \
    INLINE type min_##type(type x, type y)                                                         \
    {                                                                                              \
        if (LIKELY(x < y))                                                                         \
            return x;                                                                              \
        if (LIKELY(y < x))                                                                         \
            return y;                                                                              \
        if (x != y)                                                                                \
            return x + y;                                                                          \
        return type##_reinterpret_i##bits(i##bits##_reinterpret_##type(x) |                        \
                                          i##bits##_reinterpret_##type(y));                        \
    }                                                                                              \
    INLINE type max_##type(type x, type y)                                                         \
    {                                                                                              \
        if (LIKELY(x > y))                                                                         \
            return x;                                                                              \
        if (LIKELY(y > x))                                                                         \
            return y;                                                                              \
        if (x != y)                                                                                \
            return x + y;                                                                          \
        return type##_reinterpret_i##bits(i##bits##_reinterpret_##type(x) &                        \
                                          i##bits##_reinterpret_##type(y));                        \
    }                                                                                              \
    INLINE type wasm_ceil##suffix(type x)                                                          \
    {                                                                                              \
        return UNLIKELY(x != x) ? x + x : __builtin_ceil##suffix(x);                               \
    }                                                                                              \
    INLINE type wasm_floor##suffix(type x)                                                         \
    {                                                                                              \
        return UNLIKELY(x != x) ? x + x : __builtin_floor##suffix(x);                              \
    }                                                                                              \
    INLINE type wasm_trunc##suffix(type x)                                                         \
    {                                                                                              \
        return UNLIKELY(x != x) ? x + x : __builtin_trunc##suffix(x);                              \
    }                                                                                              \
    INLINE type wasm_nearbyint##suffix(type x)                                                     \
    {                                                                                              \
        return UNLIKELY(x != x) ? x + x : __builtin_nearbyint##suffix(x);                          \
    }
DEFINE_FLOAT(f32, 32, f)
DEFINE_FLOAT(f64, 64, )
#undef DEFINE_FLOAT

#define FMIN(x, y) _Generic((x), f32 : min_f32, default : min_f64)(x, y)
#define FMAX(x, y) _Generic((x), f32 : max_f32, default : max_f64)(x, y)

#endif
