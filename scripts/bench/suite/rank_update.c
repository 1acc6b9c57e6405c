/* rank_update: a matrix gets the products of two pairs of vectors added, then is multiplied with a
 * vector from either side; loops with one or two operations an element, reductions that keep their
 * order. */
#include "numbers.h"

SUITE_EXPECTED(0x2524f062u);
SUITE_QUICK_EXPECTED(0xec892224u);

#ifdef SUITE_QUICK
#define ROUNDS 340
#else
#define ROUNDS 1700
#endif

#define SIZE 320

static double matrix[SIZE][SIZE];
static double u1[SIZE], v1[SIZE], u2[SIZE], v2[SIZE], x[SIZE], y[SIZE];

static void fill(double *vector)
{
    for (size_t i = 0; i < SIZE; i++)
        vector[i] = random_signed();
}

/* matrix += u1 * v1' + u2 * v2' */
static void update(void)
{
    for (size_t row = 0; row < SIZE; row++) {
        for (size_t column = 0; column < SIZE; column++)
            matrix[row][column] += u1[row] * v1[column] + u2[row] * v2[column];
    }
}

/* x = matrix' * y, row by row: each adds a multiple of itself. */
static void multiply_transposed(void)
{
    memset(x, 0, sizeof x);
    for (size_t row = 0; row < SIZE; row++) {
        for (size_t column = 0; column < SIZE; column++)
            x[column] += matrix[row][column] * y[row];
    }
}

/* y = matrix * x, row by row: each gives one sum. */
static void multiply(void)
{
    for (size_t row = 0; row < SIZE; row++) {
        double sum = 0;
        for (size_t column = 0; column < SIZE; column++)
            sum += matrix[row][column] * x[column];
        y[row] = sum;
    }
}

/* out = in, made as long as length says. */
static void scale(double *out, const double *in, double length)
{
    double square = 0;
    for (size_t i = 0; i < SIZE; i++)
        square += in[i] * in[i];
    double factor = length / __builtin_sqrt(square);
    for (size_t i = 0; i < SIZE; i++)
        out[i] = in[i] * factor;
}

/* The next round's vectors come from this one's products, so that no round can be left out. They
 * have a fixed length: the matrix grows no faster than the rounds go by. */
uint32_t bench(void)
{
    fill(y);
    for (size_t row = 0; row < SIZE; row++)
        fill(matrix[row]);
    fill(u1);
    fill(v1);
    fill(u2);
    fill(v2);
    for (int round = 0; round < ROUNDS; round++) {
        update();
        multiply_transposed();
        scale(x, x, 1);
        multiply();
        memcpy(u2, u1, sizeof u2);
        memcpy(v2, v1, sizeof v2);
        scale(u1, y, round % 2 == 0 ? 0.5 : -0.5);
        scale(v1, x, 1);
        scale(y, y, 1);
    }
    uint32_t sum = fold_doubles(0, &matrix[0][0], SIZE * SIZE);
    return fold_doubles(sum, y, SIZE);
}
