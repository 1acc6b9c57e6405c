/* The same web server as inetd.c, but one that stays: it takes one connection after the other from
 * the socket that whoever starts it hands over, systemd or systemd-socket-activate. */
#include "http.h"

int dagger_main(void)
{
    for (;;) {
        int peer = dagger_open_url("listen://");
        if (peer < 0)
            return dagger_fail("listen://", peer);
        http_serve(peer, peer);
        dagger_close(peer); /* whatever became of it is the peer's concern */
    }
}
