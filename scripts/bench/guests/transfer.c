/* One long HTTP transfer, the URL compiled in: the response's body to nowhere, or with -DUPLOAD
 * standard input as a body of unknown length. Status 1 unless all went well and the server said
 * 2xx. */
#include "dagger.h"

static char buffer[128 << 10];

static int upload(int out)
{
    static const char head[] = "PUT /upload HTTP/1.1\r\n\r\n";
    int in = dagger_open_url("stdin://"), n;
    if (dagger_write(out, head, sizeof head - 1) < 0)
        return 1;
    while ((n = dagger_read(in, buffer, sizeof buffer)) > 0)
        if (dagger_write(out, buffer, (unsigned)n) != n)
            return 1;
    return n != 0;
}

int dagger_main(void)
{
    int sd = dagger_open_url(URL), n;
#ifdef UPLOAD
    if (upload(sd) != 0)
        return 1;
#else
    (void)upload;
#endif
    if (dagger_read_all(sd, buffer, 12) != 12 || buffer[9] != '2')
        return 1;
    while ((n = dagger_read(sd, buffer, sizeof buffer)) > 0)
        ;
    return n != 0 || dagger_close(sd) != 0;
}
