/* Run with standard input closed. */
#include "report.h"

int dagger_main(void)
{
    char byte;
    int file = report_ok("open", dagger_open_url("file:///a?mode=w"));
    int in = report_ok("open", dagger_open_url("stdin://"));
    report("read", dagger_read(in, &byte, 1));
    report("close", dagger_close(file));
    return 0;
}
