/* SHA-256 (FIPS 180-4). */
#ifndef DAGGER_COMPILER_SHA256_H
#define DAGGER_COMPILER_SHA256_H

#include <stddef.h>

/* Writes the digest of `len` bytes as 64 hexadecimal digits and a NUL. */
void sha256_hex(const void *bytes, size_t len, char out[65]);

#endif
