/* utf8: checks that text is UTF-8 (RFC 3629), once by branches and once by a table of states;
 * unpredictable branches against a chain of dependent loads. */
#include "suite.h"

SUITE_EXPECTED(0x7e0e4f6cu);
SUITE_QUICK_EXPECTED(0x63997597u);

#ifdef SUITE_QUICK
#define ROUNDS 6
#else
#define ROUNDS 30
#endif

#define SIZE 1000000u

static unsigned char text[SIZE];

/* ---- By branches ---- */

/* Returns how many bytes are valid: size, or the place of the first character that is broken. */
static uint32_t valid_by_branches(const unsigned char *at, uint32_t size)
{
    uint32_t i = 0;
    while (i < size) {
        uint32_t rest = size - i, first = at[i];
        if (first < 0x80) {
            i++;
        } else if (first >= 0xc2 && first < 0xe0) {
            if (rest < 2 || (at[i + 1] & 0xc0) != 0x80)
                return i;
            i += 2;
        } else if (first >= 0xe0 && first < 0xf0) {
            if (rest < 3 || (at[i + 1] & 0xc0) != 0x80 || (at[i + 2] & 0xc0) != 0x80)
                return i;
            /* Not what two bytes could say, and no surrogates. */
            if ((first == 0xe0 && at[i + 1] < 0xa0) || (first == 0xed && at[i + 1] >= 0xa0))
                return i;
            i += 3;
        } else if (first >= 0xf0 && first < 0xf5) {
            if (rest < 4 || (at[i + 1] & 0xc0) != 0x80 || (at[i + 2] & 0xc0) != 0x80 ||
                (at[i + 3] & 0xc0) != 0x80)
                return i;
            /* Not what three bytes could say, and nothing above U+10FFFF. */
            if ((first == 0xf0 && at[i + 1] < 0x90) || (first == 0xf4 && at[i + 1] >= 0x90))
                return i;
            i += 4;
        } else {
            return i;
        }
    }
    return size;
}

/* ---- By a table ---- */

/* START is between characters; ONE, TWO, THREE need so many more bytes; the others are the states
 * behind the four first bytes that allow only part of the second. */
enum state { START, ONE, TWO, THREE, AFTER_E0, AFTER_ED, AFTER_F0, AFTER_F4, BROKEN, STATES };

static unsigned char next_state[STATES][256];

static void allow(enum state from, uint32_t low, uint32_t high, enum state to)
{
    for (uint32_t byte = low; byte <= high; byte++)
        next_state[from][byte] = (unsigned char)to;
}

static void make_table(void)
{
    memset(next_state, BROKEN, sizeof next_state);
    allow(START, 0x00, 0x7f, START);
    allow(START, 0xc2, 0xdf, ONE);
    allow(START, 0xe0, 0xef, TWO);
    allow(START, 0xe0, 0xe0, AFTER_E0);
    allow(START, 0xed, 0xed, AFTER_ED);
    allow(START, 0xf0, 0xf0, AFTER_F0);
    allow(START, 0xf1, 0xf3, THREE);
    allow(START, 0xf4, 0xf4, AFTER_F4);
    allow(ONE, 0x80, 0xbf, START);
    allow(TWO, 0x80, 0xbf, ONE);
    allow(THREE, 0x80, 0xbf, TWO);
    allow(AFTER_E0, 0xa0, 0xbf, ONE);
    allow(AFTER_ED, 0x80, 0x9f, ONE);
    allow(AFTER_F0, 0x90, 0xbf, TWO);
    allow(AFTER_F4, 0x80, 0x8f, TWO);
}

static uint32_t valid_by_table(const unsigned char *at, uint32_t size)
{
    uint32_t state = START, start = 0;
    for (uint32_t i = 0; i < size; i++) {
        state = next_state[state][at[i]];
        if (state == START)
            start = i + 1;
        else if (state == BROKEN)
            break;
    }
    return start;
}

/* ---- Text ---- */

static uint32_t put(unsigned char *out, uint32_t point)
{
    if (point < 0x80) {
        out[0] = (unsigned char)point;
        return 1;
    }
    uint32_t more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    out[0] = (unsigned char)((0xff00u >> (more + 1) & 0xff) | point >> 6 * more);
    for (uint32_t i = 1; i <= more; i++)
        out[i] = (unsigned char)(0x80 | (point >> 6 * (more - i) & 0x3f));
    return more + 1;
}

/* Stretches of one script each, as texts are. */
static uint32_t write_text(void)
{
    static const struct {
        uint32_t first, count;
    } scripts[] = {{0x20, 95}, {0x20, 95}, {0xa0, 0x500}, {0x3040, 0x6000}, {0x1f300, 0x300}};
    uint32_t at = 0;
    while (at < SIZE - 4) {
        uint32_t script = suite_random() % 5;
        for (uint32_t i = 1 + suite_random() % 60; i > 0 && at < SIZE - 4; i--) {
            int space = suite_random() % 6 == 0;
            uint32_t point = scripts[script].first + suite_random() % scripts[script].count;
            at += put(text + at, space ? ' ' : point);
        }
    }
    return at;
}

uint32_t bench(void)
{
    uint32_t sum = 0;

    make_table();
    uint32_t size = write_text();
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint32_t valid = valid_by_branches(text, size);
        if (valid != size || valid_by_table(text, size) != size)
            return 0;

        /* One byte in the last tenth becomes another; both must see the same. */
        uint32_t place = size - 1 - suite_random() % (size / 10);
        unsigned char kept = text[place];
        text[place] = (unsigned char)suite_random();
        valid = valid_by_branches(text, size);
        if (valid_by_table(text, size) != valid)
            return 0;
        text[place] = kept;
        sum = sum * 31 + valid;
    }
    return sum;
}
