/* nbody: bodies that attract each other, step by step; floating-point arithmetic with square roots
 * and divisions, on a few structs that stay in the nearest cache. */
#include "suite.h"

SUITE_EXPECTED(0xf4b8ec90u);
SUITE_QUICK_EXPECTED(0x7cdd67cau);

#ifdef SUITE_QUICK
#define STEPS 440000
#else
#define STEPS 2200000
#endif

#define BODIES 6
#define STEP   0.001 /* of time */

struct body {
    double x, y, z;    /* where it is */
    double vx, vy, vz; /* how fast it is */
    double mass;
};

static struct body bodies[BODIES];

/* From 0 up to 1, exactly the same everywhere. */
static double fraction(void)
{
    return suite_random() / 4294967296.0;
}

/* A sun at rest, and planets around it, each on about a circle, further out than the one before. */
static void make_system(void)
{
    bodies[0] = (struct body){.mass = 40};
    for (int i = 1; i < BODIES; i++) {
        double radius = 2 * i + fraction();
        double speed = __builtin_sqrt(bodies[0].mass / radius);
        bodies[i] = (struct body){
            .x = radius,
            .z = fraction() / 8,
            .vy = i % 2 == 0 ? speed : -speed,
            .vz = fraction() / 8,
            .mass = 0.01 + fraction() / 32,
        };
    }
}

/* Each pair once: what one gains the other loses. */
static void attract(void)
{
    for (int i = 0; i < BODIES; i++) {
        struct body *a = &bodies[i];
        for (int j = i + 1; j < BODIES; j++) {
            struct body *b = &bodies[j];
            double dx = b->x - a->x, dy = b->y - a->y, dz = b->z - a->z;
            double square = dx * dx + dy * dy + dz * dz;
            double pull = STEP / (square * __builtin_sqrt(square));
            a->vx += dx * b->mass * pull;
            a->vy += dy * b->mass * pull;
            a->vz += dz * b->mass * pull;
            b->vx -= dx * a->mass * pull;
            b->vy -= dy * a->mass * pull;
            b->vz -= dz * a->mass * pull;
        }
    }
}

static void move(void)
{
    for (int i = 0; i < BODIES; i++) {
        struct body *body = &bodies[i];
        body->x += body->vx * STEP;
        body->y += body->vy * STEP;
        body->z += body->vz * STEP;
    }
}

static uint32_t fold(uint32_t sum, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return sum * 31 + (uint32_t)(bits ^ bits >> 32);
}

uint32_t bench(void)
{
    make_system();
    for (int step = 0; step < STEPS; step++) {
        attract();
        move();
    }
    uint32_t sum = 0;
    for (int i = 0; i < BODIES; i++) {
        const struct body *body = &bodies[i];
        sum = fold(fold(fold(sum, body->x), body->y), body->z);
        sum = fold(fold(fold(sum, body->vx), body->vy), body->vz);
    }
    return sum;
}
