/* seidel: Poisson's equation on a plane by Gauss and Seidel's method with over-relaxation, in
 * place; each point waits for the one before it, so nothing vectorises. */
#include "numbers.h"

SUITE_EXPECTED(0x2f9190e7u);
SUITE_QUICK_EXPECTED(0xde9eb80du);

#ifdef SUITE_QUICK
#define SWEEPS 40
#else
#define SWEEPS 200
#endif

#define SIZE  400
#define RELAX 1.85 /* between 1 and 2 */

static double grid[SIZE][SIZE], source[SIZE][SIZE];

/* Moves each point towards what its neighbours ask for, and beyond; two of them are new already.
 * Returns the sum of the moves. */
static double sweep(void)
{
    double moved = 0;
    for (size_t row = 1; row < SIZE - 1; row++) {
        for (size_t column = 1; column < SIZE - 1; column++) {
            double wanted =
                0.25 * (grid[row - 1][column] + grid[row][column - 1] + grid[row][column + 1] +
                        grid[row + 1][column] - source[row][column]);
            double move = RELAX * (wanted - grid[row][column]);
            grid[row][column] += move;
            moved += __builtin_fabs(move);
        }
    }
    return moved;
}

uint32_t bench(void)
{
    for (size_t row = 0; row < SIZE; row++) {
        for (size_t column = 0; column < SIZE; column++) {
            grid[row][column] = 0;
            source[row][column] = random_signed();
        }
    }
    uint32_t sum = 0;
    for (int i = 0; i < SWEEPS; i++) {
        double moved = sweep();
        sum = fold_doubles(sum, &moved, 1);
    }
    return fold_doubles(sum, &grid[0][0], (size_t)SIZE * SIZE);
}
