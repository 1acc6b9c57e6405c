/* sock_accept, sock_recv, sock_send, sock_shutdown on what is no socket. */
#include "files.h"

static char data[8];
static struct wasi_iovec vector = {data, sizeof data};
static u32 fd, done;
static uint16_t flags;

#define NO_SOCKET(of)                                                                              \
    do {                                                                                           \
        EXPECT(wasi_sock_accept(of, 0, &done), NOTSOCK);                                           \
        EXPECT(wasi_sock_recv(of, &vector, 1, 0, &done, &flags), NOTSOCK);                         \
        EXPECT(wasi_sock_send(of, &vector, 1, 0, &done), NOTSOCK);                                 \
        EXPECT(wasi_sock_shutdown(of, SHUT_READ), NOTSOCK);                                        \
    } while (0)

CASE(file)
{
    OK(open_as(ROOT, "file", 0, FILE_RIGHTS, &fd));
    NO_SOCKET(fd);
    OK(wasi_fd_close(fd));
    OK(has_text("file", "0123456789"));
}

CASE(folder)
{
    NO_SOCKET(ROOT);
}

CASE(pipe)
{
    NO_SOCKET(STDIN);
    NO_SOCKET(STDOUT);
}

MAIN();
