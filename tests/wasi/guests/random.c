/* random_get. */
#include "files.h"

static unsigned char bytes[70000], other[32];

CASE(bytes_differ)
{
    OK(wasi_random_get(bytes, 32));
    OK(wasi_random_get(other, 32));
    TRUE(!same(bytes, other, 32));
}

CASE(only_as_many_as_asked)
{
    for (u32 i = 0; i < sizeof other; i++)
        other[i] = 0xa5;
    OK(wasi_random_get(other + 8, 16));
    for (u32 i = 0; i < 8; i++)
        TRUE(other[i] == 0xa5 && other[24 + i] == 0xa5);
}

CASE(none)
{
    OK(wasi_random_get(bytes, 0));
}

/* More than the host gives at a time; every value is there, and no block of zeros. */
CASE(many)
{
    u32 counts[256] = {0};
    OK(wasi_random_get(bytes, sizeof bytes));
    for (u32 i = 0; i < sizeof bytes; i++)
        counts[bytes[i]]++;
    for (u32 i = 0; i < 256; i++)
        TRUE(counts[i] > 100 && counts[i] < 500);
}

MAIN();
