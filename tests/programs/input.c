/* Standard input that can't be read: a file is opened first, whose descriptor could be mistaken. */
#include "report.h"

int dagger_main(void)
{
    char byte;
    int file = report_ok("open a file", dagger_open_url("file:///a?mode=w"));
    int in = report_ok("open stdin", dagger_open_url("stdin://"));
    report("read", dagger_read(in, &byte, 1));
    report("close the file", dagger_close(file));
    return 0;
}
