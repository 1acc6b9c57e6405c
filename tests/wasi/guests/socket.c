/* Standard input is a connected socket; the other end sent 0123456789 and waits for what we send.
 */
#include "files.h"

static char data[64];
static struct wasi_iovec vector = {data, 4};
static u32 done;
static uint16_t flags;

CASE(type)
{
    struct wasi_fdstat stat;
    OK(wasi_fd_fdstat_get(STDIN, &stat));
    EQUAL(stat.type, TYPE_SOCKET_STREAM);
}

CASE(unknown_flags)
{
    EXPECT(wasi_sock_recv(STDIN, &vector, 1, 4, &done, &flags), INVAL);
    EXPECT(wasi_sock_send(STDIN, &vector, 1, 1, &done), INVAL);
    EXPECT(wasi_sock_shutdown(STDIN, 0), INVAL);
    EXPECT(wasi_sock_shutdown(STDIN, 4), INVAL);
}

CASE(peek)
{
    OK(wasi_sock_recv(STDIN, &vector, 1, RECV_PEEK, &done, &flags));
    TRUE(done == 4 && same(data, "0123", 4));
    EQUAL(flags, 0);
}

CASE(receive)
{
    OK(wasi_sock_recv(STDIN, &vector, 1, 0, &done, &flags));
    TRUE(done == 4 && same(data, "0123", 4));
}

CASE(receive_all)
{
    struct wasi_iovec two[] = {{data, 2}, {data + 8, 2}};
    OK(wasi_sock_recv(STDIN, two, 2, RECV_WAITALL, &done, &flags));
    TRUE(done == 4 && same(data, "45", 2) && same(data + 8, "67", 2));
}

CASE(read_is_receive)
{
    OK(read_some(STDIN, data, sizeof data, &done));
    TRUE(done == 2 && same(data, "89", 2));
}

CASE(send)
{
    struct wasi_iovec two[] = {{"se", 2}, {"nt", 2}};
    OK(wasi_sock_send(STDIN, two, 2, 0, &done));
    EQUAL(done, 4);
}

CASE(no_position)
{
    u64 at;
    EXPECT(wasi_fd_seek(STDIN, 0, WHENCE_CUR, &at), SPIPE);
}

CASE(accept_on_a_connection)
{
    EITHER(wasi_sock_accept(STDIN, 0, &done), INVAL, NOTSUP);
}

CASE(shutdown)
{
    OK(wasi_sock_shutdown(STDIN, SHUT_WRITE));
    vector.data = "x";
    vector.len = 1;
    EXPECT(wasi_sock_send(STDIN, &vector, 1, 0, &done), PIPE);
    vector.data = data;
    OK(wasi_sock_shutdown(STDIN, SHUT_READ));
    OK(wasi_sock_recv(STDIN, &vector, 1, 0, &done, &flags));
    EQUAL(done, 0);
}

MAIN();
