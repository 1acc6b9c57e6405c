/* heat3d: heat that spreads through a block, each point by itself and its six neighbours; a stencil
 * of floats in three dimensions that vectorises, with neighbours a row and a plane away. */
#include "numbers.h"

SUITE_EXPECTED(0x8ab0977cu);
SUITE_QUICK_EXPECTED(0xd81e611eu);

#ifdef SUITE_QUICK
#define STEPS 360 /* an even number */
#else
#define STEPS 1800
#endif

#define SIZE 66
#define RATE 0.125f /* how much of a difference to a neighbour goes over in a step; at most 1/6 */

typedef float block[SIZE][SIZE][SIZE];

static block first, second;

/* The sides of the block keep their temperature. */
static void step(block to, block from)
{
    for (size_t z = 1; z < SIZE - 1; z++) {
        for (size_t y = 1; y < SIZE - 1; y++) {
            for (size_t x = 1; x < SIZE - 1; x++) {
                float here = from[z][y][x];
                float along_x = from[z][y][x - 1] - 2 * here + from[z][y][x + 1];
                float along_y = from[z][y - 1][x] - 2 * here + from[z][y + 1][x];
                float along_z = from[z - 1][y][x] - 2 * here + from[z + 1][y][x];
                to[z][y][x] = here + RATE * (along_x + along_y + along_z);
            }
        }
    }
}

uint32_t bench(void)
{
    float *points = &first[0][0][0];
    for (size_t i = 0; i < (size_t)SIZE * SIZE * SIZE; i++)
        points[i] = (float)(suite_random() >> 8) / 0x1p24f;
    memcpy(second, first, sizeof second);
    for (int i = 0; i < STEPS; i += 2) {
        step(second, first);
        step(first, second);
    }
    return fold_floats(0, points, (size_t)SIZE * SIZE * SIZE);
}
