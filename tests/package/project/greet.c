/* Says what words.c has, and what the policy says to another stream. */
#include <dagger.h>

#include "words.h"

int dagger_main(void)
{
    int out = dagger_open_url("stdout://");
    int zero = dagger_open_url("zero://");
    dagger_puts(out, words);
    dagger_puts(out, zero < 0 ? dagger_error_name(zero) : "open");
    return dagger_puts(out, "\n") < 0;
}
