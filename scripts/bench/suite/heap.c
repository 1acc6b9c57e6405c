/* heap: a priority queue (binary heap) of events, as a simulation uses it; compares and moves along
 * paths that no one can predict. */
#include "suite.h"

SUITE_EXPECTED(0x75d204a5u);
SUITE_QUICK_EXPECTED(0xa9067699u);

#ifdef SUITE_QUICK
#define STEPS 480000u
#else
#define STEPS 2400000u
#endif

#define EVENTS 100000u

struct event {
    uint64_t time;
    uint32_t kind;
};

static struct event heap[EVENTS];
static uint32_t count;

static void push(uint64_t time, uint32_t kind)
{
    uint32_t at = count++;
    while (at > 0 && time < heap[(at - 1) / 2].time) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at].time = time;
    heap[at].kind = kind;
}

static struct event pop(void)
{
    struct event first = heap[0], moving = heap[--count];
    uint32_t at = 0;
    for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child + 1].time < heap[child].time)
            child++;
        if (moving.time <= heap[child].time)
            break;
        heap[at] = heap[child];
    }
    heap[at] = moving;
    return first;
}

uint32_t bench(void)
{
    uint32_t sum = 0, kinds[8] = {0};
    uint64_t now = 0;

    for (uint32_t i = 0; i < EVENTS / 2; i++)
        push(suite_random(), i % 8);
    for (uint32_t step = 0; step < STEPS && count > 0; step++) {
        struct event event = pop();
        if (event.time < now)
            return 0;
        now = event.time;
        kinds[event.kind]++;
        sum = sum * 31 + (uint32_t)now;
        /* Each event makes one more on average: the heap keeps its size, roughly. */
        for (uint32_t more = suite_random() % 3; more > 0 && count < EVENTS; more--)
            push(now + (suite_random() >> event.kind), (event.kind + more) % 8);
    }
    for (int i = 0; i < 8; i++)
        sum = sum * 31 + kinds[i];
    return sum;
}
