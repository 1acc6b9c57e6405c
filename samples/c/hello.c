/* The smallest guest: one stream, one write. */
#include <dagger.h>

int dagger_main(void)
{
    int out = dagger_open_url("stdout://");
    if (out < 0)
        return 1;
    int error = dagger_puts(out, "hello from C\n");
    return error < 0;
}
