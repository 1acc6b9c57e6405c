/* tcp+listen:// against clients in the same process: what the kernel does by itself needs no
 * thread. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "faults.h"
#include "streams/listen.h"
#include "streams/node.h"

static struct dagger_host host = {.idle_timeout_ms = 20};
static char url[DAGGER_LISTEN_URL_MAX];

/* Errors that accept4() gives before it does what it is for; 0 behind the last. */
static const int *accept_errors;
int __real_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags);
int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags);

int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
    if (!accept_errors || !*accept_errors)
        return __real_accept4(fd, address, len, flags);
    errno = *accept_errors++;
    return -1;
}

static int announce(const char *text)
{
    return dagger_listen_announce(&host, text, strlen(text), url, sizeof url);
}

static void listen_at_a_free_port(void)
{
    signal(SIGPIPE, SIG_IGN); /* as the runtime does */
    cr_assert_eq(announce("tcp+listen://127.0.0.1:0"), 0);
}

TestSuite(listen, .init = listen_at_a_free_port);

static struct sockaddr_in address_of(const char *text)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    address.sin_port = htons((uint16_t)strtol(strrchr(text, ':') + 1, NULL, 10));
    return address;
}

static int client(void)
{
    struct sockaddr_in address = address_of(url);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void reset(int fd)
{
    struct linger none = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close(fd);
}

static int open_error(const char *text)
{
    struct dagger_stream *stream = NULL;
    int error = dagger_stream_open(&host, text, strlen(text), &stream);
    cr_assert_neq(error, 0, "%s", text);
    cr_expect_null(stream);
    return error;
}

/* The next connection, which has to be there. */
static struct dagger_stream *next(const char *text)
{
    char now[sizeof url + sizeof "?timeout=0"];
    struct dagger_stream *stream;
    snprintf(now, sizeof now, "%s?timeout=0", text);
    cr_assert_eq(dagger_stream_open(&host, now, strlen(now), &stream), 0, "%s", now);
    return stream;
}

static int64_t read_from(struct dagger_stream *stream, char text[64])
{
    memset(text, 0, 64);
    return dagger_stream_read(stream, text, 63);
}

Test(listen, a_conversation)
{
    char text[64];
    int peer = client();
    struct dagger_stream *stream = next(url);
    cr_expect_eq(send(peer, "hello", 5, 0), 5);
    cr_expect_eq(read_from(stream, text), 5);
    cr_expect_str_eq(text, "hello");
    cr_expect_eq(dagger_stream_write(stream, "answer", 6), 6);
    cr_expect_eq(recv(peer, text, sizeof text, MSG_DONTWAIT), -1, "it is gathered");
    cr_expect_eq(read_from(stream, text), DAGGER_TIMEOUT);
    cr_expect_eq(recv(peer, text, sizeof text, MSG_DONTWAIT), 6, "a read sends it");
    shutdown(peer, SHUT_WR);
    cr_expect_eq(read_from(stream, text), 0);
    cr_expect_eq(dagger_stream_write(stream, "bye", 3), 3);
    cr_expect_eq(dagger_stream_close(stream, DAGGER_END_NORMAL), 0);
    cr_expect_eq(recv(peer, text, sizeof text, 0), 3);
    cr_expect_eq(recv(peer, text, sizeof text, 0), 0);
}

Test(listen, one_socket_by_all_its_names)
{
    char other[64];
    const char *port = strrchr(url, ':');
    const char *hosts[] = {"127.0.0.1", "localhost", "LOCALHOST", "[::ffff:127.0.0.1]",
                           "[::FFFF:7f00:1]"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        snprintf(other, sizeof other, "tcp+listen://%s%s", hosts[i], port);
        close(client());
        dagger_stream_close(next(other), DAGGER_END_NORMAL);
    }
    close(client());
    dagger_stream_close(next("tcp+listen://127.0.0.1:0"), DAGGER_END_NORMAL);
    cr_expect(dagger_listen_address(0, other, sizeof other));
    cr_expect_str_eq(other, url);
    cr_expect_not(dagger_listen_address(1, other, sizeof other));
    cr_expect_not(dagger_listen_address(0, other, 5));
}

Test(listen, connections_in_their_order)
{
    char text[64];
    int first = client(), second = client();
    cr_expect_eq(send(first, "1", 1, 0), 1);
    cr_expect_eq(send(second, "2", 1, 0), 1);
    struct dagger_stream *one = next(url), *two = next(url);
    cr_expect_eq(read_from(two, text), 1);
    cr_expect_str_eq(text, "2");
    cr_expect_eq(read_from(one, text), 1);
    cr_expect_str_eq(text, "1");
    dagger_stream_close(one, DAGGER_END_NORMAL);
    dagger_stream_close(two, DAGGER_END_NORMAL);
}

Test(listen, timeouts)
{
    char text[sizeof url + 32];
    snprintf(text, sizeof text, "%s?timeout=0", url);
    cr_expect_eq(open_error(text), DAGGER_TIMEOUT);
    snprintf(text, sizeof text, "%s?timeout=5", url);
    cr_expect_eq(open_error(text), DAGGER_TIMEOUT);
    faults.poll_error = EINTR; /* a busy timer may not make it endless */
    faults.poll_calls = 0;
    cr_expect_eq(open_error(text), DAGGER_TIMEOUT);
    cr_expect_gt(faults.poll_calls, 1);
}

/* Without an end, but for that of the process. */
Test(listen, stopped)
{
    faults.poll_error = EINTR;
    dagger_streams_stop = 1;
    cr_expect_eq(open_error(url), DAGGER_TIMEOUT);
    dagger_streams_stop = 0;
    faults.poll_error = ENOMEM;
    cr_expect_eq(open_error(url), DAGGER_NOMEM);
}

Test(listen, urls)
{
    static const char *const bad[] = {
        "",
        "127.0.0.1",
        "127.0.0.1:",
        ":80",
        "*:80",
        "example.com:80",
        "localhost.:80",
        "127.1:80",
        "0x7f.0.0.1:80",
        "127.0.0.%31:80",
        "1271271271271271.0.0.1:80",
        "127.0.0.1:80/",
        "127.0.0.1:80#",
        "u@127.0.0.1:80",
        "127.0.0.1:80?timeout",
        "127.0.0.1:80?timeout=",
        "127.0.0.1:80?timeout=-1",
        "127.0.0.1:80?timeout=01",
        "127.0.0.1:80?timeout=1&timeout=1",
        "127.0.0.1:80?backlog=1",
        "127.0.0.1:80?timeout=1&x",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[64];
        snprintf(text, sizeof text, "tcp+listen://%s", bad[i]);
        cr_expect_eq(open_error(text), DAGGER_BADINPUT, "%s", text);
        cr_expect_eq(announce(text), DAGGER_BADINPUT, "%s", text);
    }
    cr_expect_eq(open_error("tcp+listen://127.0.0.1:65536"), DAGGER_BADURL);
    cr_expect_eq(announce("tcp+listen://127.0.0.1:65536"), DAGGER_BADURL);
    cr_expect_eq(announce("tcp://127.0.0.1:80"), DAGGER_BADINPUT);
    char little[5];
    cr_expect_eq(dagger_listen_announce(&host, url, strlen(url), little, sizeof little),
                 DAGGER_BADINPUT);
    cr_expect_eq(dagger_listen_announce(&host, url, strlen(url), NULL, 0), 0);
}

Test(listen, somebody_else_listens)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    char text[64];
    int other = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(bind(other, (struct sockaddr *)&address, len), 0);
    cr_assert_eq(listen(other, 1), 0);
    cr_assert_eq(getsockname(other, (struct sockaddr *)&address, &len), 0);
    snprintf(text, sizeof text, "tcp+listen://127.0.0.1:%d", ntohs(address.sin_port));
    cr_expect_eq(open_error(text), DAGGER_EXIST);
    close(other);
    cr_expect_eq(announce(text), 0, "nothing is left of the attempt");
}

