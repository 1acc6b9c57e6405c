/* What of the host a guest's process needs while the guest runs: the sandbox leaves no more
 * (docs/sandbox.md).
 */
#ifndef DAGGER_NEEDS_H
#define DAGGER_NEEDS_H

#include <stdbool.h>
#include <stdint.h>

struct dagger_needs {
    bool root_read, root_write; /* file://, beneath the root */
    bool directories;           /* WASI's pre-opened directories, each as it was given */
    bool network;               /* http(s), tcp and gopher(s) */
    bool listen;                /* tcp+listen */
    bool inherited;             /* listen, and WASI's sockets that were handed over */
    /* The TCP ports that may be connected to, with network, and listened at, with listen: in host
     * order, 0 behind the last; NULL: any. */
    const uint16_t *ports, *listen_ports;
};

#endif
