/* file://: runs a script on standard input, one step a line:
 *     o URL    open; the stream is the one all other steps work on
 *     r N      read at most N bytes
 *     w TEXT   write
 *     l TEXT   the same, and the end of a line
 *     f        flush
 *     c        close
 * and reports each result. */
#include "report.h"

static char line[8192], block[8192];

static unsigned number(const char *text)
{
    unsigned value = 0;
    for (; *text != '\0'; text++)
        value = value * 10 + (unsigned)(*text - '0');
    return value;
}

int dagger_main(void)
{
    int in = dagger_open_url("stdin://");
    int sd = -1, len;

    report_sd = dagger_open_url("stdout://");
    while ((len = dagger_read_line(in, line, sizeof line)) >= 0) {
        int n;
        switch (line[0]) {
        case 'o':
            sd = report_ok(line, dagger_open(line + 2, (unsigned)len - 2));
            break;
        case 'r':
            n = report(line, dagger_read(sd, block, number(line + 2)));
            if (n > 0)
                report_text("  content", block, n);
            break;
        case 'w':
            report(line, dagger_write(sd, line + 2, (unsigned)len - 2));
            break;
        case 'l':
            line[len] = '\n';
            n = dagger_write(sd, line + 2, (unsigned)len - 1);
            line[len] = '\0';
            report(line, n);
            break;
        case 'f':
            report("f", dagger_flush(sd));
            break;
        case 'c':
            report("c", dagger_close(sd));
            break;
        case 't':
            __builtin_trap();
        case 'e':
            return 1;
        }
    }
    return 0;
}
