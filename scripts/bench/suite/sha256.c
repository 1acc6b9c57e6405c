/* sha256: SHA-256 (FIPS 180-4) of one long and many short messages; 32-bit additions, rotations and
 * logic in long dependent chains. */
#include "suite.h"

SUITE_EXPECTED(0x82f504ffu);
SUITE_QUICK_EXPECTED(0x2f25d356u);

#ifdef SUITE_QUICK
#define ROUNDS 10
#else
#define ROUNDS 50
#endif

#define SIZE 1048576u

/* The first 32 bits behind the point of the cube roots of the first 64 primes. */
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* The same of the square roots of the first 8. */
static const uint32_t initial[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static unsigned char message[SIZE];

static uint32_t rotate(uint32_t x, int bits)
{
    return x >> bits | x << (32 - bits);
}

static void block(uint32_t state[8], const unsigned char *in)
{
    uint32_t schedule[64];
    for (int i = 0; i < 16; i++, in += 4)
        schedule[i] = (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
    for (int i = 16; i < 64; i++) {
        uint32_t x = schedule[i - 15], y = schedule[i - 2];
        schedule[i] = schedule[i - 16] + (rotate(x, 7) ^ rotate(x, 18) ^ x >> 3) + schedule[i - 7] +
                      (rotate(y, 17) ^ rotate(y, 19) ^ y >> 10);
    }

    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; i++) {
        uint32_t choice = (e & f) ^ (~e & g);
        uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
        uint32_t first = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice +
                         constants[i] + schedule[i];
        uint32_t second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority;
        h = g;
        g = f;
        f = e;
        e = d + first;
        d = c;
        c = b;
        b = a;
        a = first + second;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
}

static void sha256(uint32_t state[8], const unsigned char *in, uint32_t length)
{
    uint32_t rest = length;
    memcpy(state, initial, sizeof initial);
    for (; rest >= 64; rest -= 64, in += 64)
        block(state, in);

    /* The tail, a 1 bit, zeros, and the length in bits: one block or two. */
    unsigned char tail[128] = {0};
    memcpy(tail, in, rest);
    tail[rest] = 0x80;
    uint32_t end = rest < 56 ? 64 : 128;
    uint64_t bits = (uint64_t)length * 8;
    for (uint32_t i = 1; i <= 8; i++, bits >>= 8)
        tail[end - i] = (unsigned char)bits;
    for (uint32_t i = 0; i < end; i += 64)
        block(state, tail + i);
}

uint32_t bench(void)
{
    uint32_t digest[8], sum = 0;

    sha256(digest, (const unsigned char *)"abc", 3);
    if (digest[0] != 0xba7816bf || digest[7] != 0xf20015ad) /* the standard's example */
        return 0;

    for (uint32_t i = 0; i < SIZE; i++)
        message[i] = (unsigned char)suite_random();
    for (uint32_t i = 0; i < ROUNDS; i++) {
        sha256(digest, message, SIZE - i);
        sum = sum * 31 + digest[0] + digest[7];
        for (uint32_t length = 0; length < 700; length++) {
            sha256(digest, message + 700 * i, length);
            sum = sum * 31 + digest[3];
        }
    }
    return sum;
}
