/* Prints the value of the variable that the first argument names. Which variables a guest may see
 * is for its user to say; all others are not there. */
#include <dagger.h>

static char url[4096] = "env://";
static char block[4096];

int dagger_main(void)
{
    int out = dagger_open_url("stdout://");
    int argument = dagger_open_url("args://1");
    if (out < 0)
        return 1;
    if (argument < 0)
        return dagger_fail("the name of a variable", argument);
    unsigned scheme = dagger_length(url);
    int len = dagger_read_all(argument, url + scheme, sizeof url - scheme - 1);
    if (len < 0)
        return dagger_fail("args", len);

    int value = dagger_open_url(url);
    if (value < 0)
        return dagger_fail(url + scheme, value);
    int n;
    while ((n = dagger_read(value, block, sizeof block)) > 0)
        dagger_write_all(out, block, (unsigned)n);
    dagger_puts(out, "\n");
    return dagger_close(out) < 0;
}
