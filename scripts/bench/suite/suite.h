/* suite.h: what a program of the suite is written against, and its entry in each kind of build.
 *
 * A program is one file. It includes this header, says what its checksum must be, and defines
 * bench(), which does the work and returns the checksum of all results:
 *
 *     #include "suite.h"
 *     SUITE_EXPECTED(0x1234abcdu);
 *     SUITE_QUICK_EXPECTED(0x5678cdefu); // with -DSUITE_QUICK: about a fifth of the work
 *     uint32_t bench(void) { ... }
 *
 * The same source is compiled for
 *
 *     the host           main() prints "NAME 0x<checksum>"; status 1 if it is not the expected one
 *     -DSUITE_DAGGER     a guest of Dagger: the same through stdout://
 *     -DSUITE_EXPORT     a module without imports for other engines: exports run() -> i32
 *
 * There is no libc beyond memcpy, memmove, memset and memcmp. bench() is called once a process or
 * instance: what it leaves in static variables is not put back.
 */
#ifndef SUITE_H
#define SUITE_H

#include <stddef.h>
#include <stdint.h>

#ifndef SUITE_NAME
#define SUITE_NAME __BASE_FILE__
#endif

#ifdef SUITE_QUICK
#define SUITE_EXPECTED(value)       extern const uint32_t suite_expected
#define SUITE_QUICK_EXPECTED(value) const uint32_t suite_expected = (value)
#else
#define SUITE_EXPECTED(value)       const uint32_t suite_expected = (value)
#define SUITE_QUICK_EXPECTED(value) extern const uint32_t suite_expected
#endif

extern const uint32_t suite_expected;

/* A function of its own in each build: no compiler takes it for a part of main(), which runs once.
 */
__attribute__((noinline)) uint32_t bench(void);

/* ---- Random numbers: Marsaglia's xorshift with 32 bits, the same everywhere ---- */

static uint32_t suite_random_state = 2463534242u;

static inline uint32_t suite_random(void)
{
    uint32_t x = suite_random_state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return suite_random_state = x;
}

/* ---- Memory: taken piece by piece, given back all at once ---- */

#define SUITE_ARENA (24u << 20)

_Alignas(16) static unsigned char suite_arena[SUITE_ARENA];
static size_t suite_arena_used;

/* Aligned for every type; what is in it is not defined. Ends the program when there is no more. */
static inline void *suite_alloc(size_t size)
{
    size_t rounded = (size + 15) & ~(size_t)15;
    if (size > SUITE_ARENA || rounded > SUITE_ARENA - suite_arena_used)
        __builtin_trap();
    void *memory = suite_arena + suite_arena_used;
    suite_arena_used += rounded;
    return memory;
}

static inline void suite_reset(void)
{
    suite_arena_used = 0;
}

/* ---- Entries ---- */

#if defined(SUITE_DAGGER) || defined(SUITE_EXPORT)

/* What compilers make calls of. With -mbulk-memory the first three are one instruction each. */
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    return __builtin_memcpy(to, from, size);
}

void *memmove(void *to, const void *from, size_t size)
{
    return __builtin_memmove(to, from, size);
}

void *memset(void *to, int byte, size_t size)
{
    return __builtin_memset(to, byte, size);
}

static inline uint64_t suite_word(const unsigned char *at)
{
    uint64_t word;
    __builtin_memcpy(&word, at, sizeof word);
    return word;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const unsigned char *x = a, *y = b;
    for (; size >= 8 && suite_word(x) == suite_word(y); size -= 8, x += 8, y += 8)
        ;
    for (; size > 0; size--, x++, y++) {
        if (*x != *y)
            return *x < *y ? -1 : 1;
    }
    return 0;
}

#else
#include <string.h>
#endif

#if defined(SUITE_EXPORT)

__attribute__((export_name("run"))) uint32_t suite_run(void);

uint32_t suite_run(void)
{
    return bench();
}

#elif defined(SUITE_DAGGER)
#include "../../../samples/include/dagger.h"

int dagger_main(void)
{
    uint32_t sum = bench();
    char line[] = SUITE_NAME " 0x00000000\n";
    for (size_t digit = 0; digit < 8; digit++)
        line[sizeof line - 3 - digit] = "0123456789abcdef"[sum >> (4 * digit) & 15];
    int out = dagger_open_url("stdout://");
    return out < 0 || dagger_puts(out, line) < 0 || sum != suite_expected;
}

#else
#include <stdio.h>

int main(void)
{
    uint32_t sum = bench();
    return printf(SUITE_NAME " 0x%08lx\n", (unsigned long)sum) < 0 || sum != suite_expected;
}

#endif

#endif
