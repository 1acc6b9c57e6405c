/* What holds for any pattern and any URL. For the fuzzer and for the unit test's rows. */
#ifndef DAGGER_TESTS_POLICY_INVARIANTS_H
#define DAGGER_TESTS_POLICY_INVARIANTS_H

#include <stddef.h>
#include <stdint.h>

/* `bytes`: a pattern, a newline and a URL. Ends the program by abort() if something does not hold.
 */
void policy_invariants(const uint8_t *bytes, size_t len);

#endif
