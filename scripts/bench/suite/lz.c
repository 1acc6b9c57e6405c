/* lz: a compressor in the manner of LZ77 and its decompressor; hash chains, comparisons of bytes,
 * copies that overlap themselves. */
#include "suite.h"

SUITE_EXPECTED(0xa3bf9f02u);
SUITE_QUICK_EXPECTED(0x6949b23au);

#ifdef SUITE_QUICK
#define ROUNDS 2
#else
#define ROUNDS 8
#endif

#define SIZE 1200000u

/* The compressed form is a row of tokens:
 *     n < 0x80             n + 1 bytes follow as they are
 *     n >= 0x80, low, high copy (n & 0x7f) + SHORTEST bytes from `high low` + 1 bytes back */
#define SHORTEST  4u
#define LONGEST   (0x7fu + SHORTEST)
#define WINDOW    65536u
#define HASH_BITS 15
#define TRIES     16 /* candidates looked at for each position */
#define NONE      0xffffffffu

static unsigned char plain[SIZE], packed[SIZE + SIZE / 128 + 1], unpacked[SIZE];

/* The last position of each hash, and for each position of the window the one before it. */
static uint32_t newest[1u << HASH_BITS], older[WINDOW];

static uint32_t hash(const unsigned char *at)
{
    uint32_t four;
    memcpy(&four, at, 4);
    return four * 2654435761u >> (32 - HASH_BITS);
}

static uint32_t match_length(const unsigned char *a, const unsigned char *b, uint32_t most)
{
    uint32_t length = 0;
    while (length < most && a[length] == b[length])
        length++;
    return length;
}

static void remember(const unsigned char *in, uint32_t at)
{
    uint32_t key = hash(in + at);
    older[at % WINDOW] = newest[key];
    newest[key] = at;
}

static uint32_t put_literals(unsigned char *out, const unsigned char *in, uint32_t count)
{
    unsigned char *start = out;
    while (count > 0) {
        uint32_t some = count < 128 ? count : 128;
        *out++ = (unsigned char)(some - 1);
        memcpy(out, in, some);
        out += some;
        in += some;
        count -= some;
    }
    return (uint32_t)(out - start);
}

static uint32_t compress(unsigned char *out, const unsigned char *in, uint32_t size)
{
    unsigned char *start = out;
    uint32_t literals = 0, at = 0; /* `literals` bytes before `at` wait to be written */

    memset(newest, 0xff, sizeof newest);
    while (at + SHORTEST <= size) {
        uint32_t most = size - at < LONGEST ? size - at : LONGEST;
        uint32_t best = 0, distance = 0, from = newest[hash(in + at)];
        for (int i = 0; i < TRIES && from != NONE && at - from <= WINDOW; i++) {
            uint32_t length = match_length(in + from, in + at, most);
            if (length > best) {
                best = length;
                distance = at - from;
            }
            uint32_t next = older[from % WINDOW];
            if (next >= from) /* that entry belongs to a newer position by now */
                break;
            from = next;
        }
        if (best < SHORTEST) {
            remember(in, at++);
            literals++;
            continue;
        }
        out += put_literals(out, in + at - literals, literals);
        literals = 0;
        *out++ = (unsigned char)(0x80 | (best - SHORTEST));
        *out++ = (unsigned char)(distance - 1);
        *out++ = (unsigned char)((distance - 1) >> 8);
        for (uint32_t end = at + best; at < end; at++)
            if (at + SHORTEST <= size)
                remember(in, at);
    }
    literals += size - at;
    out += put_literals(out, in + size - literals, literals);
    return (uint32_t)(out - start);
}

static uint32_t decompress(unsigned char *out, const unsigned char *in, uint32_t size)
{
    unsigned char *start = out;
    for (const unsigned char *end = in + size; in < end;) {
        uint32_t token = *in++;
        if (token < 0x80) {
            memcpy(out, in, token + 1);
            out += token + 1;
            in += token + 1;
            continue;
        }
        uint32_t length = (token & 0x7f) + SHORTEST;
        const unsigned char *from = out - 1 - (in[0] | (uint32_t)in[1] << 8);
        in += 2;
        while (length-- > 0) /* byte by byte: what is copied may be what was just written */
            *out++ = *from++;
    }
    return (uint32_t)(out - start);
}

/* Something like a log: words of a small vocabulary, numbers, now and then noise. */
static void write_log(void)
{
    char words[256][12];
    uint32_t lengths[256], at = 0;
    for (uint32_t i = 0; i < 256; i++) {
        lengths[i] = 3 + suite_random() % 9;
        for (uint32_t j = 0; j < lengths[i]; j++)
            words[i][j] = (char)('a' + suite_random() % 26);
    }
    while (at < SIZE) {
        uint32_t kind = suite_random() % 16, count = 1 + suite_random() % 6;
        uint32_t word = (suite_random() & suite_random()) % 256;
        if (kind >= 2) {
            for (uint32_t i = 0; i < lengths[word] && at < SIZE; i++)
                plain[at++] = (unsigned char)words[word][i];
        } else {
            while (count-- > 0 && at < SIZE)
                plain[at++] =
                    (unsigned char)(kind == 0 ? '0' + suite_random() % 10 : suite_random() % 256);
        }
        if (at < SIZE)
            plain[at++] = kind == 7 ? '\n' : ' ';
    }
}

uint32_t bench(void)
{
    uint32_t sum = 0;

    for (int round = 0; round < ROUNDS; round++) {
        write_log();
        uint32_t size = compress(packed, plain, SIZE);
        for (uint32_t i = 0; i < size; i += 7)
            sum = sum * 31 + packed[i];
        for (int again = 0; again < 3; again++) {
            memset(unpacked, 0, SIZE);
            if (decompress(unpacked, packed, size) != SIZE || memcmp(unpacked, plain, SIZE) != 0)
                return 0;
        }
        sum += size;
    }
    return sum;
}
