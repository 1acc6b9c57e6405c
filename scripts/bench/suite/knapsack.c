/* knapsack: the most valuable choice of things that can be carried, each at most once, then each as
 * often as wanted; dynamic programming on 32-bit integers, a loop backwards and one that waits for
 * its own results. */
#include "suite.h"

SUITE_EXPECTED(0x2a3d3e27u);
SUITE_QUICK_EXPECTED(0x260f30f4u);

#ifdef SUITE_QUICK
#define ROUNDS 15
#else
#define ROUNDS 75
#endif

#define THINGS   150
#define CAPACITY 40000

struct thing {
    int32_t weight, value;
};

static struct thing things[THINGS];
static int32_t best[CAPACITY + 1]; /* the value that the weight can have */

/* Heavy things are worth more, but not exactly as much more as they are heavier. */
static void make_things(void)
{
    for (int i = 0; i < THINGS; i++) {
        int32_t weight = 100 + (int32_t)(suite_random() % 900);
        things[i].weight = weight;
        things[i].value = weight + (int32_t)(suite_random() % 200);
    }
}

/* Backwards, so that the thing is in none of the values it is added to. */
static void each_once(void)
{
    memset(best, 0, sizeof best);
    for (int i = 0; i < THINGS; i++) {
        int32_t weight = things[i].weight, value = things[i].value;
        for (int32_t room = CAPACITY; room >= weight; room--) {
            int32_t with = best[room - weight] + value;
            best[room] = with > best[room] ? with : best[room];
        }
    }
}

/* Forwards, so that it may be. */
static void each_often(void)
{
    memset(best, 0, sizeof best);
    for (int i = 0; i < THINGS; i++) {
        int32_t weight = things[i].weight, value = things[i].value;
        for (int32_t room = weight; room <= CAPACITY; room++) {
            int32_t with = best[room - weight] + value;
            best[room] = with > best[room] ? with : best[room];
        }
    }
}

static uint32_t hash_best(uint32_t sum)
{
    for (int room = 0; room <= CAPACITY; room++)
        sum = sum * 31 + (uint32_t)best[room];
    return sum;
}

uint32_t bench(void)
{
    uint32_t sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        make_things();
        each_once();
        sum = hash_best(sum);
        each_often();
        sum = hash_best(sum);
    }
    return sum;
}
