/* huffman: counts bytes, builds a canonical Huffman code, writes the bits and reads them back;
 * histograms, variable shifts, a decoding loop where each step waits for the last. */
#include "suite.h"

SUITE_EXPECTED(0xe4f702f1u);
SUITE_QUICK_EXPECTED(0x3f1a5d36u);

#ifdef SUITE_QUICK
#define ROUNDS 2
#else
#define ROUNDS 10
#endif

#define SIZE    1000000u
#define SYMBOLS 256u
#define LONGEST                                                                                    \
    32u /* more than any code of 10^6 bytes can have: lengths grow like Fibonacci's numbers */

static unsigned char plain[SIZE], packed[2 * SIZE], unpacked[SIZE];

struct code {
    uint32_t count[LONGEST + 1];   /* codes of each length */
    unsigned char sorted[SYMBOLS]; /* symbols by length, then by value */
    unsigned char length[SYMBOLS];
    uint32_t bits[SYMBOLS];
};

/* The two lightest of a list of nodes become one, until one is left. Sums come out in rising order,
 * so leaves, sorted once, and sums are two queues and the lightest node is the head of one. */
static void find_lengths(struct code *code, const uint32_t weight[SYMBOLS])
{
    uint32_t weights[2 * SYMBOLS], parent[2 * SYMBOLS], order[SYMBOLS], leaves = 0;
    for (uint32_t symbol = 0; symbol < SYMBOLS; symbol++) {
        if (weight[symbol] == 0)
            continue;
        uint32_t at = leaves++;
        for (; at > 0 && weight[order[at - 1]] > weight[symbol]; at--)
            order[at] = order[at - 1];
        order[at] = symbol;
    }
    for (uint32_t i = 0; i < leaves; i++)
        weights[i] = weight[order[i]];

    uint32_t leaf = 0, sum = leaves, end = leaves;
    for (; end < 2 * leaves - 1; end++) {
        weights[end] = 0;
        for (int i = 0; i < 2; i++) {
            int take_leaf = leaf < leaves && (sum == end || weights[leaf] <= weights[sum]);
            uint32_t node = take_leaf ? leaf++ : sum++;
            weights[end] += weights[node];
            parent[node] = end;
        }
    }

    uint32_t depth[2 * SYMBOLS];
    depth[end - 1] = 0;
    memset(code->length, 0, sizeof code->length);
    for (uint32_t node = end - 1; node-- > 0;) {
        depth[node] = depth[parent[node]] + 1;
        if (node < leaves)
            code->length[order[node]] = (unsigned char)depth[node];
    }
}

/* Codes of one length are consecutive numbers; the next length goes on at twice the number. */
static void assign_bits(struct code *code)
{
    uint32_t next = 0, at = 0;
    for (uint32_t length = 1; length <= LONGEST; length++) {
        code->count[length] = 0;
        for (uint32_t symbol = 0; symbol < SYMBOLS; symbol++)
            if (code->length[symbol] == length) {
                code->sorted[at++] = (unsigned char)symbol;
                code->bits[symbol] = next++;
                code->count[length]++;
            }
        next *= 2;
    }
}

static uint32_t encode(const struct code *code, unsigned char *out, const unsigned char *in,
                       uint32_t size)
{
    unsigned char *start = out;
    uint64_t waiting = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < size; i++) {
        waiting = waiting << code->length[in[i]] | code->bits[in[i]];
        for (count += code->length[in[i]]; count >= 8; count -= 8)
            *out++ = (unsigned char)(waiting >> (count - 8));
    }
    *out++ = (unsigned char)(waiting << 8 >> count);
    return (uint32_t)(out - start);
}

/* Bit by bit: `first` is the first code of this length, `at` its place in the sorted symbols. */
static void decode(const struct code *code, unsigned char *out, const unsigned char *in,
                   uint32_t size)
{
    uint32_t bit = 0;
    for (uint32_t i = 0; i < size; i++) {
        uint32_t value = 0, first = 0, at = 0;
        for (uint32_t length = 1;; length++, bit++) {
            value = value << 1 | (in[bit / 8] >> (7 - bit % 8) & 1);
            uint32_t count = code->count[length];
            if (value - first < count)
                break;
            at += count;
            first = (first + count) << 1;
        }
        bit++;
        out[i] = code->sorted[at + value - first];
    }
}

uint32_t bench(void)
{
    static struct code code;
    uint32_t sum = 0;

    for (uint32_t round = 0; round < ROUNDS; round++) {
        /* Small values come more often; how much more changes from round to round. */
        for (uint32_t i = 0; i < SIZE; i++) {
            uint32_t value = suite_random() & suite_random() & 255;
            plain[i] = (unsigned char)(round % 2 == 0 ? value & suite_random() : value);
        }
        uint32_t weight[SYMBOLS] = {0};
        for (uint32_t i = 0; i < SIZE; i++)
            weight[plain[i]]++;
        find_lengths(&code, weight);
        assign_bits(&code);
        uint32_t size = encode(&code, packed, plain, SIZE);
        for (uint32_t i = 0; i < size; i += 61)
            sum = sum * 31 + packed[i];
        decode(&code, unpacked, packed, SIZE);
        if (memcmp(unpacked, plain, SIZE) != 0)
            return 0;
        sum = sum * 31 + size;
    }
    return sum;
}
