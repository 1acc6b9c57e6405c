/* The five calls and the slice of streams they work on. */
#include "report.h"

static char block[64];

int dagger_main(void)
{
    report_sd = dagger_open_url("stdout://");
    report("the first descriptor", report_sd);
    int a = report("the next", dagger_open_url("null://"));
    int b = report("the next", dagger_open_url("zero://"));
    int c = report("the next", dagger_open_url("null://"));
    report("close", dagger_close(a));
    report("close again", dagger_close(a));
    report("read when closed", dagger_read(a, block, 1));
    report("write when closed", dagger_write(a, block, 1));
    report("flush when closed", dagger_flush(a));
    report("close", dagger_close(c));
    report("the lowest free one", dagger_open_url("random://"));
    report("the next free one", dagger_open_url("null://"));
    report("the next", dagger_open_url("null://"));
    report("a negative descriptor", dagger_read(-1, block, 1));
    report("the largest descriptor", dagger_close(0x7fffffff));
    report("read nothing", dagger_read(b, block, 0));
    report("write nothing", dagger_write(b, block, 0));
    report("read nothing, bad descriptor", dagger_read(99, block, 0));
    report("flush", dagger_flush(b));
    report("read", dagger_read(b, block, sizeof block));
    report("open, length 0: up to the NUL", dagger_open("null://\0rubbish", 0));
    report("open, a NUL inside", dagger_open("null://\0rubbish", 10));
    report("open, nothing", dagger_open("", 0));
    report("open, upper case", dagger_open_url("NULL://"));
    return 7;
}
