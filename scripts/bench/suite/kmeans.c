/* kmeans: points sorted into clusters, each to the nearest centre, and the centres moved to the
 * middle of their points; short loops over floats, comparisons, sums at places that data decides.
 */
#include "numbers.h"

SUITE_EXPECTED(0x096e6ddcu);
SUITE_QUICK_EXPECTED(0x8150f491u);

#ifdef SUITE_QUICK
#define ROUNDS 18
#else
#define ROUNDS 90
#endif

#define POINTS     60000
#define CLUSTERS   24
#define DIMENSIONS 8

static float points[POINTS][DIMENSIONS], centres[CLUSTERS][DIMENSIONS];
static uint32_t nearest[POINTS];

/* Clouds around random middles. They overlap, and are not as many as the clusters. */
static void make_points(void)
{
    static float middles[CLUSTERS - 5][DIMENSIONS];
    for (size_t i = 0; i < CLUSTERS - 5; i++) {
        for (size_t j = 0; j < DIMENSIONS; j++)
            middles[i][j] = (float)random_signed();
    }
    for (size_t i = 0; i < POINTS; i++) {
        const float *middle = middles[suite_random() % (CLUSTERS - 5)];
        for (size_t j = 0; j < DIMENSIONS; j++)
            points[i][j] = middle[j] + (float)(random_signed() * random_signed());
    }
    for (size_t i = 0; i < CLUSTERS; i++)
        memcpy(centres[i], points[i], sizeof centres[i]);
}

static float square_distance(const float *a, const float *b)
{
    float sum = 0;
    for (size_t i = 0; i < DIMENSIONS; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

/* Returns how many points are nearer to another centre than before. */
static uint32_t find_nearest(void)
{
    uint32_t moved = 0;
    for (size_t i = 0; i < POINTS; i++) {
        uint32_t best = 0;
        float distance = square_distance(points[i], centres[0]);
        for (uint32_t cluster = 1; cluster < CLUSTERS; cluster++) {
            float other = square_distance(points[i], centres[cluster]);
            if (other < distance) {
                distance = other;
                best = cluster;
            }
        }
        moved += best != nearest[i];
        nearest[i] = best;
    }
    return moved;
}

/* A cluster without points keeps its centre. */
static void move_centres(void)
{
    double sums[CLUSTERS][DIMENSIONS] = {{0}};
    uint32_t counts[CLUSTERS] = {0};
    for (size_t i = 0; i < POINTS; i++) {
        counts[nearest[i]]++;
        for (size_t j = 0; j < DIMENSIONS; j++)
            sums[nearest[i]][j] += points[i][j];
    }
    for (size_t cluster = 0; cluster < CLUSTERS; cluster++) {
        for (size_t j = 0; j < DIMENSIONS && counts[cluster] > 0; j++)
            centres[cluster][j] = (float)(sums[cluster][j] / counts[cluster]);
    }
}

uint32_t bench(void)
{
    uint32_t sum = 0;
    make_points();
    for (int round = 0; round < ROUNDS; round++) {
        sum = sum * 31 + find_nearest();
        move_centres();
    }
    for (size_t i = 0; i < POINTS; i++)
        sum = sum * 31 + nearest[i];
    return fold_floats(sum, &centres[0][0], (size_t)CLUSTERS * DIMENSIONS);
}
