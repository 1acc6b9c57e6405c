#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"
#include "embed.h"

/* Names of the runtime, and what C takes for itself. */
static bool is_taken(const char *prefix)
{
    static const char *const taken[] = {"dagger", "wasm_rt", "w2c", "wasm2c"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strncmp(prefix, taken[i], strlen(taken[i])) == 0)
            return true;
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int embed_name(const char *output, char **header, char **prefix)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    enum { LONGEST = 100 };
    const char *slash = strrchr(output, '/');
    const char *name = slash != NULL ? slash + 1 : output;
    int folder = (int)(name - output);
    if (strncmp(name, "lib", 3) == 0)
        name += 3;
    size_t len = strlen(name);
    bool good = len > 2 && strcmp(name + len - 2, ".a") == 0 && strspn(name, plain) == len &&
                is_letter(name[0]) && len <= LONGEST;
    if (good) {
        *header = alloc_format("%.*s%.*s.h", folder, output, (int)len - 2, name);
        *prefix = alloc_format("%.*s", (int)len - 2, name);
        for (char *c = *prefix; *c != 0; c++)
            if (*c == '-' || *c == '.')
                *c = '_';
        if (!is_taken(*prefix))
            return 0;
        free(*header);
        free(*prefix);
        *header = *prefix = NULL;
        diag_error("names that begin with dagger, w2c or wasm belong to the runtime");
    } else {
        diag_error("--emit=archive names a header and C functions after its output, which must be "
                   "[lib]NAME.a, NAME a letter and then letters, digits, '_', '-' and '.'");
    }
    diag_note("-o libNAME.a gives another name");
    return -1;
}
