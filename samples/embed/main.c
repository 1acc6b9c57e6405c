/* The program around it: the checksum of standard input. Any argument has it make a mistake first.
 */
#include <stdio.h>

#include "crc.h"

static int fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, dagger_message());
    return 1;
}

int main(int argc, char **argv)
{
    struct dagger_instance *crc;
    int32_t sum = 0, buffer, size;
    char bytes[4096];
    size_t len;

    if (dagger_instance_new(&crc_module, NULL, &crc) != 0)
        return fail("no instance");
    if (crc_buffer(crc, &buffer) != 0 || crc_buffer_size(crc, &size) != 0)
        return fail("no buffer");
    if (argc > 1 && crc_update(crc, 0, INT32_MAX, &sum) != 0)
        fail(argv[1]); /* and on: the instance is as good as before */
    while ((len = fread(bytes, 1, sizeof bytes, stdin)) > 0) {
        if (len > (size_t)size || dagger_memory_write(crc, (uint32_t)buffer, bytes, len) != 0)
            return fail("writing to the buffer");
        if (crc_update(crc, sum, (int32_t)len, &sum) != 0)
            return fail("update");
    }
    printf("%08x\n", (unsigned)sum);
    return dagger_instance_free(crc) != 0;
}
