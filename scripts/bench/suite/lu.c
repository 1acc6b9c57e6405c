/* lu: solves a system of linear equations by LU decomposition with partial pivoting; rows that
 * shrink, a search for the largest element down a column, divisions. */
#include "numbers.h"

SUITE_EXPECTED(0xc402ea1au);
SUITE_QUICK_EXPECTED(0x61d665e3u);

#ifdef SUITE_QUICK
#define ROUNDS 3
#else
#define ROUNDS 15
#endif

#define SIZE 520

static double matrix[SIZE][SIZE]; /* after decompose(): U, and below its diagonal L */
static double side[SIZE];         /* of the equations; after solve(): what solves them */

static size_t largest_below(size_t step)
{
    size_t pivot = step;
    double largest = __builtin_fabs(matrix[step][step]);
    for (size_t row = step + 1; row < SIZE; row++) {
        double size = __builtin_fabs(matrix[row][step]);
        if (size > largest) {
            largest = size;
            pivot = row;
        }
    }
    return pivot;
}

static void swap_rows(size_t a, size_t b)
{
    for (size_t column = 0; column < SIZE; column++) {
        double value = matrix[a][column];
        matrix[a][column] = matrix[b][column];
        matrix[b][column] = value;
    }
    double value = side[a];
    side[a] = side[b];
    side[b] = value;
}

/* Step by step: what is below the pivot becomes 0, and the place keeps the factor it took. */
static void decompose(void)
{
    for (size_t step = 0; step < SIZE; step++) {
        size_t pivot = largest_below(step);
        if (pivot != step)
            swap_rows(step, pivot);
        for (size_t row = step + 1; row < SIZE; row++) {
            double factor = matrix[row][step] / matrix[step][step];
            matrix[row][step] = factor;
            for (size_t column = step + 1; column < SIZE; column++)
                matrix[row][column] -= factor * matrix[step][column];
        }
    }
}

/* Forwards through L, backwards through U. */
static void solve(void)
{
    for (size_t row = 0; row < SIZE; row++) {
        for (size_t column = 0; column < row; column++)
            side[row] -= matrix[row][column] * side[column];
    }
    for (size_t row = SIZE; row-- > 0;) {
        for (size_t column = row + 1; column < SIZE; column++)
            side[row] -= matrix[row][column] * side[column];
        side[row] /= matrix[row][row];
    }
}

static void make_equations(void)
{
    for (size_t row = 0; row < SIZE; row++) {
        for (size_t column = 0; column < SIZE; column++)
            matrix[row][column] = random_signed();
        side[row] = random_signed();
    }
}

uint32_t bench(void)
{
    uint32_t sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        make_equations();
        decompose();
        solve();
        sum = fold_doubles(sum, &matrix[0][0], (size_t)SIZE * SIZE);
        sum = fold_doubles(sum, side, SIZE);
    }
    return sum;
}
