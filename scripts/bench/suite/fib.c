/* fib: functions that only call themselves: Fibonacci's numbers and Takeuchi's function; the cost
 * of a call. */
#include "suite.h"

SUITE_EXPECTED(0x0fefa6c7u);
SUITE_QUICK_EXPECTED(0x0b46c675u);

#ifdef SUITE_QUICK
#define NUMBER 37u
#define TAK    16
#else
#define NUMBER 40u
#define TAK    17
#endif

static uint32_t fib(uint32_t n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static int32_t tak(int32_t x, int32_t y, int32_t z)
{
    return y >= x ? z : tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}

uint32_t bench(void)
{
    uint32_t sum = 0;
    for (int32_t z = 0; z < 8; z++)
        sum = sum * 31 + (uint32_t)tak(TAK, TAK - 6, z);
    return sum * 31 + fib(NUMBER);
}
