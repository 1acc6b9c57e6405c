#include "std_fixture.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <criterion/criterion.h>

static void replace(int fd, int by)
{
    cr_assert_eq(dup2(by, fd), fd);
    close(by);
}

int std_pipe(int fd)
{
    int ends[2];
    cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
    replace(fd, ends[fd ? 1 : 0]);
    return ends[fd ? 0 : 1];
}

int std_terminal(int fd)
{
    int master, slave;
    struct termios settings;
    cr_assert_eq(openpty(&master, &slave, NULL, NULL, NULL), 0);
    cr_assert_eq(tcgetattr(slave, &settings), 0);
    settings.c_oflag &= ~(tcflag_t)OPOST;
    settings.c_lflag &= ~(tcflag_t)ECHO;
    cr_assert_eq(tcsetattr(slave, TCSANOW, &settings), 0);
    replace(fd, slave);
    return master;
}

int std_packets(int fd)
{
    int ends[2];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    replace(fd, ends[0]);
    return ends[1];
}

void std_file(int fd)
{
    int file = memfd_create("standard", 0);
    cr_assert_geq(file, 0);
    replace(fd, file);
}

void std_path(int fd, const char *path, int flags)
{
    int file = open(path, flags);
    cr_assert_geq(file, 0, "%s", path);
    replace(fd, file);
}

int std_open_error(const char *url)
{
    struct dagger_host host = {0};
    struct dagger_stream *stream;
    return dagger_stream_open(&host, url, strlen(url), &stream);
}

struct dagger_stream *std_stream(const char *url)
{
    struct dagger_host host = {0};
    struct dagger_stream *stream = NULL;
    cr_assert_eq(dagger_stream_open(&host, url, strlen(url), &stream), 0, "%s", url);
    return stream;
}

const char *std_arrived(int fd)
{
    static char text[1 << 17];
    size_t len = 0;
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    while (len + 1 < sizeof text && poll(&ready, 1, 0) == 1 && (ready.revents & POLLIN)) {
        ssize_t count = read(fd, text + len, sizeof text - 1 - len);
        if (count <= 0)
            break;
        len += (size_t)count;
    }
    text[len] = '\0';
    return text;
}