Test(listen, an_address_of_others)
{
    cr_expect_eq(open_error("tcp+listen://192.0.2.1:80"), DAGGER_NOENT);
}

static bool deny(const struct dagger_host *asked, const struct dagger_url *denied)
{
    (void)asked;
    return !strstr(denied->text, "127.0.0.2");
}

Test(listen, policy)
{
    host.allowed = deny;
    cr_expect_eq(announce("tcp+listen://127.0.0.2:0"), DAGGER_PERM);
    cr_expect_eq(open_error("tcp+listen://127.0.0.2:0?timeout=0"), DAGGER_PERM);
    cr_expect_eq(announce("tcp+listen://127.0.0.1:0"), 0);
    host.allowed = NULL;
}

Test(listen, too_many_addresses)
{
    char text[64];
    for (int i = 2; i <= DAGGER_LISTEN_MAX + 1; i++) {
        snprintf(text, sizeof text, "tcp+listen://127.0.0.%d:0", i);
        cr_expect_eq(announce(text), i <= DAGGER_LISTEN_MAX ? 0 : DAGGER_TOOMANY, "%s", text);
    }
    cr_expect_eq(announce("tcp+listen://127.0.0.1:0"), 0);
}

/* The connection waits until there is one. */
Test(listen, no_descriptor)
{
    struct rlimit limit, none;
    int peer = client();
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = (rlim_t)peer + 1;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    int error = open_error(url), other = announce("tcp+listen://127.0.0.3:0");
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    cr_expect_eq(error, DAGGER_TOOMANY);
    cr_expect_eq(other, DAGGER_TOOMANY);
    listen_at_a_free_port();
    dagger_stream_close(next(url), DAGGER_END_NORMAL);
    char byte;
    cr_expect_eq(recv(peer, &byte, 1, 0), 0);
}

Test(listen, no_memory)
{
    char byte;
    int peer = client();
    faults.no_memory = true;
    cr_expect_eq(open_error(url), DAGGER_NOMEM);
    faults.no_memory = false;
    cr_expect_eq(recv(peer, &byte, 1, 0), 0, "it is not left open");
}

