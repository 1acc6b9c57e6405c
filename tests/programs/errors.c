/* The errors a guest can bring about by itself, in the order of their values. */
#include "report.h"

int dagger_main(void)
{
    char byte = 'x';
    report("no scheme", dagger_open_url("nonsense"));
    report("control byte", dagger_open_url("file:///a\nb"));
    report("a host that file has not", dagger_open_url("file://example.org/a"));
    report("unknown scheme", dagger_open_url("ftp://localhost/"));
    report("never opened", dagger_read(77, &byte, 1));
    report("past the memory", dagger_open((const char *)0xfffffff0u, 8));
    report("no such descriptor of the host", dagger_open_url("fd://3"));
    report("no such file", dagger_open_url("file:///missing"));
    report("a file that is there", dagger_open_url("file:///there?mode=x"));
    int random = dagger_open_url("random://");
    report("write to random", dagger_write(random, &byte, 1));
    report_ok("close", dagger_close(random));
    return 0;
}
