/* Words and how often each was seen, for map.c and reduce.c: a hash table that grows with the
 * guest's memory. A word is built byte by byte, so it can be of any length and of any bytes.
 *
 * Functions return 0 or an error. After DAGGER_NOMEM the table is as it was: its words can be
 * written, which makes room.
 */
#ifndef COUNTS_H
#define COUNTS_H

#include <dagger.h>

enum { WASM_PAGE = 65536, FIRST_SLOTS = 4096, SORT_BINS = 32 };
static const unsigned long long COUNTS_MOST =
    0x7fffffffffffffff; /* what dagger_put_int() can write */

struct counts_word {
    struct counts_word *next; /* in its slot; when they are sorted, in order */
    unsigned len;
    unsigned long long hash;
    unsigned long long count;
    unsigned char bytes[];
};

static struct {
    struct counts_word **slots; /* a power of two of them */
    unsigned mask;
    unsigned words;
    unsigned long long seed;
    struct counts_word *building; /* the last thing in memory, not in the table yet */
} counts;

/* From here on the memory is ours; wasm-ld puts this behind the guest's data and stack. */
extern unsigned char __heap_base;

/* Is there memory up to `end`? Grows it. 64 bits: the end of 4 GiB is no address. */
static int counts_room(unsigned long long end)
{
    unsigned long long have = __builtin_wasm_memory_size(0);
    unsigned long long need = (end + WASM_PAGE - 1) / WASM_PAGE;
    if (need <= have)
        return 0;
    if (need > 65536 || __builtin_wasm_memory_grow(0, (unsigned)(need - have)) == (unsigned long)-1)
        return DAGGER_NOMEM;
    return 0;
}

static unsigned long long counts_aligned(unsigned long long address)
{
    return (address + 7) & ~7ull;
}

static unsigned long long counts_end_of(const struct counts_word *word, unsigned len)
{
    return (unsigned long long)(unsigned long)word->bytes + len;
}

/* Begins a word at the address; the caller has looked for room. */
static void counts_begin(unsigned long address)
{
    counts.building = (struct counts_word *)address;
    counts.building->len = 0;
    counts.building->hash = counts.seed;
}

/* An empty table at the start of the memory; a word that is being built is kept. */
static int counts_empty(void)
{
    unsigned long long start = counts_aligned((unsigned long)&__heap_base);
    unsigned long long behind = start + FIRST_SLOTS * sizeof *counts.slots;
    unsigned kept = counts.building ? counts.building->len : 0;
    int error = counts_room(behind + sizeof(struct counts_word) + kept);
    if (error < 0)
        return error;
    counts.slots = (struct counts_word **)(unsigned long)start;
    if (counts.building) {
        struct counts_word *to = (struct counts_word *)(unsigned long)behind;
        __builtin_memmove(to, counts.building, sizeof *to + kept);
        counts.building = to;
    } else {
        counts_begin((unsigned long)behind);
    }
    __builtin_memset(counts.slots, 0, FIRST_SLOTS * sizeof *counts.slots);
    counts.mask = FIRST_SLOTS - 1;
    counts.words = 0;
    return 0;
}

/* The hash has a seed of the moment, or a text could be made whose words all share a slot. The
 * order of what is written does not depend on it. */
static int counts_init(void)
{
    int dice = dagger_open_url("random://");
    if (dice < 0)
        return dice;
    int n = dagger_read_all(dice, &counts.seed, sizeof counts.seed);
    dagger_close(dice);
    return n < 0 ? n : counts_empty();
}

/* Adds a byte to the word that is being built. */
static int counts_push(unsigned char byte)
{
    struct counts_word *word = counts.building;
    int error = counts_room(counts_end_of(word, word->len) + 1);
    if (error < 0)
        return error;
    word->bytes[word->len++] = byte;
    word->hash = (word->hash ^ byte) * 0x9e3779b97f4a7c15ull;
    word->hash ^= word->hash >> 32;
    return 0;
}

/* Twice as many slots, behind all words; the old ones stay unused. Without room for them the lists
 * of the slots get longer, which is no error. */
