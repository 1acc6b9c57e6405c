/* The clocks as a guest has them, and a sleep: what must be true of any two stamps. */
#include "report.h"

typedef unsigned long long time;

static time value(const unsigned char stamp[8])
{
    time value = 0;
    for (int i = 7; i >= 0; i--)
        value = value << 8 | stamp[i];
    return value;
}

static time now(int sd)
{
    unsigned char stamp[8] = {0};
    int n = dagger_read(sd, stamp, sizeof stamp);
    if (n != 8)
        report("read", n);
    return value(stamp);
}

static void check(const char *url)
{
    static unsigned char data[20];
    int sd = report_ok(url, dagger_open_url(url));
    time first = now(sd), second = now(sd);
    report("  runs forward", second >= first);
    report("  read 20", dagger_read(sd, data, sizeof data));
    report("  read 3", dagger_read(sd, data, 3));
    report("  read the rest", dagger_read(sd, data + 3, 17));
    report("  one stamp", value(data) >= second);
    report("  write", dagger_write(sd, data, 1));
    report("  close", dagger_close(sd));
}

/* A sleep of a millisecond, until a time and then for one. */
static void sleep(const char *name, time slept_until)
{
    static char url[64];
    unsigned len = 0, digits = 20;
    for (const char *from = "clock://monotonic?until="; *from; from++)
        url[len++] = *from;
    for (time scale = 10000000000000000000u; digits > 0; digits--, scale /= 10)
        if (slept_until >= scale)
            url[len++] = (char)('0' + slept_until / scale % 10);
    int sd = report_ok(name, dagger_open(url, len));
    report("  is not back before its time", now(sd) >= slept_until);
    report("  close", dagger_close(sd));
}

int dagger_main(void)
{
    check("clock://realtime");
    check("clock://monotonic");
    check("clock://cpu");
    int real = dagger_open_url("clock://realtime");
    report("the year is 2024 or later", now(real) > 1700000000000000000u);
    int sd = dagger_open_url("clock://monotonic");
    time start = now(sd);
    sleep("until what is to come", start + 1000000);
    sleep("until what is past", start);
    int after = report_ok("after", dagger_open_url("clock://monotonic?after=1000000"));
    start = now(sd);
    report("  is not back before its time", now(after) >= start + 1000000);
    report("unknown clock", dagger_open_url("clock://sun"));
    report("unknown key", dagger_open_url("clock://cpu?after=1"));
    return 0;
}
