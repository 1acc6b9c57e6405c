/* sock_* on a connection of the stream tcp://; its port is the argument. The other end sends
 * 0123456789 and expects "sent". */
#include "files.h"

__attribute__((import_module("dagger"), import_name("open"))) int dagger_open(const char *url,
                                                                              u32 len);

static char data[64];
static u32 fd, done;
static uint16_t flags;

CASE(connect)
{
    static char url[32] = "tcp://127.0.0.1:";
    char *argv[2], text[256];
    u32 count, size;
    OK(wasi_args_sizes_get(&count, &size));
    TRUE(count == 2 && size <= sizeof text);
    OK(wasi_args_get(argv, text));
    u32 len = length(url), more = length(argv[1]);
    __builtin_memcpy(url + len, argv[1], more);
    int sd = dagger_open(url, len + more);
    TRUE(sd > 2);
    fd = (u32)sd;
}

CASE(type)
{
    struct wasi_fdstat stat;
    OK(wasi_fd_fdstat_get(fd, &stat));
    EQUAL(stat.type, TYPE_SOCKET_STREAM);
}

CASE(flags_are_not_known)
{
    struct wasi_iovec to = {data, 4};
    EITHER(wasi_sock_recv(fd, &to, 1, RECV_PEEK, &done, &flags), NOTSUP, INVAL);
    EITHER(wasi_sock_recv(fd, &to, 1, 4, &done, &flags), NOTSUP, INVAL);
    EITHER(wasi_sock_send(fd, &to, 1, 1, &done), INVAL, NOTSUP);
    EXPECT(wasi_sock_shutdown(fd, 0), INVAL);
    EXPECT(wasi_sock_shutdown(fd, 4), INVAL);
}

CASE(receive)
{
    struct wasi_iovec to = {data, 4};
    flags = 7;
    OK(wasi_sock_recv(fd, &to, 1, 0, &done, &flags));
    TRUE(done >= 1 && done <= 4 && same(data, "0123", done));
    EQUAL(flags, 0);
}

CASE(receive_by_read)
{
    u32 all = done;
    while (all < 10) {
        OK(read_some(fd, data + all, sizeof data - all, &done));
        TRUE(done > 0);
        all += done;
    }
    TRUE(same(data, "0123456789", 10));
}

CASE(accept_on_a_connection)
{
    u32 other;
    EITHER(wasi_sock_accept(fd, 0, &other), INVAL, NOTCAPABLE);
}

CASE(no_position)
{
    u64 at;
    EITHER(wasi_fd_seek(fd, 0, WHENCE_CUR, &at), SPIPE, NOTCAPABLE);
}

CASE(send)
{
    struct wasi_iovec two[] = {{"se", 2}, {"nt", 2}};
    OK(wasi_sock_send(fd, two, 2, 0, &done));
    EQUAL(done, 4);
}

CASE(shutdown)
{
    OK(wasi_sock_shutdown(fd, SHUT_WRITE));
    OK(wasi_fd_close(fd));
    EXPECT(wasi_sock_shutdown(fd, SHUT_WRITE), BADF);
}

MAIN();
