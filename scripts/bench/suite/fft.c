/* fft: long numbers multiplied by fast Fourier transforms; arithmetic on complex doubles with
 * strides that double, an order of loads that is bits reversed, rounding to integers. */
#include "suite.h"

SUITE_EXPECTED(0xc39c345fu);
SUITE_QUICK_EXPECTED(0xfd4c05bfu);

#ifdef SUITE_QUICK
#define ROUNDS 36
#else
#define ROUNDS 180
#endif

#define LEVELS 15
#define SIZE   (1u << LEVELS)
#define DIGITS (SIZE / 2) /* of a factor */
#define BASE   1000u

struct complex {
    double re, im;
};

/* Entry k is e^(-2 pi i k / SIZE), for the first half of the circle. */
static struct complex roots[SIZE / 2];
static struct complex values[SIZE];
static uint32_t a[DIGITS], b[DIGITS], product[SIZE];

static struct complex multiply(struct complex x, struct complex y)
{
    return (struct complex){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}

/* Without a sine: half an angle's cosine is a square root, and an entry is the product of one at a
 * power of two and one that is there already. */
static void make_roots(void)
{
    struct complex root = {0, -1}; /* a quarter of the circle */
    roots[0] = (struct complex){1, 0};
    for (uint32_t step = SIZE / 4; step > 0; step /= 2) {
        roots[step] = root;
        double re = __builtin_sqrt((1 + root.re) / 2);
        root = (struct complex){re, root.im / (2 * re)};
    }
    for (uint32_t k = 1; k < SIZE / 2; k++) {
        uint32_t low = k & (0 - k);
        if (k != low)
            roots[k] = multiply(roots[k - low], roots[low]);
    }
}

static void reverse_bits(void)
{
    for (uint32_t i = 1, j = 0; i < SIZE; i++) {
        uint32_t bit = SIZE / 2;
        for (; (j & bit) != 0; bit /= 2)
            j -= bit;
        j += bit;
        if (i < j) {
            struct complex value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }
}

/* In place. Transforms of half the length are there already at each step. */
static void transform(void)
{
    reverse_bits();
    for (uint32_t half = 1; half < SIZE; half *= 2) {
        uint32_t stride = SIZE / (2 * half);
        for (uint32_t start = 0; start < SIZE; start += 2 * half) {
            struct complex *even = values + start, *odd = even + half;
            for (uint32_t k = 0; k < half; k++) {
                struct complex x = even[k], y = multiply(roots[k * stride], odd[k]);
                even[k] = (struct complex){x.re + y.re, x.im + y.im};
                odd[k] = (struct complex){x.re - y.re, x.im - y.im};
            }
        }
    }
}

/* One number is the real part and the other the imaginary one: a third transform is spared, as half
 * the imaginary part of the square is the product. The way back is the way there with the
 * conjugates, so the sign is turned once more. */
static void multiply_numbers(void)
{
    memset(values, 0, sizeof values);
    for (uint32_t i = 0; i < DIGITS; i++)
        values[i] = (struct complex){a[i], b[i]};
    transform();
    for (uint32_t i = 0; i < SIZE; i++) {
        struct complex square = multiply(values[i], values[i]);
        values[i] = (struct complex){square.re, -square.im};
    }
    transform();
    uint64_t carry = 0;
    for (uint32_t i = 0; i < SIZE; i++) {
        carry += (uint64_t)(values[i].im / (-2.0 * SIZE) + 0.5);
        product[i] = (uint32_t)(carry % BASE);
        carry /= BASE;
    }
}

/* The number modulo one less than its base: the sum of its digits. */
static uint32_t residue(const uint32_t *digits, uint32_t count)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += digits[i];
    return sum % (BASE - 1);
}

/* The factors of a round are random digits and the top half of the product before. */
uint32_t bench(void)
{
    uint32_t sum = 0;
    make_roots();
    for (uint32_t i = 0; i < DIGITS; i++)
        b[i] = suite_random() % BASE;
    for (int round = 0; round < ROUNDS; round++) {
        for (uint32_t i = 0; i < DIGITS; i++)
            a[i] = suite_random() % BASE;
        multiply_numbers();
        uint32_t wanted = residue(a, DIGITS) * residue(b, DIGITS) % (BASE - 1);
        if (residue(product, SIZE) != wanted)
            __builtin_trap();
        for (uint32_t i = 0; i < SIZE; i++)
            sum = sum * 31 + product[i];
        memcpy(b, product + DIGITS, sizeof b);
    }
    return sum;
}
