/* Each kind of stream: what a read and a write on it give. One URL a line on standard input. */
#include "report.h"

static char url[256], block[32];

int dagger_main(void)
{
    int in = dagger_open_url("stdin://");
    report_sd = dagger_open_url("stdout://");

    int len;
    while ((len = dagger_read_line(in, url, sizeof url)) >= 0) {
        dagger_puts(report_sd, url);
        int sd = report_ok(" open", dagger_open(url, (unsigned)len));
        if (sd < 0)
            continue;
        for (unsigned i = 0; i < sizeof block; i++)
            block[i] = 'x';
        int n = report("  read 4", dagger_read(sd, block, 4));
        if (n > 0)
            report("  all zero", (block[0] | block[1] | block[2] | block[3]) == 0);
        report("  write 3", dagger_write(sd, "ab\n", 3));
        report("  flush", dagger_flush(sd));
        report("  close", dagger_close(sd));
    }
    return 0;
}
