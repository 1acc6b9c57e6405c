/* A native server with a guest inside: each request gets an instance of its own, made for it and
 * gone after it, so that whatever a request does to the guest, the next one finds it new.
 *
 * The listening socket is descriptor 3, as systemd hands it over (sd_listen_fds). */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "function.h"

enum { LISTENER = 3, HEAD_MAX = 8192 };

/* Reads up to the empty line that ends the head, or what there is. */
static size_t read_head(int connection, char head[HEAD_MAX])
{
    size_t len = 0;
    while (len < HEAD_MAX) {
        ssize_t count = read(connection, head + len, HEAD_MAX - len);
        if (count <= 0)
            break;
        len += (size_t)count;
        if (memmem(head, len, "\r\n\r\n", 4))
            break;
    }
    return len;
}

static void send_all(int connection, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t count = send(connection, data, len, MSG_NOSIGNAL);
        if (count <= 0)
            return;
        data += count;
        len -= (size_t)count;
    }
}

/* What a request had beyond its head is taken off, within bounds: a connection that is closed with
 * bytes unread is reset, and the peer may lose the answer. */
static void end(int connection)
{
    char rest[HEAD_MAX];
    shutdown(connection, SHUT_WR);
    for (int reads = 0; reads < 100 && read(connection, rest, sizeof rest) > 0; reads++)
        continue;
    close(connection);
}

/* Returns a result of the guest's. */
static int answer(struct dagger_instance *function, int connection, const char *head, size_t len)
{
    int32_t request, room, answered, at;
    int result = function_request(function, &request);
    if (!result)
        result = function_request_max(function, &room);
    if (!result && len > (size_t)(uint32_t)room)
        len = (uint32_t)room;
    if (!result)
        result = dagger_memory_write(function, (uint32_t)request, head, len);
    if (!result)
        result = function_handle(function, (int32_t)len, &answered);
    if (!result)
        result = function_answer(function, &at);
    if (result)
        return result;
    /* Address and length are the guest's word: NULL if they are not inside its memory. */
    const char *text = dagger_memory_at(function, (uint32_t)at, (uint32_t)answered);
    if (!text)
        return DAGGER_RESULT_OUT_OF_BOUNDS;
    send_all(connection, text, (uint32_t)answered);
    return 0;
}

static void serve(int connection)
{
    static const char failed[] = "HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\n\r\n";
    static const struct timeval patience = {.tv_sec = 10};
    struct dagger_instance *function;
    char head[HEAD_MAX];
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    size_t len = read_head(connection, head);
    int result = dagger_instance_new(&function_module, NULL, &function);
    if (!result) {
        result = answer(function, connection, head, len);
        dagger_instance_free(function);
    }
    if (result) {
        fprintf(stderr, "host: %s\n", dagger_result_text(result));
        send_all(connection, failed, sizeof failed - 1);
    }
}

int main(void)
{
    for (;;) {
        int connection = accept(LISTENER, NULL, NULL);
        if (connection >= 0) {
            serve(connection);
            end(connection);
        } else if (errno != EINTR && errno != ECONNABORTED) {
            perror("host: accept");
            return 1;
        }
    }
}
