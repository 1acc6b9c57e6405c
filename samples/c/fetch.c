/* A small http client: the first line of stdin:// is a URL; prints the response's status line and
 * its body. An http:// stream carries a whole request and a whole response message; opened and read
 * without a write, it is a GET of its URL. */
#include <dagger.h>

static char url[8192];
static char line[8192];
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

    int web = dagger_open(url, (unsigned)len);
    if (web < 0)
        return dagger_fail(url, web);

    len = dagger_read_line(web, line, sizeof line);
    if (len < 0)
        return dagger_fail(url, len);
    dagger_puts(out, line);
    dagger_puts(out, "\n\n");

    /* The headers end at an empty line; a line's CR is still there. */
    do {
        len = dagger_read_line(web, line, sizeof line);
        if (len < 0)
            return dagger_fail(url, len);
    } while (len > 0 && line[0] != '\r');

    int n;
    while ((n = dagger_read(web, block, sizeof block)) > 0) {
        int error = dagger_write_all(out, block, (unsigned)n);
        if (error < 0)
            return dagger_fail("stdout", error);
    }
    if (n < 0)
        return dagger_fail(url, n);
    return dagger_close(web) < 0;
}
