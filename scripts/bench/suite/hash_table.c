/* hash_table: open addressing with linear probing, keys that are integers and keys that are
 * strings; scattered loads, multiplications, memcmp. */
#include "suite.h"

SUITE_EXPECTED(0x7ae4e9fbu);
SUITE_QUICK_EXPECTED(0x4c775b31u);

#ifdef SUITE_QUICK
#define ROUNDS 10
#else
#define ROUNDS 50
#endif

#define SLOT_BITS 16
#define SLOTS     (1u << SLOT_BITS)
#define KEYS      40000u
#define WORDS     30000u

/* ---- Integer keys: 0 marks a free slot ---- */

struct pair {
    uint64_t key;
    uint32_t value;
};

static struct pair pairs[SLOTS];

/* Fibonacci hashing: the high bits of a product with 2^64 divided by the golden ratio. */
static uint32_t slot_of(uint64_t key)
{
    return (uint32_t)(key * 0x9e3779b97f4a7c15u >> (64 - SLOT_BITS));
}

/* The slot of key, or the free one where it belongs. */
static uint32_t find_pair(uint64_t key)
{
    uint32_t slot = slot_of(key);
    while (pairs[slot].key != 0 && pairs[slot].key != key)
        slot = (slot + 1) % SLOTS;
    return slot;
}

/* Closes the gap: a later pair of the same run moves back if its own slot is not behind the gap. */
static void remove_pair(uint32_t gap)
{
    for (uint32_t next = (gap + 1) % SLOTS; pairs[next].key != 0; next = (next + 1) % SLOTS) {
        uint32_t home = slot_of(pairs[next].key);
        if ((next - home) % SLOTS >= (next - gap) % SLOTS) {
            pairs[gap] = pairs[next];
            gap = next;
        }
    }
    pairs[gap].key = 0;
}

static uint32_t integers(void)
{
    uint32_t sum = 0;
    memset(pairs, 0, sizeof pairs);
    for (uint32_t i = 0; i < 2 * KEYS; i++) {
        uint64_t key = suite_random() % KEYS + 1;
        uint32_t slot = find_pair(key << 20 | key);
        pairs[slot].key = key << 20 | key;
        pairs[slot].value += i;
    }
    for (uint32_t i = 0; i < KEYS; i++) {
        uint64_t key = suite_random() % KEYS + 1;
        uint32_t slot = find_pair(key << 20 | key);
        if (pairs[slot].key != 0) {
            sum = sum * 31 + pairs[slot].value;
            remove_pair(slot);
        }
    }
    for (uint64_t key = 1; key <= KEYS; key++)
        sum += pairs[find_pair(key << 20 | key)].key != 0;
    return sum;
}

/* ---- String keys: the words of a text are counted ---- */

struct word {
    const char *text;
    uint32_t length, hash, count;
};

static struct word words[SLOTS];
static char text[WORDS * 13];

static struct word *find_word(const char *start, uint32_t length)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (uint32_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)start[i]) * 16777619u;

    struct word *word = &words[hash % SLOTS];
    while (word->count != 0 && (word->hash != hash || word->length != length ||
                                memcmp(word->text, start, length) != 0)) {
        if (++word == words + SLOTS)
            word = words;
    }
    if (word->count == 0) {
        word->text = start;
        word->length = length;
        word->hash = hash;
    }
    return word;
}

/* Words of 2 to 12 letters; short ones come again and again, long ones hardly ever. */
static uint32_t write_text(void)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < WORDS; i++) {
        uint32_t length = 2 + suite_random() % 11;
        for (uint32_t j = 0; j < length; j++)
            text[at++] = (char)('a' + suite_random() % 8);
        text[at++] = ' ';
    }
    return at;
}

static uint32_t strings(uint32_t size)
{
    uint32_t sum = 0, start = 0;
    memset(words, 0, sizeof words);
    for (uint32_t i = 0; i < size; i++) {
        if (text[i] != ' ')
            continue;
        sum = sum * 31 + ++find_word(text + start, i - start)->count;
        start = i + 1;
    }
    for (uint32_t i = 0; i < SLOTS; i++)
        sum += words[i].count * words[i].hash;
    return sum;
}

uint32_t bench(void)
{
    uint32_t sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        sum = sum * 31 + integers();
        uint32_t size = write_text();
        for (int again = 0; again < 3; again++)
            sum = sum * 31 + strings(size);
    }
    return sum;
}
