/* numbers.h: what the numerical programs of the suite share: random values, and checksums of
 * floating-point results by their bits. With -ffp-contract=off C fixes those bits: every operation
 * is rounded once, in the order of the source. */
#ifndef SUITE_NUMBERS_H
#define SUITE_NUMBERS_H

#include "suite.h"

/* From 0 up to 1, exactly the same everywhere; so is the next. */
static inline double random_fraction(void)
{
    return suite_random() / 4294967296.0;
}

/* From -1 up to 1. */
static inline double random_signed(void)
{
    return 2 * random_fraction() - 1;
}

/* Adds n values to a checksum. */
static inline uint32_t fold_doubles(uint32_t sum, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        sum = sum * 31 + (uint32_t)(bits ^ bits >> 32);
    }
    return sum;
}

static inline uint32_t fold_floats(uint32_t sum, const float *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        sum = sum * 31 + bits;
    }
    return sum;
}

#endif
