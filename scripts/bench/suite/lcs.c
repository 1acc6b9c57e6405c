/* lcs: how far apart texts are (edit distance), and the longest sequence of characters they have in
 * common; dynamic programming on bytes, branches that only data decides. */
#include "suite.h"

SUITE_EXPECTED(0xde50a0dau);
SUITE_QUICK_EXPECTED(0x1a561d49u);

#ifdef SUITE_QUICK
#define ROUNDS 2
#else
#define ROUNDS 10
#endif

#define LENGTH  2600
#define LETTERS 8

static uint8_t a[LENGTH], b[LENGTH];

/* The second text is the first with about every fourth letter changed, left out or added. */
static void make_texts(void)
{
    for (size_t i = 0; i < LENGTH; i++)
        a[i] = (uint8_t)('a' + suite_random() % LETTERS);
    for (size_t i = 0, from = 0; i < LENGTH; i++) {
        uint32_t random = suite_random();
        uint8_t letter = (uint8_t)('a' + (random >> 8) % LETTERS);
        uint32_t change = random % 16;
        if (change == 0)
            from++; /* left out */
        if (change <= 1) {
            b[i] = letter; /* added */
        } else {
            b[i] = change <= 3 ? letter : a[from % LENGTH];
            from++;
        }
    }
}

static uint32_t smaller(uint32_t x, uint32_t y)
{
    return x < y ? x : y;
}

/* ---- The fewest letters to change, leave out or add to get from a to b ---- */

static uint32_t edit_distance(void)
{
    /* row[j]: from the letters of a so far to the first j of b. */
    static uint32_t row[LENGTH + 1];
    for (uint32_t j = 0; j <= LENGTH; j++)
        row[j] = j;
    for (uint32_t i = 0; i < LENGTH; i++) {
        uint32_t diagonal = row[0];
        row[0] = i + 1;
        for (uint32_t j = 0; j < LENGTH; j++) {
            uint32_t changed = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = smaller(changed, smaller(diagonal, row[j]) + 1);
        }
    }
    return row[LENGTH];
}

/* ---- The longest common subsequence, and not only its length ---- */

enum { BOTH, UP, LEFT }; /* the way back from a place in the table */

static uint8_t ways[LENGTH][LENGTH];

/* Returns the hash of the sequence, read from its end. */
static uint32_t common(void)
{
    static uint16_t rows[2][LENGTH + 1];
    memset(rows, 0, sizeof rows);
    for (uint32_t i = 0; i < LENGTH; i++) {
        const uint16_t *above = rows[i % 2];
        uint16_t *row = rows[(i + 1) % 2];
        for (uint32_t j = 0; j < LENGTH; j++) {
            if (a[i] == b[j]) {
                row[j + 1] = (uint16_t)(above[j] + 1);
                ways[i][j] = BOTH;
            } else if (above[j + 1] >= row[j]) {
                row[j + 1] = above[j + 1];
                ways[i][j] = UP;
            } else {
                row[j + 1] = row[j];
                ways[i][j] = LEFT;
            }
        }
    }
    uint32_t sum = rows[LENGTH % 2][LENGTH];
    for (uint32_t i = LENGTH, j = LENGTH; i > 0 && j > 0;) {
        uint8_t way = ways[i - 1][j - 1];
        if (way == BOTH)
            sum = sum * 31 + a[i - 1];
        i -= way != LEFT;
        j -= way != UP;
    }
    return sum;
}

uint32_t bench(void)
{
    uint32_t sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        make_texts();
        sum = sum * 31 + edit_distance();
        sum = sum * 31 + common();
    }
    return sum;
}
