/* Records: prefixes, lines, control bytes, and an attempt at forging one. */
#include <dagger.h>

static char big[3000];

int dagger_main(void)
{
    int plain = dagger_open_url("log://");
    int named = dagger_open_url("log://?prefix=name");
    int coded = dagger_open_url("log://?prefix=a%20b%0A%1b");
    dagger_puts(plain, "plain");
    dagger_puts(named, "one\ntwo\n");
    dagger_puts(named, "\n");
    dagger_puts(named, "tab\tbell\a escape\033[2J return\r2026-01-01T00:00:00.000Z other: forged");
    dagger_puts(named, "delete\x7f, C1 \xc2\x9b, not UTF-8 \xff, UTF-8 \xc3\xa9");
    dagger_puts(coded, "coded");
    for (unsigned i = 0; i < sizeof big; i++)
        big[i] = 'b';
    dagger_write(plain, big, sizeof big);
    return 0;
}
