/* The language itself: integers, floats, memory, indirect calls, deep recursion, growth; results
 * are hashes and numbers that do not depend on how the guest was compiled. */
#include "report.h"

typedef unsigned long long u64;

static volatile int opaque;

static u64 mix(u64 hash, u64 value)
{
    hash ^= value;
    hash *= 0x9e3779b97f4a7c15ull;
    return hash ^ hash >> 29;
}

static void show(const char *name, u64 hash)
{
    report(name, (int)(hash & 0x7fffffff));
}

static u64 integers(void)
{
    u64 hash = 1;
    for (unsigned i = 0; i < 5000; i++) {
        unsigned a = (unsigned)mix(i, 7), b = (unsigned)mix(i, 11) | 1;
        hash = mix(hash, a / b + a % b);
        hash = mix(hash, (u64)((int)a >> (b & 31)));
        hash = mix(hash, (u64)__builtin_clz(b) + (u64)__builtin_ctz(b) * 64);
        hash = mix(hash, (u64)__builtin_popcount(a));
        hash = mix(hash, (u64)(long long)(signed char)a + (u64)(long long)(short)b);
        hash = mix(hash, (u64)a * b / (b >> 3 | 1));
        hash = mix(hash, (a << (b & 31)) | (a >> (-b & 31)));
    }
    return hash;
}

static u64 floats(void)
{
    u64 hash = 2;
    double x = 0.5;
    float y = 0.25f;
    for (int i = 0; i < 5000; i++) {
        x = x * 1.000244140625 + (double)i / 7;
        y = y * 0.75f + (float)i;
        u64 bits;
        unsigned half;
        __builtin_memcpy(&bits, &x, 8);
        __builtin_memcpy(&half, &y, 4);
        hash = mix(mix(hash, bits), half);
        hash = mix(hash, (u64)__builtin_floor(x) + (u64)__builtin_ceil(x) + (u64)__builtin_rint(x));
        hash = mix(hash, (u64)(long long)__builtin_sqrt(x));
        hash = mix(hash, (u64)(long long)__builtin_copysign(x, -1.0));
    }
    return hash;
}

static int add(int a, int b)
{
    return a + b;
}
static int sub(int a, int b)
{
    return a - b;
}
static int mul(int a, int b)
{
    return (int)((unsigned)a * (unsigned)b);
}
static int (*const operations[])(int, int) = {add, sub, mul};

static u64 indirect(void)
{
    u64 hash = 3;
    for (int i = 0; i < 3000; i++)
        hash = mix(hash, (u64)operations[(i + opaque) % 3](i, i >> 3));
    return hash;
}

static unsigned fill[4096];

static u64 memory(void)
{
    u64 hash = 4;
    for (unsigned i = 0; i < 4096; i++)
        fill[i] = i * 2654435761u;
    __builtin_memcpy(fill + 100, fill + 300, 4000);
    __builtin_memmove((char *)fill + 5001, (char *)fill + 5000, 3000);
    __builtin_memset((char *)fill + 9999, 0xa5, 777);
    for (unsigned i = 0; i < 4096; i++)
        hash = mix(hash, fill[i]);
    return hash;
}

static int __attribute__((noinline)) depth(int n)
{
    volatile int here = n;
    return here == 0 ? 0 : depth(n - 1) + 1;
}

static u64 growth(void)
{
    u64 hash = 5;
    for (int i = 0; i < 40; i++) {
        unsigned long before = __builtin_wasm_memory_grow(0, 5);
        char *page = (char *)(before * 65536ul);
        hash = mix(hash, (u64)page[0] + (u64)page[5 * 65536 - 1]);
        page[0] = page[5 * 65536 - 1] = (char)i;
        hash = mix(hash, before);
    }
    return hash;
}

int dagger_main(void)
{
    show("integers", integers());
    show("floats", floats());
    show("indirect", indirect());
    show("memory", memory());
    report("depth", depth(2000));
    show("growth", growth());
    report("grow too far is refused", __builtin_wasm_memory_grow(0, 65536) == -1ul);
    return 0;
}
