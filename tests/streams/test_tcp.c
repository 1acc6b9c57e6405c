/* tcp:// against a listener in the same process: what the kernel does by itself needs no thread.
 * Whole conversations, and TLS, are in tests/http/test_tcp.py. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "faults.h"
#include "streams/node.h"

static struct dagger_host host = {.idle_timeout_ms = 20};
static struct dagger_stream *stream;
static int peer; /* the other end of the stream */

static void connect_both(void)
{
    signal(SIGPIPE, SIG_IGN); /* as the runtime does */
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(bind(listener, (struct sockaddr *)&address, len), 0);
    cr_assert_eq(listen(listener, 1), 0);
    cr_assert_eq(getsockname(listener, (struct sockaddr *)&address, &len), 0);
    char url[64];
    snprintf(url, sizeof url, "tcp://127.0.0.1:%d", ntohs(address.sin_port));
    cr_assert_eq(dagger_stream_open(&host, url, strlen(url), &stream), 0);
    peer = accept(listener, NULL, NULL);
    cr_assert_geq(peer, 0);
    close(listener);
}

TestSuite(tcp, .init = connect_both);

static void expect_at_peer(const char *expected)
{
    char text[64];
    size_t len = strlen(expected);
    ssize_t count = recv(peer, text, sizeof text, 0);
    cr_assert_eq(count, (ssize_t)len, "\"%s\": %zd bytes", expected, count);
    cr_expect_arr_eq(text, expected, len);
}

static void peer_says(const char *text)
{
    cr_assert_eq(send(peer, text, strlen(text), 0), (ssize_t)strlen(text));
}

static void expect_read(size_t len, const char *expected)
{
    char text[64];
    int64_t count = dagger_stream_read(stream, text, len);
    cr_assert_eq(count, (int64_t)strlen(expected), "\"%s\": %jd", expected, (intmax_t)count);
    cr_expect_arr_eq(text, expected, strlen(expected));
}

/* What ready gives, after what it asks poll for has happened. */
static int64_t ready_to_read(void)
{
    struct pollfd wait = {.fd = -1, .events = POLLIN};
    int64_t count = stream->ops->node->ready(stream, POLLIN, &wait.fd);
    if (count != -EAGAIN)
        return count;
    cr_assert_eq(poll(&wait, 1, 10000), 1);
    return stream->ops->node->ready(stream, POLLIN, &wait.fd);
}

Test(tcp, ready)
{
    int fd = -1;
    const struct dagger_node_ops *node = stream->ops->node;
    cr_expect_eq(node->ready(stream, POLLIN, &fd), -EAGAIN);
    struct pollfd both = {.fd = fd, .events = POLLIN | POLLOUT};
    cr_expect_eq(poll(&both, 1, 0), 1);
    cr_expect_eq(both.revents, POLLOUT);
    cr_expect_eq(node->ready(stream, POLLOUT, &fd), -EAGAIN);
    cr_expect_eq(fd, both.fd);
    peer_says("hello");
    cr_expect_eq(ready_to_read(), 5);
    expect_read(2, "he");
    cr_expect_eq(ready_to_read(), 3);
    expect_read(9, "llo");
    cr_expect_eq(node->ready(stream, POLLIN, &fd), -EAGAIN);
    cr_expect_eq(dagger_stream_close(stream, DAGGER_END_NORMAL), 0);
}

/* The peer may say nothing before it has what was gathered. */
Test(tcp, ready_sends_what_was_gathered)
{
    int fd = -1;
    cr_expect_eq(dagger_stream_write(stream, "ask", 3), 3);
    cr_expect_eq(stream->ops->node->ready(stream, POLLIN, &fd), -EAGAIN);
    expect_at_peer("ask");
    dagger_stream_close(stream, DAGGER_END_NORMAL);
}

Test(tcp, the_end_is_ready)
{
    peer_says("x");
    close(peer);
    cr_expect_eq(ready_to_read(), 1);
    expect_read(9, "x");
    cr_expect_eq(ready_to_read(), 0);
    expect_read(9, "");
    dagger_stream_close(stream, DAGGER_END_NORMAL);
}

