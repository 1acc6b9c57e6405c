/* Prints the program's arguments, but for its own name, with a blank between them. args://N is the
 * N-th; there are no more when it is not there. */
#include <dagger.h>

static char url[16], block[4096];

/* Makes `url` the URL of argument `n`, less than 10000. */
static unsigned name(unsigned n)
{
    unsigned len = 0, scale = 1000;
    for (const char *from = "args://"; *from; from++)
        url[len++] = *from;
    while (scale > 1 && n < scale)
        scale /= 10;
    for (; scale > 0; scale /= 10)
        url[len++] = (char)('0' + n / scale % 10);
    return len;
}

int dagger_main(void)
{
    int out = dagger_open_url("stdout://");
    if (out < 0)
        return 1;
    for (unsigned i = 1; i < 10000; i++) {
        int argument = dagger_open(url, name(i));
        if (argument == DAGGER_NOENT)
            break;
        if (argument < 0)
            return dagger_fail("args", argument);
        if (i > 1)
            dagger_puts(out, " ");
        int n;
        while ((n = dagger_read(argument, block, sizeof block)) > 0)
            dagger_write_all(out, block, (unsigned)n);
        dagger_close(argument);
    }
    dagger_puts(out, "\n");
    return dagger_close(out) < 0;
}
