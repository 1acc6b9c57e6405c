/* spectral_norm: the spectral norm of a matrix that is given by a formula, by the power method;
 * floating-point division, conversions from integers, sums that must keep their order. */
#include "suite.h"

SUITE_EXPECTED(0xe297fd9cu);
SUITE_QUICK_EXPECTED(0xe3dfb1cau);

#ifdef SUITE_QUICK
#define SIZE 980
#else
#define SIZE 2200
#endif
#define ROUNDS 20

/* The matrix's entries are 1, 1/2, 1/3 ... along its antidiagonals, one after the other. */
static double entry(uint32_t row, uint32_t column)
{
    uint32_t diagonal = row + column;
    return 1.0 / (diagonal * (diagonal + 1) / 2 + row + 1);
}

static void multiply(const double *in, double *out)
{
    for (uint32_t row = 0; row < SIZE; row++) {
        double sum = 0;
        for (uint32_t column = 0; column < SIZE; column++)
            sum += entry(row, column) * in[column];
        out[row] = sum;
    }
}

static void multiply_transposed(const double *in, double *out)
{
    for (uint32_t column = 0; column < SIZE; column++) {
        double sum = 0;
        for (uint32_t row = 0; row < SIZE; row++)
            sum += entry(row, column) * in[row];
        out[column] = sum;
    }
}

static double dot(const double *a, const double *b)
{
    double sum = 0;
    for (uint32_t i = 0; i < SIZE; i++)
        sum += a[i] * b[i];
    return sum;
}

/* The square root of the largest eigenvalue of the transposed matrix times the matrix. */
uint32_t bench(void)
{
    static double vector[SIZE], between[SIZE], next[SIZE];
    for (uint32_t i = 0; i < SIZE; i++)
        vector[i] = 1;
    double norm = 0;
    for (int round = 0; round < ROUNDS; round++) {
        multiply(vector, between);
        multiply_transposed(between, next);
        norm = __builtin_sqrt(dot(vector, next) / dot(vector, vector));
        memcpy(vector, next, sizeof vector);
    }
    uint64_t bits;
    memcpy(&bits, &norm, sizeof bits);
    return (uint32_t)(bits ^ bits >> 32);
}
