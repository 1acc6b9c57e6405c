/* A log is a stream: each write is one record, and a text of several lines can't pass for several
 * records. */
#include <dagger.h>

int dagger_main(void)
{
    int log = dagger_open_url("log://?prefix=demo");
    if (log < 0)
        return 1;
    dagger_puts(log, "started");
    dagger_puts(log, "a record\nof two lines");
    dagger_puts(log, "a terminal is safe from \033[2J");
    return dagger_close(log) < 0;
}
