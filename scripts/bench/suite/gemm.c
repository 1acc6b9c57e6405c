/* gemm: C = alpha * A * B + beta * C with dense matrices of doubles, many times; an inner loop that
 * vectorises and goes through memory in order, the rows of B from the second-level cache. */
#include "numbers.h"

SUITE_EXPECTED(0xa862b5fbu);
SUITE_QUICK_EXPECTED(0xb1c5667du);

#ifdef SUITE_QUICK
#define ROUNDS 3
#else
#define ROUNDS 15
#endif
#define ROWS    400
#define INNER   500
#define COLUMNS 520

#define ALPHA   1.5
#define BETA    -0.75

static double a[ROWS][INNER], b[INNER][COLUMNS], c[ROWS][COLUMNS];

static void fill(double *matrix, size_t count)
{
    for (size_t i = 0; i < count; i++)
        matrix[i] = random_signed();
}

/* The loops in the order row, inner, column: the innermost adds a multiple of a row to a row. */
static void multiply(void)
{
    for (size_t row = 0; row < ROWS; row++) {
        for (size_t column = 0; column < COLUMNS; column++)
            c[row][column] *= BETA;
        for (size_t inner = 0; inner < INNER; inner++) {
            double factor = ALPHA * a[row][inner];
            for (size_t column = 0; column < COLUMNS; column++)
                c[row][column] += factor * b[inner][column];
        }
    }
}

uint32_t bench(void)
{
    fill(&a[0][0], sizeof a / sizeof a[0][0]);
    fill(&b[0][0], sizeof b / sizeof b[0][0]);
    fill(&c[0][0], sizeof c / sizeof c[0][0]);
    for (int round = 0; round < ROUNDS; round++)
        multiply();
    return fold_doubles(0, &c[0][0], sizeof c / sizeof c[0][0]);
}
