/* Standard input to standard output, 128 KiB at a time, as coreutils cat does. */
#include "dagger.h"

static char buffer[128 << 10];

__attribute__((export_name("dagger_main"))) int dagger_main(void)
{
    int in = dagger_open("stdin://", 8), out = dagger_open("stdout://", 9), n;
    while ((n = dagger_read(in, buffer, sizeof buffer)) > 0)
        if (dagger_write(out, buffer, n) != n)
            return 1;
    return n != 0;
}
