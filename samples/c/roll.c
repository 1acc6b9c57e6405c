/* Rolls five dice. random:// is the kernel's source; a byte of 252 and above is thrown away, so
 * that each face is as likely as another. */
#include <dagger.h>

int dagger_main(void)
{
    int out = dagger_open_url("stdout://");
    int dice = dagger_open_url("random://");
    if (out < 0)
        return 1;
    if (dice < 0)
        return dagger_fail("random", dice);

    for (int rolled = 0; rolled < 5;) {
        unsigned char byte;
        int n = dagger_read(dice, &byte, 1);
        if (n < 0)
            return dagger_fail("random", n);
        if (byte >= 252)
            continue;
        dagger_put_int(out, byte % 6 + 1);
        dagger_puts(out, ++rolled < 5 ? " " : "\n");
    }
    return dagger_close(out) < 0;
}
