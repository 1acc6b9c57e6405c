/* Standard input is a socket that listens; one client has connected, and sent "from a client". */
#include "files.h"

static char data[64];
static u32 fd, done;

CASE(unknown_flags)
{
    EXPECT(wasi_sock_accept(STDIN, 32, &fd), INVAL);
}

CASE(accept)
{
    OK(wasi_sock_accept(STDIN, 0, &fd));
    TRUE(fd > ROOT);
    OK(read_some(fd, data, sizeof data, &done));
    TRUE(done == 13 && same(data, "from a client", 13));
    OK(write_text(fd, "to a client"));
}

CASE(accept_that_must_not_wait)
{
    u32 other;
    OK(wasi_fd_fdstat_set_flags(STDIN, FD_NONBLOCK));
    EXPECT(wasi_sock_accept(STDIN, 0, &other), AGAIN);
}

CASE(close_what_was_accepted)
{
    OK(wasi_fd_close(fd));
    EXPECT(wasi_fd_close(fd), BADF);
}

MAIN();
