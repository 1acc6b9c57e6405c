/* SHA-256 (FIPS 180-4). */
#ifndef DAGGER_COMPILER_DIGEST_H
#define DAGGER_COMPILER_DIGEST_H

#include <stddef.h>

/* Writes the digest of `len` bytes as 64 hexadecimal digits and a NUL. */
void digest_sha256(const void *bytes, size_t len, char out[65]);

#endif
