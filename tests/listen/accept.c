/* A guest of WASI that serves by accept(): each connection of the socket that is descriptor 3 gets
 * what it says in capitals, until one says "end". First it says what it found. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wasi/api.h>

enum { LISTENER = 3 };

static void look(void)
{
    const char *number = getenv("LISTEN_FDS");
    printf("LISTEN_FDS %s\n", number ? number : "none");
    for (int fd = LISTENER; fd < LISTENER + 4; fd++) {
        __wasi_fdstat_t stat;
        __wasi_prestat_t prestat;
        if (__wasi_fd_fdstat_get(fd, &stat) != 0)
            break;
        printf("%d type %d flags %d %s %s\n", fd, stat.fs_filetype, stat.fs_flags,
               stat.fs_rights_base & __WASI_RIGHTS_SOCK_ACCEPT ? "accepts" : "does not accept",
               __wasi_fd_prestat_get(fd, &prestat) == 0 ? "is preopened" : "is not");
    }
    char byte;
    int none = accept(LISTENER, NULL, NULL);
    printf("accept %s\n", none < 0 ? strerror(errno) : "gave one");
    if (none >= 0)
        exit(1);
    printf("read %s\n", read(LISTENER, &byte, 1) < 0 ? "fails" : "does not");
    fflush(stdout);
}

static void wait_for(int fd, short events)
{
    struct pollfd wait = {.fd = fd, .events = events};
    if (poll(&wait, 1, -1) != 1 || !(wait.revents & events))
        exit(2);
}

/* Waits by poll() only. Returns whether to go on. */
static int serve(int peer)
{
    char text[256];
    ssize_t len;
    while ((len = recv(peer, text, sizeof text, 0)) < 0 && errno == EAGAIN)
        wait_for(peer, POLLIN);
    for (ssize_t i = 0; i < len; i++)
        text[i] = (char)toupper(text[i]);
    if (len > 0 && send(peer, text, (size_t)len, 0) != len)
        exit(3);
    shutdown(peer, SHUT_WR);
    close(peer);
    return len != 3 || memcmp(text, "END", 3) != 0;
}

int main(void)
{
    int peer;
    if (fcntl(LISTENER, F_SETFL, O_NONBLOCK) != 0)
        printf("no flags: %s\n", strerror(errno));
    look();
    if (!getenv("LISTEN_FDS"))
        return 0;
    do {
        wait_for(LISTENER, POLLIN);
        peer = accept4(LISTENER, NULL, NULL, SOCK_NONBLOCK);
        if (peer < 0)
            exit(4);
    } while (serve(peer));
    return 0;
}