/* The kernel tells of it once, and ready hears it. */
Test(tcp, a_reset_is_ready_and_the_reads_error)
{
    struct linger none = {.l_onoff = 1};
    setsockopt(peer, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close(peer);
    char byte;
    cr_expect_eq(ready_to_read(), 0);
    cr_expect_eq(dagger_stream_read(stream, &byte, 1), DAGGER_IO);
    cr_expect_eq(dagger_stream_read(stream, &byte, 1), DAGGER_IO);
    cr_expect_eq(dagger_stream_write(stream, "gathered", 8), 8);
    cr_expect_eq(ready_to_read(), 0);
    cr_expect_eq(dagger_stream_flush(stream), DAGGER_PIPE, "what ready could not send is told");
    cr_expect_eq(dagger_stream_close(stream, DAGGER_END_NORMAL), 0);
}

Test(tcp, shutdown_of_writing)
{
    cr_expect_eq(dagger_stream_write(stream, "last", 4), 4);
    cr_expect_eq(stream->ops->node->shutdown(stream, SHUT_WR), 0);
    expect_at_peer("last");
    expect_at_peer("");
    cr_expect_eq(dagger_stream_write(stream, "x", 1), DAGGER_PIPE);
    peer_says("answer");
    expect_read(64, "answer");
    cr_expect_eq(dagger_stream_close(stream, DAGGER_END_NORMAL), 0);
}

Test(tcp, shutdown_of_reading)
{
    cr_expect_eq(stream->ops->node->shutdown(stream, SHUT_RD), 0);
    expect_read(64, "");
    cr_expect_eq(dagger_stream_write(stream, "on", 2), 2);
    cr_expect_eq(dagger_stream_flush(stream), 0);
    expect_at_peer("on");
    cr_expect_eq(stream->ops->node->shutdown(stream, 77), -EINVAL);
    cr_expect_eq(dagger_stream_close(stream, DAGGER_END_NORMAL), 0);
}

Test(tcp, shutdown_that_can_not_send)
{
    struct linger none = {.l_onoff = 1};
    setsockopt(peer, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close(peer);
    dagger_stream_write(stream, "lost", 4);
    cr_expect_eq(stream->ops->node->shutdown(stream, SHUT_RDWR), -EPIPE);
    cr_expect_eq(dagger_stream_close(stream, DAGGER_END_NORMAL), 0);
}

Test(tcp, stat)
{
    struct stat st;
    cr_expect_eq(stream->ops->node->stat(stream, &st), 0);
    cr_expect(S_ISSOCK(st.st_mode));
    dagger_stream_close(stream, DAGGER_END_NORMAL);
}

Test(tcp, after_a_trap_what_was_written_is_sent)
{
    cr_expect_eq(dagger_stream_write(stream, "before", 6), 6);
    cr_expect_eq(dagger_stream_close(stream, DAGGER_END_TRAP), 0);
    expect_at_peer("before");
    expect_at_peer("");
}

Test(tcp, poll_that_fails)
{
    char byte;
    peer_says("x");
    expect_read(1, "x");
    faults.poll_error = ENOMEM;
    cr_expect_eq(dagger_stream_read(stream, &byte, 1), DAGGER_NOMEM);
    faults.poll_error = 0;
    peer_says("y");
    expect_read(1, "y");
    dagger_stream_close(stream, DAGGER_END_NORMAL);
}

/* It may not start the time again, or a busy timer would make it endless. */
Test(tcp, interruptions_do_not_prolong_the_wait)
{
    char byte;
    faults.poll_error = EINTR;
    cr_expect_eq(dagger_stream_read(stream, &byte, 1), DAGGER_TIMEOUT);
    cr_expect_gt(faults.poll_calls, 1);
    dagger_stream_close(stream, DAGGER_END_NORMAL);
}

Test(tcp, no_memory)
{
    struct dagger_stream *none = NULL;
    faults.no_memory = true;
    cr_expect_eq(dagger_stream_open(&host, "tcp://h:1", 9, &none), DAGGER_NOMEM);
    cr_expect_null(none);
}
