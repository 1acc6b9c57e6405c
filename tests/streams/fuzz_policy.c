/* libFuzzer target for the patterns of a policy:
 * fuzz_policy -max_total_time=300 -dict=tests/streams/url.dict CORPUS tests/streams/corpus/policy
 */
#include "policy_invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    policy_invariants(data, size);
    return 0;
}
