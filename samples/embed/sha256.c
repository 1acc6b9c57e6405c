/* The SHA-256 of standard input by as-sha256, a module written in AssemblyScript. */
#include <stdio.h>

#include "sha256.h"

int main(void)
{
    struct dagger_instance *sha256;
    int32_t input, output, most;
    unsigned char bytes[4096], digest[32];
    size_t len;
    int failed = dagger_instance_new(&sha256_module, NULL, &sha256);

    if (failed == 0)
        failed = sha256_get_input(sha256, &input) != 0 || sha256_get_output(sha256, &output) != 0 ||
                 sha256_get_INPUT_LENGTH(sha256, &most) != 0 || sha256_init(sha256) != 0;
    if (failed == 0 && (size_t)most < sizeof bytes)
        setvbuf(stdin, NULL, _IOFBF, (size_t)most);
    while (failed == 0 &&
           (len = fread(bytes, 1, (size_t)most < sizeof bytes ? (size_t)most : sizeof bytes,
                        stdin)) > 0)
        failed = dagger_memory_write(sha256, (uint32_t)input, bytes, len) != 0 ||
                 sha256_update(sha256, input, (int32_t)len) != 0;
    if (failed == 0)
        failed = sha256_final(sha256, output) != 0 ||
                 dagger_memory_read(sha256, (uint32_t)output, digest, sizeof digest) != 0;
    if (failed != 0) {
        fprintf(stderr, "sha256: %s\n", dagger_message());
        return 1;
    }
    for (size_t i = 0; i < sizeof digest; i++)
        printf("%02x", digest[i]);
    putchar('\n');
    return dagger_instance_free(sha256) != 0;
}
