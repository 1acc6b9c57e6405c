/* Talks to the peer that the first argument names, tcp://host:port or tcp+tls://host:port: sends it
 * standard input, then prints what it says. */
#include <dagger.h>

static char url[4096], block[65536];

int dagger_main(void)
{
    int in = dagger_open_url("stdin://");
    int out = dagger_open_url("stdout://");
    int argument = dagger_open_url("args://1");
    if (in < 0 || out < 0)
        return 1;
    int len = argument < 0 ? argument : dagger_read_all(argument, url, sizeof url - 1);
    if (len < 0)
        return dagger_fail("the URL of a peer", len);

    int peer = dagger_open(url, (unsigned)len);
    if (peer < 0)
        return dagger_fail(url, peer);
    int n, error = 0;
    while (!error && (n = dagger_read(in, block, sizeof block)) > 0)
        error = dagger_write_all(peer, block, (unsigned)n);
    if (error)
        return dagger_fail(url, error);
    if (n < 0)
        return dagger_fail("stdin", n);

    /* The first read sends what was gathered. */
    while ((n = dagger_read(peer, block, sizeof block)) > 0)
        dagger_write_all(out, block, (unsigned)n);
    if (n < 0)
        return dagger_fail(url, n);
    dagger_close(peer);
    return dagger_close(out) < 0;
}
