/* Writes to standard output in a way named by the first line of standard input, and returns 0
 * whatever happens: what is told of a failure is told by the runtime, or on stderr:// here. */
#include <dagger.h>

static char how[64];
static char block[65536];

static void tell(const char *name, int result)
{
    int sd = dagger_open_url("stderr://");
    dagger_puts(sd, name);
    dagger_puts(sd, ": ");
    dagger_puts(sd, dagger_error_name(result));
    dagger_puts(sd, "\n");
    dagger_close(sd);
}

static int is(const char *name)
{
    unsigned n = 0;
    while (name[n] != '\0' && name[n] == how[n])
        n++;
    return name[n] == how[n];
}

int dagger_main(void)
{
    int in = dagger_open_url("stdin://");
    dagger_read_line(in, how, sizeof how);
    if (is("file first")) {
        int file = dagger_open_url("file:///out?mode=w");
        int out = dagger_open_url("stdout://");
        tell("open", out);
        tell("write", dagger_write(out, "to stdout", 9));
        tell("close", dagger_close(out));
        tell("write", dagger_write(file, "to file", 7));
        tell("close", dagger_close(file));
        return 0;
    }
    int out = dagger_open_url("stdout://");
    int two = dagger_open_url("fd://1");
    if (out < 0)
        tell("open", out);
    if (is("leave")) {
        dagger_write(out, "left in the buffer\n", 19);
    } else if (is("flush")) {
        tell("write", dagger_write(out, "text\n", 5));
        tell("flush", dagger_flush(out));
        tell("close", dagger_close(out));
    } else if (is("much")) {
        int error = 0;
        for (int i = 0; i < 100 && error >= 0; i++)
            error = dagger_write(out, block, sizeof block);
        tell("write", error);
    } else if (is("order")) {
        dagger_write(out, "one ", 4);
        dagger_write(two, "two ", 4);
        dagger_write(out, "three\n", 6);
        dagger_close(out);
        tell("write after close of the other", dagger_write(two, "four\n", 5));
        out = dagger_open_url("stdout://");
        tell("open again", out);
        dagger_write(out, "five\n", 5);
    } else if (is("trap")) {
        dagger_write(out, "before the trap\n", 16);
        __builtin_trap();
    } else if (is("bytes")) {
        for (int i = 0; i < 100000; i++)
            dagger_write(out, "x", 1);
        dagger_write(out, "\n", 1);
    }
    return 0;
}
