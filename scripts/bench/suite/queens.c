/* queens: places N queens on a board so that none attacks another, once with arrays and once with
 * the bits of a word; backtracking. */
#include "suite.h"

SUITE_EXPECTED(0xaa960c70u);
SUITE_QUICK_EXPECTED(0xec128df8u);

#ifdef SUITE_QUICK
#define N 12
#else
#define N 13
#endif

/* ---- Arrays: which columns and diagonals are taken; loop, undo by hand ---- */

static int queen[N];
static unsigned char column[N], rising[2 * N], falling[2 * N];

static uint32_t by_arrays(uint32_t *sum)
{
    uint32_t found = 0;
    int row = 0, place = 0;
    while (row >= 0) {
        while (place < N && (column[place] | rising[row + place] | falling[row - place + N]))
            place++;
        if (place < N && row + 1 < N) {
            column[place] = rising[row + place] = falling[row - place + N] = 1;
            queen[row++] = place;
            place = 0;
            continue;
        }
        if (place < N) { /* the last row: a solution */
            found++;
            for (int i = 0; i < N - 1; i++)
                *sum = *sum * 31 + (uint32_t)queen[i];
        }
        if (--row >= 0) {
            place = queen[row];
            column[place] = rising[row + place] = falling[row - place + N] = 0;
            place++;
        }
    }
    return found;
}

/* ---- Bits: the places of the next row that are attacked; recursion ---- */

static uint32_t by_bits(uint32_t columns, uint32_t left, uint32_t right)
{
    const uint32_t all = (1u << N) - 1;
    if (columns == all)
        return 1;
    uint32_t found = 0;
    for (uint32_t free = all & ~(columns | left | right); free != 0; free &= free - 1) {
        uint32_t bit = free & (0 - free);
        found += by_bits(columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return found;
}

uint32_t bench(void)
{
    uint32_t sum = 0, found = by_arrays(&sum);
    if (by_bits(0, 0, 0) != found)
        return 0;
    return sum * 31 + found;
}
