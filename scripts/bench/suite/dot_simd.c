/* dot_simd: scalar products of signals with a filter in 8-bit, 16-bit and floating-point numbers,
 * by vectors of 16 bytes; widening, multiplication and sums in SIMD registers. */
#include "numbers.h"

SUITE_EXPECTED(0x7789ae45u);
SUITE_QUICK_EXPECTED(0xe8d9be6bu);

#ifdef SUITE_QUICK
#define ROUNDS 15
#else
#define ROUNDS 75
#endif

#define SAMPLES 20000
#define TAPS    256 /* of the filter */

/* The vectors that are loaded have as many lanes as those they are widened to. */
typedef int8_t bytes __attribute__((vector_size(8)));
typedef int16_t shorts __attribute__((vector_size(16)));
typedef int16_t four_shorts __attribute__((vector_size(8)));
typedef int32_t ints __attribute__((vector_size(16)));
typedef uint32_t unsigned_ints __attribute__((vector_size(16)));
typedef float floats __attribute__((vector_size(16)));

/* Loads that need no alignment: a filter starts at every sample. */
#define LOAD(type, at) (*(const type##_anywhere *)(const void *)(at))

typedef bytes bytes_anywhere __attribute__((aligned(1), may_alias));
typedef four_shorts four_shorts_anywhere __attribute__((aligned(2), may_alias));
typedef floats floats_anywhere __attribute__((aligned(4), may_alias));

static int8_t signal8[SAMPLES + TAPS], filter8[TAPS];
static int16_t signal16[SAMPLES + TAPS], filter16[TAPS];
static float signal32[SAMPLES + TAPS], filter32[TAPS];

/* Lane by lane in shorts: a product is below 2^14, and two of them below 2^15. */
static int32_t dot8(const int8_t *a, const int8_t *b)
{
    ints sums = {0};
    for (int i = 0; i < TAPS; i += 16) {
        shorts low = __builtin_convertvector(LOAD(bytes, a + i), shorts) *
                     __builtin_convertvector(LOAD(bytes, b + i), shorts);
        shorts high = __builtin_convertvector(LOAD(bytes, a + i + 8), shorts) *
                      __builtin_convertvector(LOAD(bytes, b + i + 8), shorts);
        unsigned_ints pairs = (unsigned_ints)(low + high);
        sums += ((ints)(pairs << 16) >> 16) + ((ints)pairs >> 16);
    }
    return sums[0] + sums[1] + sums[2] + sums[3];
}

static int32_t dot16(const int16_t *a, const int16_t *b)
{
    ints sums = {0};
    for (int i = 0; i < TAPS; i += 4)
        sums += __builtin_convertvector(LOAD(four_shorts, a + i), ints) *
                __builtin_convertvector(LOAD(four_shorts, b + i), ints);
    return sums[0] + sums[1] + sums[2] + sums[3];
}

/* Four sums side by side, so that an addition need not wait for the one before. */
static float dot32(const float *a, const float *b)
{
    floats sum0 = {0}, sum1 = {0}, sum2 = {0}, sum3 = {0};
    for (int i = 0; i < TAPS; i += 16) {
        sum0 += LOAD(floats, a + i) * LOAD(floats, b + i);
        sum1 += LOAD(floats, a + i + 4) * LOAD(floats, b + i + 4);
        sum2 += LOAD(floats, a + i + 8) * LOAD(floats, b + i + 8);
        sum3 += LOAD(floats, a + i + 12) * LOAD(floats, b + i + 12);
    }
    floats sum = (sum0 + sum1) + (sum2 + sum3);
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* The filters are small enough that no sum leaves 32 bits. */
static void make_signals(void)
{
    for (int i = 0; i < SAMPLES + TAPS; i++) {
        uint32_t random = suite_random();
        signal8[i] = (int8_t)((int)(random % 255) - 127);
        signal16[i] = (int16_t)((int)(random % 65535) - 32767);
        signal32[i] = (float)signal16[i] / 32768;
    }
    for (int i = 0; i < TAPS; i++) {
        uint32_t random = suite_random();
        filter8[i] = (int8_t)((int)(random % 255) - 127);
        filter16[i] = (int16_t)((int)(random % 511) - 255);
        filter32[i] = (float)filter16[i] / 256;
    }
}

/* Each round changes the filters by what came out of it. */
uint32_t bench(void)
{
    make_signals();
    uint32_t sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SAMPLES; i++) {
            float filtered = dot32(signal32 + i, filter32);
            sum = sum * 31 + (uint32_t)dot8(signal8 + i, filter8);
            sum = sum * 31 + (uint32_t)dot16(signal16 + i, filter16);
            sum = fold_floats(sum, &filtered, 1);
        }
        filter8[sum % TAPS] = (int8_t)(round - 64);
        filter16[sum % TAPS] = (int16_t)(round * 4 - 128);
        filter32[sum % TAPS] = (float)round / 128;
    }
    return sum;
}
