/* floyd: the shortest paths between all pairs of places, by Floyd and Warshall's method; sums and
 * minima of 32-bit integers, row against row of one matrix. */
#include "suite.h"

SUITE_EXPECTED(0x745069eau);
SUITE_QUICK_EXPECTED(0xd282a1a0u);

#ifdef SUITE_QUICK
#define ROUNDS 3
#else
#define ROUNDS 15
#endif

#define PLACES 480
#define ROADS  6          /* from each place */
#define FAR    0x3fffffff /* no path; twice it is still an int */

static int distance[PLACES][PLACES];

static void make_roads(void)
{
    for (size_t from = 0; from < PLACES; from++) {
        for (size_t to = 0; to < PLACES; to++)
            distance[from][to] = FAR;
        for (int road = 0; road < ROADS; road++) {
            size_t to = suite_random() % PLACES;
            distance[from][to] = 1 + (int)(suite_random() % 1000);
        }
        distance[from][from] = 0;
    }
}

/* Is the way from one place to another shorter through a third? */
static void shortest_paths(void)
{
    for (size_t through = 0; through < PLACES; through++) {
        for (size_t from = 0; from < PLACES; from++) {
            int first = distance[from][through];
            for (size_t to = 0; to < PLACES; to++) {
                int way = first + distance[through][to];
                distance[from][to] = way < distance[from][to] ? way : distance[from][to];
            }
        }
    }
}

uint32_t bench(void)
{
    uint32_t sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        make_roads();
        shortest_paths();
        for (size_t from = 0; from < PLACES; from++) {
            for (size_t to = 0; to < PLACES; to++)
                sum = sum * 31 + (uint32_t)distance[from][to];
        }
    }
    return sum;
}
