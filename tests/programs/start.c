/* What a guest knows of how it was started: one URL a line on standard input. */
#include "report.h"

static char url[8192], block[8192];

int dagger_main(void)
{
    int in = dagger_open_url("stdin://");
    int len;
    while ((len = dagger_read_line(in, url, sizeof url)) >= 0) {
        int sd = report_ok(url, dagger_open(url, (unsigned)len));
        if (sd < 0)
            continue;
        int n = report("  read", dagger_read_all(sd, block, sizeof block));
        for (int i = 0; i < n; i++)
            if (block[i] == '\0')
                block[i] = '|';
        report_text("  content", block, n);
        report("  write", dagger_write(sd, "x", 1));
        report("  close", dagger_close(sd));
    }
    return 0;
}
