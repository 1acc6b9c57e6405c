/* A web server for the files beneath the root: HTTP/1.0, GET only, one connection after the other.
 * Its arguments are the URL to take connections from (tcp+listen://127.0.0.1:8080, or listen:// for
 * a socket that systemd hands over), and how many it takes before it ends; without, for ever. */
#include <dagger.h>

enum { SECONDS = 10 }; /* that a connection may take, so that one does not keep others waiting */

static char url[256], line[4096], file[sizeof line + 8], block[65536];

/* The argument's length, or an error. */
static int argument(const char *from, char *to, unsigned cap)
{
    int sd = dagger_open_url(from);
    if (sd < 0)
        return sd;
    int len = dagger_read_all(sd, to, cap - 1);
    dagger_close(sd);
    if (len >= 0)
        to[len] = '\0';
    return len;
}

static void limit_time(int control, int peer)
{
    dagger_puts(control, "deadline ");
    dagger_put_int(control, peer);
    dagger_puts(control, " ");
    dagger_put_int(control, SECONDS * 1000);
    dagger_puts(control, "\n");
    dagger_read(control, line, sizeof line); /* the answer */
}

/* Puts "file:///path" of "GET /path HTTP/1.0" into `file`. What the request has encoded stays so,
 * as that is how a URL has it; what no URL may have, open refuses. Returns 0 if it is no GET. */
static unsigned take_path(void)
{
    static const char get[] = "GET /", scheme[] = "file:///";
    unsigned len = 0, at = 0;
    for (; get[at] != '\0'; at++)
        if (line[at] != get[at])
            return 0;
    for (; scheme[len] != '\0'; len++)
        file[len] = scheme[len];
    while (line[at] != '\0' && line[at] != ' ' && line[at] != '\r' && line[at] != '?')
        file[len++] = line[at++];
    return len;
}

/* Reads the request. Returns the status to answer with, 0 for a file to be sent, or an error. */
static int take_request(int peer, unsigned *len)
{
    int fields = 0, status = 400;
    int got = dagger_read_line(peer, line, sizeof line);
    if (got < 0)
        return got == DAGGER_NOSPACE ? 414 : got;
    *len = take_path();
    if (*len > 0)
        status = 0;
    do { /* the fields, to an empty line */
        got = dagger_read_line(peer, line, sizeof line);
        if (got == DAGGER_NOSPACE || ++fields > 100)
            return 431;
    } while (got > 0 && line[0] != '\r');
    return got < 0 ? got : status;
}

static int answer(int peer, const char *status)
{
    dagger_puts(peer, "HTTP/1.0 ");
    dagger_puts(peer, status);
    return dagger_puts(peer, "\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\n\r\n");
}

static int send_file(int peer, unsigned len)
{
    int in = dagger_open(file, len), n, error;
    if (in < 0)
        return answer(peer, in == DAGGER_NOENT ? "404 not found" : "403 forbidden");
    error = answer(peer, "200 OK");
    while (!error && (n = dagger_read(in, block, sizeof block)) > 0)
        error = dagger_write_all(peer, block, (unsigned)n);
    dagger_close(in);
    return error;
}

static void serve(int peer)
{
    unsigned len = 0;
    int status = take_request(peer, &len);
    if (status == 0)
        send_file(peer, len);
    else if (status > 0)
        answer(peer, status == 400   ? "400 bad request"
                     : status == 414 ? "414 URI too long"
                                     : "431 header too large");
}

int dagger_main(void)
{
    int number = argument("args://2", line, sizeof line), left = 0;
    int error = argument("args://1", url, sizeof url), control = dagger_open_url("control://");
    if (error < 0)
        return dagger_fail("args://1, where to listen", error);
    for (int i = 0; i < number && line[i] >= '0' && line[i] <= '9'; i++)
        left = left % 100000000 * 10 + (line[i] - '0');
    do {
        int peer = dagger_open_url(url);
        if (peer < 0)
            return dagger_fail(url, peer);
        if (control >= 0)
            limit_time(control, peer);
        serve(peer);
        dagger_close(peer); /* whatever became of it is the peer's concern */
    } while (number < 0 || --left > 0);
    return 0;
}
