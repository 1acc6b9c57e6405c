/* cholesky: the lower triangular matrix that times its transpose gives a symmetric positive
 * definite one, row by row; scalar products that must keep their order, square roots, divisions. */
#include "numbers.h"

SUITE_EXPECTED(0x652575eeu);
SUITE_QUICK_EXPECTED(0x8fcbd633u);

#ifdef SUITE_QUICK
#define ROUNDS 2
#else
#define ROUNDS 10
#endif

#define SIZE 530

static double matrix[SIZE][SIZE]; /* only the lower triangle is used */

/* Positive definite because each diagonal element outweighs the rest of its row and column. */
static void make_matrix(void)
{
    for (size_t row = 0; row < SIZE; row++) {
        for (size_t column = 0; column < row; column++)
            matrix[row][column] = random_signed();
        matrix[row][row] = SIZE + random_fraction();
    }
}

/* What is left of an element when the products of the columns before it are taken off. */
static double reduced(size_t row, size_t column)
{
    double value = matrix[row][column];
    for (size_t i = 0; i < column; i++)
        value -= matrix[row][i] * matrix[column][i];
    return value;
}

/* In place. An element needs the rows above, and what is left of it in its own row. */
static void decompose(void)
{
    for (size_t row = 0; row < SIZE; row++) {
        for (size_t column = 0; column < row; column++)
            matrix[row][column] = reduced(row, column) / matrix[column][column];
        matrix[row][row] = __builtin_sqrt(reduced(row, row));
    }
}

uint32_t bench(void)
{
    uint32_t sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        make_matrix();
        decompose();
        for (size_t row = 0; row < SIZE; row++)
            sum = fold_doubles(sum, matrix[row], row + 1);
    }
    return sum;
}
