/* One read of, and one write to, the stream whose URL is the first line of standard input; the
 * second line is the most bytes to read ("0": don't), the third is what to write. */
#include "report.h"

static char url[8192], number[32], text[8192], block[8192];

int dagger_main(void)
{
    int in = dagger_open_url("stdin://");
    int len = dagger_read_line(in, url, sizeof url);
    int digits = dagger_read_line(in, number, sizeof number);
    int amount = dagger_read_line(in, text, sizeof text);

    int sd = report_ok("open", dagger_open(url, len > 0 ? (unsigned)len : 0));
    if (sd < 0)
        return 0;
    unsigned most = 0;
    for (int i = 0; i < digits; i++)
        most = most * 10 + (unsigned)(number[i] - '0');
    if (most > 0) {
        int n = report("read", dagger_read(sd, block, most));
        report_text("content", block, n);
    }
    if (amount > 0) {
        report("write", dagger_write(sd, text, (unsigned)amount));
        report("flush", dagger_flush(sd));
    }
    report("close", dagger_close(sd));
    return 0;
}
