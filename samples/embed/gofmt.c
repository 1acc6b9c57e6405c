/* Formats Go source from standard input by gofmt, a module compiled from Go. */
#include <stdio.h>
#include <stdlib.h>

#include "gofmt.h"

enum { UNCHANGED, FORMATTED }; /* what format returns; anything else is an error, with its text */

static int fail(const char *what)
{
    fprintf(stderr, "gofmt: %s: %s\n", what, dagger_message());
    return 1;
}

/* All of standard input. Returns NULL when memory is short. */
static char *read_all(size_t *len)
{
    size_t cap = 1 << 16, got;
    char *text = malloc(cap);
    *len = 0;
    while (text != NULL && (got = fread(text + *len, 1, cap - *len, stdin)) > 0) {
        *len += got;
        if (*len == cap)
            text = realloc(text, cap *= 2);
    }
    return text;
}

int main(void)
{
    struct dagger_instance *gofmt;
    size_t len;
    char *text = read_all(&len);
    int32_t address, result, size;
    if (text == NULL || len > INT32_MAX)
        return 1;
    if (dagger_instance_new(&gofmt_module, NULL, &gofmt) != 0)
        return fail("no instance");
    if (gofmt_alloc(gofmt, (int32_t)len, &address) != 0 ||
        dagger_memory_write(gofmt, (uint32_t)address, text, len) != 0 ||
        gofmt_format(gofmt, &result) != 0)
        return fail("formatting");
    const char *formatted = text;
    size = (int32_t)len;
    if (result != UNCHANGED) {
        if (gofmt_output_ptr(gofmt, &address) != 0 || gofmt_output_len(gofmt, &size) != 0)
            return fail("output");
        formatted = dagger_memory_at(gofmt, (uint32_t)address, (uint32_t)size);
        if (formatted == NULL)
            return fail("output");
    }
    fwrite(formatted, 1, (size_t)size, result > FORMATTED || result < 0 ? stderr : stdout);
    free(text);
    return dagger_instance_free(gofmt) != 0 || result > FORMATTED || result < 0;
}
