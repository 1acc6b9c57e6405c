/* chacha20: the ChaCha20 stream cipher (RFC 8439) over a buffer, encrypted and decrypted; 32-bit
 * additions and rotations that compilers can keep in 16 registers or in vectors. */
#include "suite.h"

SUITE_EXPECTED(0xe4c6ac15u);
SUITE_QUICK_EXPECTED(0xd19934c5u);

#ifdef SUITE_QUICK
#define ROUNDS 70
#else
#define ROUNDS 350
#endif

#define SIZE 400000u

static unsigned char plain[SIZE], data[SIZE];

static uint32_t load(const unsigned char *in)
{
    return (uint32_t)in[3] << 24 | (uint32_t)in[2] << 16 | (uint32_t)in[1] << 8 | in[0];
}

static uint32_t rotate(uint32_t x, int bits)
{
    return x << bits | x >> (32 - bits);
}

static void quarter(uint32_t x[16], int a, int b, int c, int d)
{
    x[a] += x[b];
    x[d] = rotate(x[d] ^ x[a], 16);
    x[c] += x[d];
    x[b] = rotate(x[b] ^ x[c], 12);
    x[a] += x[b];
    x[d] = rotate(x[d] ^ x[a], 8);
    x[c] += x[d];
    x[b] = rotate(x[b] ^ x[c], 7);
}

/* One block of key stream: ten times the columns, then the diagonals, of a square of 16 words. */
static void block(const uint32_t state[16], unsigned char out[64])
{
    uint32_t x[16];
    memcpy(x, state, sizeof x);
    for (int i = 0; i < 10; i++) {
        quarter(x, 0, 4, 8, 12);
        quarter(x, 1, 5, 9, 13);
        quarter(x, 2, 6, 10, 14);
        quarter(x, 3, 7, 11, 15);
        quarter(x, 0, 5, 10, 15);
        quarter(x, 1, 6, 11, 12);
        quarter(x, 2, 7, 8, 13);
        quarter(x, 3, 4, 9, 14);
    }
    for (int i = 0; i < 16; i++) {
        uint32_t word = x[i] + state[i];
        for (int j = 0; j < 4; j++)
            out[4 * i + j] = (unsigned char)(word >> 8 * j);
    }
}

static void chacha20(const unsigned char key[32], const unsigned char nonce[12], uint32_t counter,
                     unsigned char *at, uint32_t length)
{
    uint32_t state[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    for (int i = 0; i < 8; i++)
        state[4 + i] = load(key + 4 * i);
    state[12] = counter;
    for (int i = 0; i < 3; i++)
        state[13 + i] = load(nonce + 4 * i);

    unsigned char stream[64];
    for (; length > 0; state[12]++) {
        uint32_t count = length < 64 ? length : 64;
        block(state, stream);
        for (uint32_t i = 0; i < count; i++)
            at[i] ^= stream[i];
        at += count;
        length -= count;
    }
}

uint32_t bench(void)
{
    unsigned char key[32], nonce[12];
    uint32_t sum = 0;

    for (uint32_t i = 0; i < SIZE; i++)
        plain[i] = (unsigned char)suite_random();
    for (uint32_t i = 0; i < ROUNDS; i += 2) {
        for (int j = 0; j < 32; j++)
            key[j] = (unsigned char)suite_random();
        for (int j = 0; j < 12; j++)
            nonce[j] = (unsigned char)suite_random();
        uint32_t length = SIZE - i;
        memcpy(data, plain, length);
        chacha20(key, nonce, i, data, length);
        for (uint32_t j = 0; j + 4 <= length; j += 4096)
            sum = sum * 31 + load(data + j);
        chacha20(key, nonce, i, data, length);
        if (memcmp(data, plain, length) != 0)
            return 0;
    }
    return sum;
}
