/* Ten million one-byte writes to standard output: the cost of a call. With -DNATIVE the same by
 * stdio's fwrite, with -DPUTCHAR too by the cheapest there is. */
#define COUNT 10000000
#ifdef NATIVE
#include <stdio.h>
#ifdef PUTCHAR
#define WRITE(c) putchar(c)
#else
#define WRITE(c) fwrite(&c, 1, 1, stdout)
#endif
int main(void)
{
    for (int i = 0; i < COUNT; i++) {
        char c = (char)('a' + i % 26);
        WRITE(c);
    }
    return 0;
}
#else
#include "dagger.h"
__attribute__((export_name("dagger_main"))) int dagger_main(void)
{
    int out = dagger_open("stdout://", 9);
    for (int i = 0; i < COUNT; i++) {
        char c = (char)('a' + i % 26);
        if (dagger_write(out, &c, 1) != 1)
            return 1;
    }
    return 0;
}
#endif
