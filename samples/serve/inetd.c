/* A web server of one request, as inetd starts it: the connection is its standard input and output.
 * tcpserver, systemd-socket-activate --inetd and systemd's Accept=yes do the same. */
#include "http.h"

int dagger_main(void)
{
    int in = dagger_open_url("stdin://"), out = dagger_open_url("stdout://");
    if (in < 0 || out < 0)
        return 1;
    return http_serve(in, out) < 0;
}
