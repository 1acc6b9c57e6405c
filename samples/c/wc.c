/* Counts lines, words and bytes of stdin://, as wc does. */
#include <dagger.h>

static char block[65536];

static int is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

int dagger_main(void)
{
    long long lines = 0, words = 0, bytes = 0;
    int in_word = 0;
    int in = dagger_open_url("stdin://");
    int out = dagger_open_url("stdout://");
    if (in < 0 || out < 0)
        return 1;

    int n;
    while ((n = dagger_read(in, block, sizeof block)) > 0) {
        bytes += n;
        for (int i = 0; i < n; i++) {
            lines += block[i] == '\n';
            words += !in_word && !is_space(block[i]);
            in_word = !is_space(block[i]);
        }
    }
    if (n < 0)
        return dagger_fail("stdin", n);

    dagger_put_int(out, lines);
    dagger_puts(out, " ");
    dagger_put_int(out, words);
    dagger_puts(out, " ");
    dagger_put_int(out, bytes);
    return dagger_puts(out, "\n") < 0;
}
