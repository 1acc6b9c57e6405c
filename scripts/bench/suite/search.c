/* search: finds all places of words in a text, naively with memcmp, by Boyer-Moore-Horspool, and by
 * bits (shift-and); early exits, skips through a table, one dependent operation a byte. */
#include "suite.h"

SUITE_EXPECTED(0xe26ddfc5u);
SUITE_QUICK_EXPECTED(0x379eab92u);

#ifdef SUITE_QUICK
#define ROUNDS 12
#else
#define ROUNDS 60
#endif

#define SIZE    1000000u
#define LONGEST 32u /* of a pattern: the bits of a word */

static unsigned char text[SIZE];

/* What is found: how often, and a hash of the places. */
struct found {
    uint32_t count, hash;
};

static void add(struct found *found, uint32_t place)
{
    found->count++;
    found->hash = found->hash * 31 + place;
}

static struct found naive(const unsigned char *pattern, uint32_t length)
{
    struct found found = {0, 0};
    for (uint32_t i = 0; i + length <= SIZE; i++)
        if (text[i] == pattern[0] && memcmp(text + i, pattern, length) == 0)
            add(&found, i);
    return found;
}

/* The text's byte under the pattern's last says how far the pattern can move at least. */
static struct found horspool(const unsigned char *pattern, uint32_t length)
{
    struct found found = {0, 0};
    uint32_t skip[256];
    for (uint32_t byte = 0; byte < 256; byte++)
        skip[byte] = length;
    for (uint32_t i = 0; i + 1 < length; i++)
        skip[pattern[i]] = length - 1 - i;

    for (uint32_t at = 0; at + length <= SIZE; at += skip[text[at + length - 1]]) {
        uint32_t i = length;
        while (i > 0 && text[at + i - 1] == pattern[i - 1])
            i--;
        if (i == 0)
            add(&found, at);
    }
    return found;
}

/* Bit i of `matched` says: the last i + 1 bytes are the pattern's first i + 1. */
static struct found shift_and(const unsigned char *pattern, uint32_t length)
{
    struct found found = {0, 0};
    uint32_t places[256] = {0}, matched = 0;
    for (uint32_t i = 0; i < length; i++)
        places[pattern[i]] |= 1u << i;

    for (uint32_t i = 0; i < SIZE; i++) {
        matched = (matched << 1 | 1) & places[text[i]];
        if (matched >> (length - 1) & 1)
            add(&found, i + 1 - length);
    }
    return found;
}

/* Syllables: what is found begins in many places and ends in few. */
static void write_text(void)
{
    static const char consonants[] = "bdfgklmnprst", vowels[] = "aeiou";
    for (uint32_t i = 0; i < SIZE; i++) {
        uint32_t random = suite_random() >> 8;
        if (random % 16 == 0)
            text[i] = ' ';
        else if (i % 2 == 0)
            text[i] = (unsigned char)consonants[(random >> 4) % 12 & (random >> 12)];
        else
            text[i] = (unsigned char)vowels[(random >> 4) % 5];
    }
}

uint32_t bench(void)
{
    uint32_t sum = 0;

    write_text();
    for (uint32_t round = 0; round < ROUNDS; round++) {
        unsigned char pattern[LONGEST];
        uint32_t length = 2 + round % (LONGEST - 1);
        memcpy(pattern, text + suite_random() % (SIZE - LONGEST), length);
        if (round % 8 == 7)
            pattern[suite_random() % length] = '-'; /* that is nowhere */

        struct found first = naive(pattern, length);
        struct found second = horspool(pattern, length);
        struct found third = shift_and(pattern, length);
        if (first.count != second.count || first.hash != second.hash ||
            first.count != third.count || first.hash != third.hash)
            return 0;
        sum = (sum * 31 + first.hash) * 31 + first.count;
    }
    return sum;
}
