/* jacobi2d: each point of a plane becomes the mean of itself and its four neighbours, again and
 * again, from one grid to another; a stencil of doubles that vectorises. */
#include "numbers.h"

SUITE_EXPECTED(0xf31b5efcu);
SUITE_QUICK_EXPECTED(0xe157b7d8u);

#ifdef SUITE_QUICK
#define STEPS 1200 /* an even number */
#else
#define STEPS 6000
#endif

#define SIZE 300

static double first[SIZE][SIZE], second[SIZE][SIZE];

/* The points at the edge keep their values. */
static void step(double to[SIZE][SIZE], double from[SIZE][SIZE])
{
    for (size_t row = 1; row < SIZE - 1; row++) {
        for (size_t column = 1; column < SIZE - 1; column++)
            to[row][column] =
                0.2 * (from[row][column] + from[row][column - 1] + from[row][column + 1] +
                       from[row - 1][column] + from[row + 1][column]);
    }
}

uint32_t bench(void)
{
    for (size_t row = 0; row < SIZE; row++) {
        for (size_t column = 0; column < SIZE; column++)
            first[row][column] = random_fraction();
    }
    memcpy(second, first, sizeof second);
    for (int i = 0; i < STEPS; i += 2) {
        step(second, first);
        step(first, second);
    }
    return fold_doubles(0, &first[0][0], (size_t)SIZE * SIZE);
}
