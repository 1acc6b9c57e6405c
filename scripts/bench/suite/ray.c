/* ray: a picture of mirroring spheres on a chequered floor, by ray tracing; small structs by value,
 * recursion, square roots and divisions between branches that only data decides. */
#include "numbers.h"

SUITE_EXPECTED(0x8a32f6bbu);
SUITE_QUICK_EXPECTED(0x535712cau);

#define WIDTH 1200
#ifdef SUITE_QUICK
#define HEIGHT 180
#else
#define HEIGHT 900
#endif
#define SPHERES     24
#define REFLECTIONS 4
#define NEAREST     1e-6 /* nothing is hit closer than that: a ray would hit where it starts */
#define FARTHEST    1e9

struct vector {
    double x, y, z;
};

struct sphere {
    struct vector centre, colour;
    double radius;
    double mirror; /* how much of the light is reflected, up to 1 */
};

static struct sphere spheres[SPHERES];
static struct vector lamp; /* the direction where the light comes from */

static struct vector add(struct vector a, struct vector b)
{
    return (struct vector){a.x + b.x, a.y + b.y, a.z + b.z};
}

static struct vector subtract(struct vector a, struct vector b)
{
    return (struct vector){a.x - b.x, a.y - b.y, a.z - b.z};
}

static struct vector scale(struct vector a, double by)
{
    return (struct vector){a.x * by, a.y * by, a.z * by};
}

static double dot(struct vector a, struct vector b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static struct vector unit(struct vector a)
{
    return scale(a, 1 / __builtin_sqrt(dot(a, a)));
}

/* How far along the ray it enters the sphere, or leaves it if it starts inside; FARTHEST: never. */
static double distance_to(const struct sphere *sphere, struct vector from, struct vector to)
{
    struct vector centre = subtract(sphere->centre, from);
    double along = dot(centre, to);
    double square = along * along - dot(centre, centre) + sphere->radius * sphere->radius;
    if (square < 0)
        return FARTHEST;
    double half = __builtin_sqrt(square);
    if (along - half > NEAREST)
        return along - half;
    return along + half > NEAREST ? along + half : FARTHEST;
}

/* The sphere that the ray hits first, or NULL; *distance becomes smaller if there is one. */
static const struct sphere *first_hit(struct vector from, struct vector to, double *distance)
{
    const struct sphere *hit = NULL;
    for (int i = 0; i < SPHERES; i++) {
        double here = distance_to(&spheres[i], from, to);
        if (here < *distance) {
            *distance = here;
            hit = &spheres[i];
        }
    }
    return hit;
}

/* The colour that comes along the ray, against its direction. */
static struct vector trace(struct vector from, struct vector to, int reflections)
{
    double distance = to.y < 0 ? -from.y / to.y : FARTHEST; /* to the floor */
    const struct sphere *sphere = first_hit(from, to, &distance);
    if (sphere == NULL && distance >= FARTHEST)
        return (struct vector){0.2 + 0.2 * to.y, 0.3 + 0.3 * to.y, 0.9};

    struct vector at = add(from, scale(to, distance));
    struct vector normal = {0, 1, 0}, colour;
    double mirror = 0.1;
    if (sphere != NULL) {
        normal = scale(subtract(at, sphere->centre), 1 / sphere->radius);
        colour = sphere->colour;
        mirror = sphere->mirror;
    } else {
        at.y = 0;
        int odd = (__builtin_fabs(at.x) > 30 || (int)(at.x + 40) % 2 == 1) !=
                  (__builtin_fabs(at.z) > 30 || (int)(at.z + 40) % 2 == 1);
        colour = odd ? (struct vector){0.9, 0.9, 0.8} : (struct vector){0.2, 0.3, 0.2};
    }

    double light = 0.2, towards = dot(normal, lamp), nothing = FARTHEST;
    if (towards > 0 && first_hit(at, lamp, &nothing) == NULL)
        light += 0.8 * towards;
    colour = scale(colour, light);
    if (reflections == 0)
        return colour;
    struct vector back = subtract(to, scale(normal, 2 * dot(to, normal)));
    return add(scale(colour, 1 - mirror), scale(trace(at, back, reflections - 1), mirror));
}

static void make_scene(void)
{
    lamp = unit((struct vector){1, 2, -1.5});
    for (int i = 0; i < SPHERES; i++) {
        double radius = 0.3 + 0.7 * random_fraction();
        spheres[i] = (struct sphere){
            .centre = {8 * random_fraction() - 4, radius + 2 * random_fraction(),
                       8 * random_fraction()},
            .colour = {random_fraction(), random_fraction(), random_fraction()},
            .radius = radius,
            .mirror = 0.7 * random_fraction(),
        };
    }
}

static uint32_t byte(double brightness)
{
    return brightness >= 1 ? 255 : (uint32_t)(brightness * 256);
}

uint32_t bench(void)
{
    make_scene();
    uint32_t sum = 0;
    struct vector eye = {0, 1.5, -7};
    for (int row = 0; row < HEIGHT; row++) {
        double y = 1.0 - 2.0 * row / HEIGHT;
        for (int column = 0; column < WIDTH; column++) {
            double x = (2.0 * column / WIDTH - 1) * 4 / 3;
            struct vector colour = trace(eye, unit((struct vector){x, y, 1.8}), REFLECTIONS);
            sum = sum * 31 + (byte(colour.x) << 16 | byte(colour.y) << 8 | byte(colour.z));
        }
    }
    return sum;
}
