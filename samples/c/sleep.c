/* Sleeps for as many milliseconds as the first argument says, by a read of a clock that waits
 * first, and tells how long it was. */
#include <dagger.h>

static const char scheme[] = "clock://monotonic?after=";
static char url[64];

/* A read of a clock, in nanoseconds; 0 if it fails, which a clock that could be opened does not. */
static unsigned long long now(int clock)
{
    unsigned char stamp[8] = {0};
    dagger_read_all(clock, stamp, sizeof stamp);
    unsigned long long time = 0;
    for (int i = 7; i >= 0; i--)
        time = time << 8 | stamp[i];
    return time;
}

int dagger_main(void)
{
    int out = dagger_open_url("stdout://");
    int argument = dagger_open_url("args://1");
    if (out < 0)
        return 1;
    if (argument < 0)
        return dagger_fail("milliseconds", argument);

    /* Six zeros make nanoseconds of them. */
    unsigned len = 0;
    for (const char *from = scheme; *from; from++)
        url[len++] = *from;
    int digits = dagger_read_all(argument, url + len, sizeof url - len - 7);
    if (digits < 0)
        return dagger_fail("args", digits);
    len += (unsigned)digits;
    for (int i = 0; i < 6; i++)
        url[len++] = '0';

    int clock = dagger_open_url("clock://monotonic");
    int sleeper = dagger_open_url(url);
    if (clock < 0 || sleeper < 0)
        return dagger_fail(url, clock < 0 ? clock : sleeper);

    dagger_puts(out, "good night\n"); /* is seen before the sleep */
    unsigned long long before = now(clock);
    unsigned long long after = now(sleeper);
    dagger_puts(out, "slept for ");
    dagger_put_int(out, (long long)((after - before) / 1000000));
    dagger_puts(out, " ms\n");
    return dagger_close(out) < 0;
}
