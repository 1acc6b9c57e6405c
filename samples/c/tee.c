/* Copies stdin:// to stdout:// and to file:///tee.out. */
#include <dagger.h>

static char block[65536];

int dagger_main(void)
{
    int in = dagger_open_url("stdin://");
    int out = dagger_open_url("stdout://");
    int file = dagger_open_url("file:///tee.out?mode=w");
    if (in < 0 || out < 0)
        return 1;
    if (file < 0)
        return dagger_fail("tee.out", file);

    int n;
    while ((n = dagger_read(in, block, sizeof block)) > 0) {
        int error = dagger_write_all(out, block, (unsigned)n);
        if (error < 0)
            return dagger_fail("stdout", error);
        error = dagger_write_all(file, block, (unsigned)n);
        if (error < 0)
            return dagger_fail("tee.out", error);
    }
    if (n < 0)
        return dagger_fail("stdin", n);
    int error = dagger_close(file);
    return error < 0 ? dagger_fail("tee.out", error) : 0;
}
