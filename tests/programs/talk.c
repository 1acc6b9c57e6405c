/* A talk with a peer: the first line of standard input is its URL, the others are said to it; then
 * what it says until the end. */
#include "report.h"

static char url[8192], text[8192];

int dagger_main(void)
{
    int in = dagger_open_url("stdin://");
    int len = dagger_read_line(in, url, sizeof url);
    int sd = report_ok("open", dagger_open(url, len > 0 ? (unsigned)len : 0));
    if (sd < 0)
        return 0;
    int n;
    while ((n = dagger_read_line(in, text, sizeof text)) >= 0) {
        text[n] = '\n';
        report("write", dagger_write(sd, text, (unsigned)n + 1));
    }
    n = report("read", dagger_read_all(sd, text, sizeof text));
    report_text("content", text, n);
    report("close", dagger_close(sd));
    return 0;
}
