/* What holds for any bytes given to the URL parser. For the fuzzer and for the unit test's rows. */
#ifndef DAGGER_TESTS_URL_INVARIANTS_H
#define DAGGER_TESTS_URL_INVARIANTS_H

#include <stddef.h>
#include <stdint.h>

/* Ends the program by abort() if something does not hold. */
void url_invariants(const uint8_t *bytes, size_t len);

#endif
