/* dispatch: calls through function pointers of many types: a table of operations, methods of
 * objects, callbacks with a context, a chain of filters, states that return the next state;
 * indirect calls that are hard to predict and do little. */
#include "suite.h"

SUITE_EXPECTED(0x975d6007u);
SUITE_QUICK_EXPECTED(0x67bc1c5du);

#ifdef SUITE_QUICK
#define ROUNDS 36
#else
#define ROUNDS 180
#endif

#define COUNT 40000u

/* ---- A table of operations on 32-bit numbers ---- */

typedef uint32_t operation(uint32_t a, uint32_t b);

static uint32_t add(uint32_t a, uint32_t b)
{
    return a + b;
}

static uint32_t subtract(uint32_t a, uint32_t b)
{
    return a - b;
}

static uint32_t multiply(uint32_t a, uint32_t b)
{
    return a * (b | 1);
}

static uint32_t exclusive_or(uint32_t a, uint32_t b)
{
    return a ^ b;
}

static uint32_t rotate(uint32_t a, uint32_t b)
{
    return a << (b & 31) | a >> (-b & 31);
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static operation *const operations[] = {add,    subtract, multiply, exclusive_or,
                                        rotate, larger,   add,      rotate};

static uint32_t numbers[COUNT];

static uint32_t calculate(void)
{
    uint32_t value = 1;
    for (uint32_t i = 0; i < COUNT; i++)
        value = operations[numbers[i] >> 29](value, numbers[i]);
    return value;
}

/* ---- Objects: a table of methods for each class ---- */

struct shape;

struct methods {
    double (*area)(const struct shape *shape);
    void (*grow)(struct shape *shape, double factor);
    int64_t (*corners)(const struct shape *shape, int64_t so_far);
};

struct shape {
    const struct methods *methods;
    double width, height;
};

static double rectangle_area(const struct shape *shape)
{
    return shape->width * shape->height;
}

static double triangle_area(const struct shape *shape)
{
    return shape->width * shape->height * 0.5;
}

static double circle_area(const struct shape *shape)
{
    return shape->width * shape->width * 3.140625;
}

static void grow_both(struct shape *shape, double factor)
{
    shape->width *= factor;
    shape->height *= factor;
}

static void grow_width(struct shape *shape, double factor)
{
    shape->width *= factor;
}

static int64_t three_corners(const struct shape *shape, int64_t so_far)
{
    return so_far + (shape->width > 0 ? 3 : 0);
}

static int64_t four_corners(const struct shape *shape, int64_t so_far)
{
    return so_far + (shape->width > 0 ? 4 : 0);
}

static int64_t no_corners(const struct shape *shape, int64_t so_far)
{
    (void)shape;
    return so_far;
}

static const struct methods classes[] = {{rectangle_area, grow_both, four_corners},
                                         {triangle_area, grow_both, three_corners},
                                         {circle_area, grow_width, no_corners}};

static struct shape shapes[COUNT];

/* The factors are powers of two, so every result is exact enough to be the same everywhere. */
static uint32_t measure(uint32_t round)
{
    double area = 0;
    int64_t corners = 0;
    for (uint32_t i = 0; i < COUNT; i++) {
        struct shape *shape = &shapes[i];
        shape->methods->grow(shape, (round + i) % 2 == 0 ? 2.0 : 0.5);
        area += shape->methods->area(shape);
        corners = shape->methods->corners(shape, corners);
    }
    return (uint32_t)(uint64_t)area * 31 + (uint32_t)corners;
}

/* ---- Callbacks with a context ---- */

typedef int visit(void *context, uint32_t value);

struct totals {
    uint32_t count;
    uint64_t total;
    float largest;
};

static int count_odd(void *context, uint32_t value)
{
    ((struct totals *)context)->count += value & 1;
    return 1;
}

static int add_up(void *context, uint32_t value)
{
    ((struct totals *)context)->total += value;
    return 1;
}

static int find_largest(void *context, uint32_t value)
{
    struct totals *totals = context;
    if ((float)value > totals->largest)
        totals->largest = (float)value;
    return value != 0;
}

static __attribute__((noinline)) void for_each(visit *visit, void *context)
{
    for (uint32_t i = 0; i < COUNT; i++)
        if (!visit(context, numbers[i]))
            break;
}

/* ---- States that return the next state ---- */

struct walker {
    struct walker (*next)(uint64_t *sum, uint32_t value);
};

static struct walker even(uint64_t *sum, uint32_t value);
static struct walker odd(uint64_t *sum, uint32_t value);
static struct walker third(uint64_t *sum, uint32_t value);

static struct walker even(uint64_t *sum, uint32_t value)
{
    *sum += value;
    return (struct walker){value & 64 ? odd : even};
}

static struct walker odd(uint64_t *sum, uint32_t value)
{
    *sum = *sum * 5 + 1;
    return (struct walker){value & 64 ? third : odd};
}

static struct walker third(uint64_t *sum, uint32_t value)
{
    *sum ^= (uint64_t)value << 20;
    return (struct walker){value & 192 ? even : odd};
}

static uint32_t walk(void)
{
    struct walker walker = {even};
    uint64_t sum = 0;
    for (uint32_t i = 0; i < COUNT; i++)
        walker = walker.next(&sum, numbers[i]);
    return (uint32_t)(sum >> 32) ^ (uint32_t)sum;
}

uint32_t bench(void)
{
    static visit *const visits[] = {count_odd, add_up, find_largest};
    uint32_t sum = 0;

    for (uint32_t i = 0; i < COUNT; i++) {
        shapes[i].methods = &classes[suite_random() % 3];
        shapes[i].width = suite_random() % 1000;
        shapes[i].height = suite_random() % 1000;
    }
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct totals totals = {0, 0, 0};
        for (uint32_t i = 0; i < COUNT; i++)
            numbers[i] = suite_random();
        sum = sum * 31 + calculate();
        sum = sum * 31 + measure(round);
        for (uint32_t i = 0; i < 3; i++)
            for_each(visits[(numbers[0] + i) % 3], &totals);
        sum = sum * 31 + totals.count + (uint32_t)totals.total;
        sum = sum * 31 + (uint32_t)(totals.largest / 256);
        sum = sum * 31 + walk();
    }
    return sum;
}
