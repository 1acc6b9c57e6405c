/* Frames of every shape that compilers make, compiled several times with different options: see
 * CMakeLists.txt. Each calls the next; the innermost walks the stack twice.
 */
#include <alloca.h>
#include <stdlib.h>
#include <string.h>

#include "unwind_frames.h"

#define NOINLINE __attribute__((noinline, noclone))
#ifdef __clang__
#undef NOINLINE
#define NOINLINE __attribute__((noinline))
#endif

static volatile int sink;
static struct walk *walk;

static NOINLINE void use(volatile void *bytes, size_t len)
{
    sink += (int)(len + (size_t)bytes % 3);
}

static NOINLINE int innermost(int n)
{
    walk_here(walk);
    return n + sink;
}

/* The stack pointer is rounded down: the way back is only in a register or on the stack. */
static NOINLINE int realigned(int n)
{
    _Alignas(128) volatile char block[256];
    use(block, sizeof(block));
    return innermost(n + 1) + block[0];
}

static NOINLINE int of_unknown_size(int n)
{
    volatile char *block = alloca((size_t)n * 7 + 1);
    block[0] = 1;
    use(block, (size_t)n);
    return realigned(n + 1) + block[0];
}

static NOINLINE int realigned_and_of_unknown_size(int n)
{
    _Alignas(64) volatile char block[64];
    volatile char *more = alloca((size_t)n * 3 + 1);
    more[0] = block[0] = 1;
    use(block, sizeof(block));
    use(more, 1);
    return of_unknown_size(n + 1) + more[0];
}

/* Larger than a page: probed by -fstack-clash-protection. */
static NOINLINE int large(int n)
{
    volatile char block[100000];
    memset((void *)block, n, sizeof(block));
    use(block, sizeof(block));
    return realigned_and_of_unknown_size(n + 1) + block[99999];
}

static NOINLINE double many_values(int n, double a, double b, double c, double d, long e, long f,
                                   long g, long h, long i, long j)
{
    long x = e * f, y = g * h, z = i * j, w = e - j;
    double p = a * b, q = c * d;
    int r = large(n + 1);
    return p + q + (double)(x + y + z + w) + r;
}

static int compare(const void *a, const void *b)
{
    const int *x = a, *y = b;
    if (*x == 1 && walk->count == 0)
        sink += (int)many_values(*x, 1, 2, 3, 4, 5, 6, 7, 8, 9, *y);
    return (*x > *y) - (*x < *y);
}

/* Through a function of the C library. */
static NOINLINE int through_library(int n)
{
    int numbers[] = {3, n, 2};
    qsort(numbers, 3, sizeof(numbers[0]), compare);
    return numbers[0];
}

static NOINLINE int recursion(int n)
{
    if (n == 0)
        return through_library(1) + sink;
    return recursion(n - 1) + n;
}

int WALK_FRAMES(struct walk *to_fill)
{
    walk = to_fill;
    return recursion(20);
}
