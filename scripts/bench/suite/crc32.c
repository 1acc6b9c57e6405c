/* crc32: the CRC-32 of zlib and PNG, by one table a byte at a time and by four tables a word at a
 * time; table loads whose address depends on the load before. */
#include "suite.h"

SUITE_EXPECTED(0x4446e89au);
SUITE_QUICK_EXPECTED(0xdd4c48cfu);

#ifdef SUITE_QUICK
#define ROUNDS 30
#else
#define ROUNDS 150
#endif

#define SIZE 1000000u

static uint32_t tables[4][256];
static unsigned char data[SIZE];

/* tables[n][b]: what byte b, n bytes before the last of a word, adds to the remainder. */
static void make_tables(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t rest = byte;
        for (int bit = 0; bit < 8; bit++)
            rest = rest >> 1 ^ (rest & 1 ? 0xedb88320u : 0);
        tables[0][byte] = rest;
    }
    for (int n = 1; n < 4; n++)
        for (uint32_t byte = 0; byte < 256; byte++) {
            uint32_t rest = tables[n - 1][byte];
            tables[n][byte] = rest >> 8 ^ tables[0][rest & 255];
        }
}

static uint32_t by_byte(uint32_t crc, const unsigned char *at, uint32_t length)
{
    crc = ~crc;
    while (length-- > 0)
        crc = crc >> 8 ^ tables[0][(crc ^ *at++) & 255];
    return ~crc;
}

static uint32_t by_word(uint32_t crc, const unsigned char *at, uint32_t length)
{
    crc = ~crc;
    for (; length >= 4; length -= 4, at += 4) {
        uint32_t word;
        memcpy(&word, at, 4);
        crc ^= word;
        crc = tables[3][crc & 255] ^ tables[2][crc >> 8 & 255] ^ tables[1][crc >> 16 & 255] ^
              tables[0][crc >> 24];
    }
    return by_byte(~crc, at, length);
}

uint32_t bench(void)
{
    uint32_t sum = 0;

    make_tables();
    if (by_byte(0, (const unsigned char *)"123456789", 9) != 0xcbf43926u)
        return 0;
    for (uint32_t i = 0; i < SIZE; i++)
        data[i] = (unsigned char)suite_random();
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t words = by_word(sum, data + i, SIZE - i);
        if (i % 4 == 0 && by_byte(sum, data + i, SIZE - i) != words)
            return 0;
        sum = words;
    }
    return sum;
}
