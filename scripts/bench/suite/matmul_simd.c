/* matmul_simd: a product of matrices of floats, block by block, with vectors of 16 bytes; a kernel
 * that holds eight vectors of sums in registers, panels copied so that it reads in order. */
#include "numbers.h"

SUITE_EXPECTED(0x1c3f9c64u);
SUITE_QUICK_EXPECTED(0x67852f65u);

#ifdef SUITE_QUICK
#define ROUNDS 3
#else
#define ROUNDS 15
#endif

#define ROWS    480
#define INNER   720
#define COLUMNS 720

/* What the kernel makes at once; and how much of the inner dimension a panel has, so that the panel
 * of b stays in the nearest cache. */
#define BLOCK_ROWS    4
#define BLOCK_COLUMNS 8
#define DEPTH         240

typedef float floats __attribute__((vector_size(16)));

static float a[ROWS][INNER], b[INNER][COLUMNS];
static _Alignas(16) float c[ROWS][COLUMNS];
static float panel_a[DEPTH][BLOCK_ROWS];
static floats panel_b[COLUMNS / BLOCK_COLUMNS][DEPTH][2];

/* c += panel_a * panel for one block of c. */
static void kernel(size_t row, size_t column, const floats (*panel)[2])
{
    floats sums[BLOCK_ROWS][2] = {{{0}}};
    for (size_t i = 0; i < DEPTH; i++) {
        for (size_t j = 0; j < BLOCK_ROWS; j++) {
            sums[j][0] += panel_a[i][j] * panel[i][0];
            sums[j][1] += panel_a[i][j] * panel[i][1];
        }
    }
    for (size_t j = 0; j < BLOCK_ROWS; j++) {
        floats *to = (floats *)&c[row + j][column];
        to[0] += sums[j][0];
        to[1] += sums[j][1];
    }
}

static void copy_panel_b(size_t first)
{
    for (size_t block = 0; block < COLUMNS / BLOCK_COLUMNS; block++) {
        for (size_t i = 0; i < DEPTH; i++)
            memcpy(panel_b[block][i], &b[first + i][block * BLOCK_COLUMNS],
                   sizeof panel_b[block][i]);
    }
}

static void copy_panel_a(size_t row, size_t first)
{
    for (size_t i = 0; i < DEPTH; i++) {
        for (size_t j = 0; j < BLOCK_ROWS; j++)
            panel_a[i][j] = a[row + j][first + i];
    }
}

static void multiply(void)
{
    for (size_t first = 0; first < INNER; first += DEPTH) {
        copy_panel_b(first);
        for (size_t row = 0; row < ROWS; row += BLOCK_ROWS) {
            copy_panel_a(row, first);
            for (size_t block = 0; block < COLUMNS / BLOCK_COLUMNS; block++)
                kernel(row, block * BLOCK_COLUMNS, panel_b[block]);
        }
    }
}

static void fill(float *matrix, size_t count)
{
    for (size_t i = 0; i < count; i++)
        matrix[i] = (float)((int)(suite_random() >> 8) - 0x800000) / 0x1p23f;
}

uint32_t bench(void)
{
    fill(&a[0][0], (size_t)ROWS * INNER);
    fill(&b[0][0], (size_t)INNER * COLUMNS);
    for (int round = 0; round < ROUNDS; round++)
        multiply();
    return fold_floats(0, &c[0][0], (size_t)ROWS * COLUMNS);
}
