/* Adds up KEY<TAB>COUNT lines of stdin://, in whatever order they come, and writes one line for
 * each key, sorted by bytes. What it writes it can read: totals of totals are totals.
 *
 * A key is what stands before the first tab, of any other bytes, and not empty; a count is decimal.
 * Any other line ends it with status 1: a total that lacks something is worse than none. All keys
 * are in memory; reducers that each get the lines of some keys share them. */
#include "counts.h"

static unsigned char block[65536];
static unsigned long long line = 1;

static struct {
    int in_count;
    int digits;
    unsigned long long value;
} field;

static int bad_line(const char *what)
{
    int sd = dagger_open_url("stderr://");
    if (sd >= 0) {
        dagger_puts(sd, "stdin: line ");
        dagger_put_int(sd, (long long)line);
        dagger_puts(sd, ": ");
        dagger_puts(sd, what);
        dagger_puts(sd, "\n");
    }
    return 1;
}

/* A byte of a count. Returns whether it is a digit and the number not too large. */
static int take_digit(unsigned char byte)
{
    if (byte < '0' || byte > '9' || field.value > (COUNTS_MOST - (byte - '0')) / 10)
        return 0;
    field.value = field.value * 10 + (byte - '0');
    field.digits = 1;
    return 1;
}

/* Returns 0, or the status to end with. */
static int take(unsigned char byte)
{
    static const char wanted[] = "expected a key, a tab and a decimal count";
    if (!field.in_count) {
        if (byte == '\n' || (byte == '\t' && counts.building->len == 0))
            return bad_line(wanted);
        field.in_count = byte == '\t';
        int error = field.in_count ? 0 : counts_push(byte);
        return error < 0 ? bad_line(dagger_error_text(error)) : 0;
    }
    if (byte != '\n')
        return take_digit(byte) ? 0 : bad_line(wanted);
    if (!field.digits)
        return bad_line(wanted);
    int error = counts_add(field.value);
    if (error < 0)
        return bad_line(error == DAGGER_NOSPACE ? "the total is too large"
                                                : dagger_error_text(error));
    line++;
    field.in_count = field.digits = 0;
    field.value = 0;
    return 0;
}

int dagger_main(void)
{
    int in = dagger_open_url("stdin://");
    int out = dagger_open_url("stdout://");
    if (in < 0 || out < 0)
        return 1;
    int error = counts_init();
    if (error < 0)
        return dagger_fail("start", error);

    int n;
    while ((n = dagger_read(in, block, sizeof block)) > 0)
        for (int i = 0; i < n; i++)
            if (take(block[i]) != 0)
                return 1;
    if (n < 0)
        return dagger_fail("stdin", n);
    if (field.in_count || counts.building->len > 0)
        return bad_line("cut short: no newline at its end");
    error = counts_write(out);
    if (error == 0)
        error = dagger_close(out);
    return error < 0 ? dagger_fail("stdout", error) : 0;
}