static void counts_widen(unsigned long long behind)
{
    unsigned long long slots = (unsigned long long)(counts.mask + 1) * 2;
    if (counts_room(behind + slots * sizeof *counts.slots + sizeof(struct counts_word)) < 0)
        return;
    struct counts_word **wider = (struct counts_word **)(unsigned long)behind;
    __builtin_memset(wider, 0, (unsigned)slots * sizeof *wider);
    for (unsigned i = 0; i <= counts.mask; i++) {
        for (struct counts_word *word = counts.slots[i], *next; word; word = next) {
            struct counts_word **slot = &wider[word->hash & (slots - 1)];
            next = word->next;
            word->next = *slot;
            *slot = word;
        }
    }
    counts.slots = wider;
    counts.mask = (unsigned)slots - 1;
    counts_begin((unsigned long)wider + (unsigned)slots * sizeof *wider);
}

/* Less than, equal to or greater than 0, by bytes, as LC_ALL=C sort orders them. */
static int counts_compare(const struct counts_word *a, const struct counts_word *b)
{
    unsigned len = a->len < b->len ? a->len : b->len;
    for (unsigned i = 0; i < len; i++)
        if (a->bytes[i] != b->bytes[i])
            return a->bytes[i] - b->bytes[i];
    return (a->len > b->len) - (a->len < b->len);
}

/* Counts the word that was built `times` times, and begins the next one. DAGGER_NOSPACE: the count
 * would not fit into 64 bits. */
static int counts_add(unsigned long long times)
{
    struct counts_word *word = counts.building;
    struct counts_word **slot = &counts.slots[word->hash & counts.mask];
    for (struct counts_word *seen = *slot; seen; seen = seen->next) {
        if (seen->hash != word->hash || counts_compare(seen, word) != 0)
            continue;
        if (times > COUNTS_MOST - seen->count)
            return DAGGER_NOSPACE;
        seen->count += times;
        counts_begin((unsigned long)word);
        return 0;
    }
    unsigned long long behind = counts_aligned(counts_end_of(word, word->len));
    int error = counts_room(behind + sizeof(struct counts_word));
    if (error < 0)
        return error;
    word->count = times;
    word->next = *slot;
    *slot = word;
    counts_begin((unsigned long)behind);
    if (++counts.words > counts.mask)
        counts_widen(behind);
    return 0;
}

/* ---- In order ------------------------------------------------------------------------------- */

static struct counts_word *counts_merge(struct counts_word *a, struct counts_word *b)
{
    struct counts_word *first = 0, **end = &first;
    while (a && b) {
        struct counts_word **least = counts_compare(b, a) < 0 ? &b : &a;
        *end = *least;
        end = &(*least)->next;
        *least = *end;
    }
    *end = a ? a : b;
    return first;
}

/* A merge sort of lists, which takes no memory: bin i has none or 2^i words in order. */
static struct counts_word *counts_sorted(void)
{
    struct counts_word *bins[SORT_BINS] = {0}, *all = 0;
    for (unsigned i = 0; i <= counts.mask; i++) {
        for (struct counts_word *word = counts.slots[i], *next; word; word = next) {
            unsigned bin = 0;
            next = word->next;
            word->next = 0;
            for (; bins[bin]; bin++) {
                word = counts_merge(bins[bin], word);
                bins[bin] = 0;
            }
            bins[bin] = word;
        }
    }
    for (unsigned bin = 0; bin < SORT_BINS; bin++)
        all = counts_merge(bins[bin], all);
    return all;
}

/* Writes WORD<TAB>COUNT lines in order, and empties the table. */
static int counts_write(int out)
{
    for (struct counts_word *word = counts_sorted(); word; word = word->next) {
        int error = dagger_write_all(out, word->bytes, word->len);
        if (error == 0)
            error = dagger_puts(out, "\t");
        if (error == 0)
            error = dagger_put_int(out, (long long)word->count);
        if (error == 0)
            error = dagger_puts(out, "\n");
        if (error < 0)
            return error;
    }
    return counts_empty();
}

#endif
