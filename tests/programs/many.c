/* Opens streams until no more can be had: the URL is the first line of standard input. */
#include "report.h"

static char url[8192];

int dagger_main(void)
{
    int in = dagger_open_url("stdin://");
    int len = dagger_read_line(in, url, sizeof url);
    int last = 0, opened = 0;

    report_sd = dagger_open_url("stdout://");
    for (opened = 0; opened < 3000; opened++) {
        int sd = dagger_open(url, (unsigned)len);
        if (sd < 0) {
            report("open", sd);
            break;
        }
        last = sd;
    }
    report("last descriptor", last);
    report_ok("close", dagger_close(last));
    report("open again", dagger_open(url, (unsigned)len));
    return 0;
}
