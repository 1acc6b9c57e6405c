/* graph: breadth-first search and shortest paths (Dijkstra, with an indexed heap) in a random
 * graph; loads that miss the caches, and queues. */
#include "suite.h"

SUITE_EXPECTED(0x68d930ddu);
SUITE_QUICK_EXPECTED(0xc3d01b3eu);

#ifdef SUITE_QUICK
#define ROUNDS 2
#else
#define ROUNDS 10
#endif

#define NODES 30000u
#define EDGES 200000u
#define FAR   0xffffffffu

struct edge {
    uint32_t to, length;
};

/* The edges of node n are those from first_edge[n] up to first_edge[n + 1]. */
static uint32_t first_edge[NODES + 1];
static struct edge edges[EDGES];
static uint32_t from[EDGES], distance[NODES];

/* Counts the edges of each node, then deals them out. Half go to a neighbour, half anywhere. */
static void make_graph(void)
{
    memset(first_edge, 0, sizeof first_edge);
    for (uint32_t i = 0; i < EDGES; i++) {
        from[i] = suite_random() % NODES;
        first_edge[from[i]]++;
    }
    for (uint32_t node = 0, end = 0; node <= NODES; node++)
        first_edge[node] = end += first_edge[node];
    for (uint32_t i = 0; i < EDGES; i++) {
        struct edge *edge = &edges[--first_edge[from[i]]];
        uint32_t random = suite_random();
        edge->to = (i % 2 == 0 ? from[i] + random % 64 : random) % NODES;
        edge->length = 1 + suite_random() % 1000;
    }
}

static uint32_t hash_distances(void)
{
    uint32_t sum = 0;
    for (uint32_t node = 0; node < NODES; node++)
        sum = sum * 31 + distance[node];
    return sum;
}

/* ---- Breadth first ---- */

static uint32_t queue[NODES];

static uint32_t breadth_first(uint32_t start)
{
    uint32_t end = 0;
    memset(distance, 0xff, sizeof distance);
    distance[start] = 0;
    queue[end++] = start;
    for (uint32_t i = 0; i < end; i++) {
        uint32_t node = queue[i];
        for (uint32_t edge = first_edge[node]; edge < first_edge[node + 1]; edge++) {
            uint32_t to = edges[edge].to;
            if (distance[to] == FAR) {
                distance[to] = distance[node] + 1;
                queue[end++] = to;
            }
        }
    }
    return end;
}

/* ---- Dijkstra ---- */

/* Nodes by distance; place[n] is where node n is in the heap, so that it can move up. */
static uint32_t heap[NODES], place[NODES], count;

static void put(uint32_t at, uint32_t node)
{
    heap[at] = node;
    place[node] = at;
}

static void move_up(uint32_t at, uint32_t node)
{
    for (; at > 0 && distance[node] < distance[heap[(at - 1) / 2]]; at = (at - 1) / 2)
        put(at, heap[(at - 1) / 2]);
    put(at, node);
}

static uint32_t take_nearest(void)
{
    uint32_t nearest = heap[0], node = heap[--count], at = 0;
    for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && distance[heap[child + 1]] < distance[heap[child]])
            child++;
        if (distance[node] <= distance[heap[child]])
            break;
        put(at, heap[child]);
    }
    put(at, node);
    return nearest;
}

static void shortest_paths(uint32_t start)
{
    memset(distance, 0xff, sizeof distance);
    distance[start] = 0;
    count = 0;
    move_up(count++, start);
    while (count > 0) {
        uint32_t node = take_nearest();
        for (uint32_t i = first_edge[node]; i < first_edge[node + 1]; i++) {
            uint32_t to = edges[i].to, length = distance[node] + edges[i].length;
            if (length >= distance[to])
                continue;
            uint32_t at = distance[to] == FAR ? count++ : place[to];
            distance[to] = length;
            move_up(at, to);
        }
    }
}

uint32_t bench(void)
{
    uint32_t sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        make_graph();
        for (int i = 0; i < 3; i++) {
            uint32_t start = suite_random() % NODES;
            sum = sum * 31 + breadth_first(start);
            sum = sum * 31 + hash_distances();
            shortest_paths(start);
            sum = sum * 31 + hash_distances();
        }
    }
    return sum;
}
