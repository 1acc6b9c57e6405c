/* Copies to stdout:// the stream whose URL is the first line of stdin://, or the rest of stdin://
 * if that line is empty. A guest has no arguments: what it works on comes by a stream. */
#include <dagger.h>

static char url[8192];
static char block[65536];

int dagger_main(void)
{
    int in = dagger_open_url("stdin://");
    int out = dagger_open_url("stdout://");
    if (in < 0 || out < 0)
        return 1;

    int len = dagger_read_line(in, url, sizeof url);
    if (len < 0)
        return dagger_fail("stdin", len);
    if (len > 0)
        in = dagger_open(url, (unsigned)len);
    const char *source = len > 0 ? url : "stdin";
    if (in < 0)
        return dagger_fail(source, in);

    for (;;) {
        int n = dagger_read(in, block, sizeof block);
        if (n < 0)
            return dagger_fail(source, n);
        if (n == 0)
            break;
        int error = dagger_write_all(out, block, (unsigned)n);
        if (error < 0)
            return dagger_fail("stdout", error);
    }
    int error = dagger_close(out);
    return error < 0 ? dagger_fail("stdout", error) : 0;
}
