/* base64: bytes to base64 (RFC 4648) and back, by table; byte loads and stores, shifts, and a loop
 * that looks for characters that don't belong. */
#include "suite.h"

SUITE_EXPECTED(0x901be946u);
SUITE_QUICK_EXPECTED(0xf5f0140bu);

#ifdef SUITE_QUICK
#define ROUNDS 30
#else
#define ROUNDS 150
#endif

#define SIZE 1000000u

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static signed char values[256]; /* -1: not a digit */

static unsigned char data[SIZE], decoded[SIZE];
static char encoded[(SIZE + 2) / 3 * 4];

static uint32_t encode(char *out, const unsigned char *in, uint32_t length)
{
    char *start = out;
    for (; length >= 3; length -= 3, in += 3) {
        uint32_t group = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];
        *out++ = digits[group >> 18];
        *out++ = digits[group >> 12 & 63];
        *out++ = digits[group >> 6 & 63];
        *out++ = digits[group & 63];
    }
    if (length > 0) {
        uint32_t group = (uint32_t)in[0] << 16 | (length == 2 ? (uint32_t)in[1] << 8 : 0);
        *out++ = digits[group >> 18];
        *out++ = digits[group >> 12 & 63];
        *out++ = length == 2 ? digits[group >> 6 & 63] : '=';
        *out++ = '=';
    }
    return (uint32_t)(out - start);
}

/* Returns the number of bytes, or -1 if the text is not base64. */
static int32_t decode(unsigned char *out, const char *in, uint32_t length)
{
    unsigned char *start = out;
    if (length % 4 != 0)
        return -1;
    while (length > 0 && in[length - 1] == '=')
        length--;
    const unsigned char *at = (const unsigned char *)in;
    for (; length >= 4; length -= 4, at += 4) {
        int32_t a = values[at[0]], b = values[at[1]], c = values[at[2]], d = values[at[3]];
        if ((a | b | c | d) < 0)
            return -1;
        uint32_t group = (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6 | (uint32_t)d;
        *out++ = (unsigned char)(group >> 16);
        *out++ = (unsigned char)(group >> 8);
        *out++ = (unsigned char)group;
    }
    if (length == 1)
        return -1;
    if (length > 1) {
        int32_t a = values[at[0]], b = values[at[1]], c = length == 3 ? values[at[2]] : 0;
        if ((a | b | c) < 0)
            return -1;
        *out++ = (unsigned char)(a << 2 | b >> 4);
        if (length == 3)
            *out++ = (unsigned char)(b << 4 | c >> 2);
    }
    return (int32_t)(out - start);
}

uint32_t bench(void)
{
    uint32_t sum = 0;

    memset(values, -1, sizeof values);
    for (int i = 0; i < 64; i++)
        values[(unsigned char)digits[i]] = (signed char)i;
    for (uint32_t i = 0; i < SIZE; i++)
        data[i] = (unsigned char)suite_random();

    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t length = SIZE - i;
        uint32_t chars = encode(encoded, data + i, length);
        if (decode(decoded, encoded, chars) != (int32_t)length ||
            memcmp(decoded, data + i, length) != 0)
            return 0;
        for (uint32_t j = 0; j < chars; j += 1021)
            sum = sum * 31 + (unsigned char)encoded[j];
        /* One wrong character somewhere, and the text is refused. */
        encoded[suite_random() % (chars - 4)] = '-';
        sum += decode(decoded, encoded, chars) == -1;
    }
    return sum;
}
