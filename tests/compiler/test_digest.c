/* SHA-256, by the examples of NIST (FIPS 180-4's, and the CAVP's short messages). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"

struct row {
    const char *message; /* hexadecimal */
    const char *digest;
};

static const struct row rows[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"d3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"},
    {"11af", "5ca7133fa735326081558ac312c620eeca9970d1e70a4b95533d956f072d1f98"},
    {"616263", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"74ba2521", "b16aa56be3880d18cd41e68384cf1ec8c17680c45a02b1575dc1518923ae8b0e"},
};

Test(digest, nist)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char bytes[64];
        size_t len = strlen(rows[i].message) / 2;
        char digest[65];
        for (size_t at = 0; at < len; at++) {
            char pair[3] = {rows[i].message[2 * at], rows[i].message[2 * at + 1], 0};
            bytes[at] = (unsigned char)strtoul(pair, NULL, 16);
        }
        digest_sha256(bytes, len, digest);
        cr_expect_str_eq(digest, rows[i].digest);
    }
}

Test(digest, two_blocks)
{
    static const char message[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    char digest[65];
    digest_sha256(message, sizeof message - 1, digest);
    cr_expect_str_eq(digest, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

Test(digest, a_million_a)
{
    size_t len = 1000000;
    char digest[65], *message = malloc(len);
    memset(message, 'a', len);
    digest_sha256(message, len, digest);
    cr_expect_str_eq(digest, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(message);
}

/* Around the places where the padding takes another block: made by coreutils' sha256sum of so many
 * "x". */
Test(digest, padding)
{
    static const struct {
        size_t len;
        const char *digest;
    } lengths[] = {
        {55, "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072"},
        {56, "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e"},
        {57, "ae14a2563ccf969d99aca69ce6bb74981f734bbf9f655f73b8f06db68cab5217"},
        {63, "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2"},
        {64, "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c"},
        {65, "9537c5fdf120482f7d58d25e9ed583f52c02b4e304ea814db1633ad565aed7e9"},
        {119, "000b48d4edf0fa7bee3c6236ecd2785baa5db4eeb8bb54341b029e0d9fa5fb0c"},
        {120, "13f05a0b594787f5ecd315edc96141bd3243203d1b7d4f0836f37308b276ba98"},
        {128, "24da1b81d0b16df6428eee73c69fcb2a93c76bc6df706f0c6670fe6bfe800464"},
    };
    char message[200], digest[65];
    memset(message, 'x', sizeof message);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        digest_sha256(message, lengths[i].len, digest);
        cr_expect_str_eq(digest, lengths[i].digest, "%zu", lengths[i].len);
    }
}
