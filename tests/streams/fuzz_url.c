/* libFuzzer target for the URL parser:
 * fuzz_url -max_total_time=300 -dict=tests/streams/url.dict CORPUS tests/streams/corpus/url */
#include "url_invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    url_invariants(data, size);
    return 0;
}
