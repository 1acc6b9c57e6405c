/* The streams that the guests of samples/serve open, for the same sources as a native program: what
 * an ordinary C program would do, output gathered, input read in blocks. Compiled with the guest's
 * source behind it, and with __wasm__ defined, which its header asks for. */
#include <dagger.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ENV = 3, ENVS = 8, BLOCK = 65536 };

static const char *left[ENVS]; /* of variables, not read yet */
static int variables;
static char in[BLOCK], out[BLOCK];
static unsigned in_at, in_end, out_len;

int dagger_open(const char *url, unsigned len)
{
    char name[256];
    if (len == 8 && memcmp(url, "stdin://", 8) == 0)
        return STDIN_FILENO;
    if (len == 9 && memcmp(url, "stdout://", 9) == 0)
        return STDOUT_FILENO;
    if (len < 6 || len - 6 >= sizeof name || memcmp(url, "env://", 6) != 0 || variables == ENVS)
        return DAGGER_NOENT;
    memcpy(name, url + 6, len - 6);
    name[len - 6] = '\0';
    left[variables] = getenv(name);
    return left[variables] ? ENV + variables++ : DAGGER_NOENT;
}

int dagger_read(int sd, void *data, unsigned len)
{
    if (sd >= ENV) {
        const char **from = &left[sd - ENV];
        unsigned count = (unsigned)strnlen(*from, len);
        memcpy(data, *from, count);
        *from += count;
        return (int)count;
    }
    if (in_at == in_end) {
        ssize_t count = read(STDIN_FILENO, in, sizeof in);
        if (count <= 0)
            return count == 0 ? 0 : DAGGER_IO;
        in_at = 0;
        in_end = (unsigned)count;
    }
    unsigned count = in_end - in_at < len ? in_end - in_at : len;
    memcpy(data, in + in_at, count);
    in_at += count;
    return (int)count;
}

int dagger_flush(int sd)
{
    (void)sd;
    unsigned len = out_len;
    out_len = 0;
    return len && write(STDOUT_FILENO, out, len) != (ssize_t)len ? DAGGER_IO : 0;
}

int dagger_write(int sd, const void *data, unsigned len)
{
    if (len > sizeof out - out_len && dagger_flush(sd) != 0)
        return DAGGER_IO;
    if (len > sizeof out)
        return write(STDOUT_FILENO, data, len) == (ssize_t)len ? (int)len : DAGGER_IO;
    memcpy(out + out_len, data, len);
    out_len += len;
    return (int)len;
}

int dagger_close(int sd)
{
    return sd == STDOUT_FILENO ? dagger_flush(sd) : 0;
}

/* With LISTEN, a server that stays: the socket is descriptor 3, each connection 0 and 1. */
int main(void)
{
#ifdef LISTEN
    for (int peer; (peer = accept(3, NULL, NULL)) >= 0; close(peer)) {
        in_at = in_end = out_len = 0;
        if (dup2(peer, STDIN_FILENO) < 0 || dup2(peer, STDOUT_FILENO) < 0)
            return 1;
        dagger_main();
        shutdown(peer, SHUT_RDWR);
    }
    return 1;
#else
    return dagger_main();
#endif
}
