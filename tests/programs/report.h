/* What the guests of these tests share: results as lines "name: RESULT" on standard output. */
#ifndef REPORT_H
#define REPORT_H

#include <dagger.h>

static int report_sd = -1;

/* "name: NOENT" for an error, "name: 5" for a count. Returns the result. */
static inline int report(const char *name, int result)
{
    if (report_sd < 0)
        report_sd = dagger_open_url("stdout://");
    dagger_puts(report_sd, name);
    dagger_puts(report_sd, ": ");
    if (result < 0)
        dagger_puts(report_sd, dagger_error_name(result));
    else
        dagger_put_int(report_sd, result);
    dagger_puts(report_sd, "\n");
    return result;
}

/* As report, for a result of which only the sign is of interest: "name: OK" or the error. */
static inline int report_ok(const char *name, int result)
{
    if (result < 0)
        return report(name, result);
    if (report_sd < 0)
        report_sd = dagger_open_url("stdout://");
    dagger_puts(report_sd, name);
    dagger_puts(report_sd, ": OK\n");
    return result;
}

/* Bytes as text, in quotes. */
static inline void report_text(const char *name, const char *data, int len)
{
    if (report_sd < 0)
        report_sd = dagger_open_url("stdout://");
    dagger_puts(report_sd, name);
    dagger_puts(report_sd, ": \"");
    dagger_write_all(report_sd, data, len > 0 ? (unsigned)len : 0);
    dagger_puts(report_sd, "\"\n");
}

#endif