Test(listen, connections_that_are_over_before_they_are_taken)
{
    static const int errors[] = {ECONNABORTED, EPROTO, ENETDOWN, EINTR, 0};
    close(client());
    accept_errors = errors;
    dagger_stream_close(next(url), DAGGER_END_NORMAL);
    cr_expect_eq(*accept_errors, 0);
}

Test(listen, a_peer_that_resets)
{
    char text[64];
    reset(client());
    struct dagger_stream *stream = next(url);
    cr_expect_eq(read_from(stream, text), DAGGER_IO);
    cr_expect_eq(read_from(stream, text), DAGGER_IO);
    cr_expect_eq(dagger_stream_write(stream, "x", 1), 1);
    cr_expect_eq(dagger_stream_flush(stream), DAGGER_PIPE);
    cr_expect_eq(dagger_stream_write(stream, "x", 1), DAGGER_PIPE);
    cr_expect_eq(dagger_stream_close(stream, DAGGER_END_NORMAL), 0);
}

Test(listen, a_peer_that_takes_nothing)
{
    static char much[1 << 20];
    int peer = client();
    struct dagger_stream *stream = next(url);
    int64_t count;
    while ((count = dagger_stream_write(stream, much, sizeof much)) > 0)
        continue;
    cr_expect_eq(count, DAGGER_TIMEOUT);
    cr_expect_eq(send(peer, "on", 2, 0), 2);
    cr_expect_eq(read_from(stream, much), 2, "but what it says can be read");
    dagger_stream_close(stream, DAGGER_END_NORMAL);
}

Test(listen, all_addresses_are_of_both_families)
{
    int error = announce("tcp+listen://[::]:0");
    if (error == DAGGER_NOTSUP)
        return; /* a host without IPv6 */
    cr_assert_eq(error, 0);
    cr_expect_eq(strncmp(url, "tcp+listen://[::]:", 18), 0, "%s", url);
    close(client());
    dagger_stream_close(next(url), DAGGER_END_NORMAL);
}

/* --- node.h ---------------------------------------------------------------------------------- */

static int64_t read_vector(struct dagger_stream *stream, char *text, size_t len)
{
    struct iovec data = {text, len};
    return stream->ops->node->read_vector(stream, &data, 1, -1);
}

static int64_t write_vector(struct dagger_stream *stream, char *text, size_t len)
{
    struct iovec data[] = {{text, len / 2}, {text + len / 2, len - len / 2}};
    return stream->ops->node->write_vector(stream, data, 2, -1);
}

Test(listen, flags)
{
    client();
    struct dagger_stream *stream = next(url);
    const struct dagger_node_ops *node = stream->ops->node;
    cr_expect_eq(node->get_flags(stream), O_RDWR);
    cr_expect_eq(node->set_flags(stream, O_APPEND), -EINVAL);
    cr_expect_eq(node->set_flags(stream, O_NONBLOCK), 0);
    cr_expect_eq(node->get_flags(stream), O_RDWR | O_NONBLOCK);
    dagger_stream_close(stream, DAGGER_END_NORMAL);
}

Test(listen, without_waiting)
{
    static char text[64], much[1 << 20];
    int peer = client();
    struct dagger_stream *stream = next(url);
    cr_expect_eq(read_vector(stream, text, 4), -ETIMEDOUT);
    cr_expect_eq(stream->ops->node->set_flags(stream, O_NONBLOCK), 0);
    cr_expect_eq(read_vector(stream, text, 4), -EAGAIN);
    cr_expect_eq(send(peer, "hello", 5, 0), 5);
    cr_expect_eq(read_vector(stream, text, 4), 4);
    cr_expect_eq(read_vector(stream, text, 4), 1);
    cr_expect_eq(dagger_stream_write(stream, "first ", 6), 6);
    memcpy(text, "second", 6);
    cr_expect_eq(write_vector(stream, text, 6), 3, "one piece");
    cr_expect_eq(recv(peer, text, sizeof text, 0), 9);
    cr_expect_arr_eq(text, "first sec", 9);
    int64_t count;
    while ((count = write_vector(stream, much, sizeof much)) > 0)
        continue;
    cr_expect_eq(count, -EAGAIN);
    reset(peer);
    cr_expect_eq(write_vector(stream, much, sizeof much), -EPIPE);
    cr_expect_eq(read_vector(stream, text, 4), -EIO);
    struct iovec at = {text, 1};
    cr_expect_eq(stream->ops->node->read_vector(stream, &at, 1, 0), -ESPIPE);
    cr_expect_eq(stream->ops->node->write_vector(stream, &at, 1, 0), -ESPIPE);
    dagger_stream_close(stream, DAGGER_END_NORMAL);
}

Test(listen, by_vectors_and_waiting)
{
    static char text[64] = "both halves";
    int peer = client();
    struct dagger_stream *stream = next(url);
    cr_expect_eq(write_vector(stream, text, 11), 11);
    cr_expect_eq(recv(peer, text, sizeof text, MSG_DONTWAIT), 11, "at once");
    dagger_stream_close(stream, DAGGER_END_NORMAL);
}
