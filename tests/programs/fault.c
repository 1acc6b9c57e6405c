/* Pointers and lengths at and beyond the edges of memory: FAULT, and nothing is touched. */
#include "report.h"

#define MEMORY_SIZE ((unsigned)__builtin_wasm_memory_size(0) * 65536u)

/* Addresses that are no C objects: through an integer the compiler can't see through. */
static char *at(unsigned address)
{
    __asm__("" : "+r"(address));
    return (char *)address;
}

int dagger_main(void)
{
    int zero = dagger_open_url("zero://");
    int null = dagger_open_url("null://");
    int file = dagger_open_url("file:///out?mode=w");
    unsigned size = MEMORY_SIZE;
    char *end = at(size);

    end[-1] = end[-2] = 'x';
    report("read up to the end", dagger_read(zero, end - 1, 1));
    report("  the last byte is", end[-1]);
    end[-1] = 'x';
    report("read over the end", dagger_read(zero, end - 2, 3));
    report("  the last two bytes are", (end[-2] << 8) | end[-1]);
    report("read at the end, nothing", dagger_read(zero, end, 0));
    report("read at the end", dagger_read(zero, end, 1));
    report("read behind the end, nothing", dagger_read(zero, end + 1, 0));
    report("read, the sum wraps", dagger_read(zero, at(16), 0xfffffff8u));
    report("read, all ones", dagger_read(zero, at(0xffffffffu), 0xffffffffu));
    report("read, whole range", dagger_read(zero, at(0), 0xffffffffu));
    report("write up to the end", dagger_write(null, end - 4, 4));
    report("write over the end", dagger_write(file, end - 4, 5));
    report("write, the sum wraps", dagger_write(file, at(0xffffff00u), 0x200));
    report("write behind the end, nothing", dagger_write(file, end + 1, 0));
    report("flush", dagger_flush(file));
    report("close", dagger_close(file));
    report("open over the end", dagger_open(end - 4, 8));
    report("open at the end, length 0", dagger_open(end, 0));
    report("open behind the end, length 0", dagger_open(at(0xfffffff0u), 0));
    for (int i = 0; i < 7; i++)
        end[i - 7] = "null://"[i];
    report("open up to the end", dagger_open(end - 7, 7));
    report("open, no NUL before the end", dagger_open(end - 7, 0));

    /* A length over 2^31-1 is shortened, so that no count is mistaken for an error. */
    unsigned want = 0x80010000u / 65536u;
    if (__builtin_wasm_memory_grow(0, want - size / 65536u) == (unsigned long)-1)
        return 1;
    report("write 2^31 bytes and some", dagger_write(null, at(0), 0x80000010u));
    report("write past 2^31 bytes", dagger_write(null, at(0x8000fff0u), 16));
    report("write over the new end", dagger_write(null, at(0x8000fff0u), 17));
    report("write 2^31 bytes over the end", dagger_write(null, at(0x20000), 0x80000000u));
    return 0;
}
