/* fannkuch: takes the permutations of ten numbers one after the other, and turns over as many from
 * the front as the first one says until that is nothing; byte accesses, short loops that no branch
 * predictor knows. */
#include "suite.h"

SUITE_EXPECTED(0xfffff6b4u);
SUITE_QUICK_EXPECTED(0xffffae05u);

#define COUNT 10
#ifdef SUITE_QUICK
#define PERMUTATIONS 725760u
#else
#define PERMUTATIONS 3628800u /* all */
#endif

static void swap(uint8_t *a, uint8_t *b)
{
    uint8_t kept = *a;
    *a = *b;
    *b = kept;
}

static uint32_t flips(const uint8_t *permutation)
{
    uint8_t pile[COUNT];
    memcpy(pile, permutation, COUNT);
    uint32_t count = 0;
    for (; pile[0] != 0; count++) {
        for (int front = 0, back = pile[0]; front < back; front++, back--)
            swap(&pile[front], &pile[back]);
    }
    return count;
}

/* Heap's method: the next permutation is one swap away. made[i] counts in base i + 1 how often the
 * first i + 1 numbers were permuted. */
static void next(uint8_t *permutation, uint8_t *made)
{
    int i = 1;
    for (; i < COUNT - 1 && made[i] >= i; i++)
        made[i] = 0;
    swap(&permutation[i % 2 == 0 ? 0 : made[i]], &permutation[i]);
    made[i]++;
}

uint32_t bench(void)
{
    uint8_t permutation[COUNT], made[COUNT] = {0};
    for (uint8_t i = 0; i < COUNT; i++)
        permutation[i] = i;
    uint32_t sum = 0, most = 0;
    for (uint32_t i = 0; i < PERMUTATIONS; i++) {
        uint32_t count = flips(permutation);
        sum += i % 2 == 0 ? count : 0 - count;
        most = count > most ? count : most;
        if (i + 1 < PERMUTATIONS)
            next(permutation, made);
    }
    return sum * 31 + most;
}
