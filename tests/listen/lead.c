/* A guest on a lead: does what the lines of its standard input say, as tests/http/probe.c does,
 * which is not a guest and has no sandbox:
 *
 *   open URL     write SD HEX     read SD LEN     flush SD     close SD     ask COMMAND
 *
 * Each answers "RESULT [HEX]"; ask gives the answer of control:// to a command. */
#include <dagger.h>

enum { CAP = 32768 };

static char line[2 * CAP + 64], data[CAP];
static int out;

static void put_hex(int count)
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < count; i++) {
        char two[2] = {digits[(unsigned char)data[i] >> 4], digits[data[i] & 15]};
        dagger_write(out, two, 2);
    }
}

static void answer(int result, int count)
{
    dagger_put_int(out, result);
    dagger_puts(out, " ");
    put_hex(count);
    dagger_puts(out, "\n");
    dagger_flush(out);
}

static int starts(const char *with)
{
    unsigned at = 0;
    while (with[at] != '\0' && line[at] == with[at])
        at++;
    return with[at] == '\0';
}

static const char *number(const char *text, int *value)
{
    *value = 0;
    while (*text == ' ')
        text++;
    while (*text >= '0' && *text <= '9')
        *value = *value * 10 + (*text++ - '0');
    return text;
}

static int nibble(char digit)
{
    return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

static int from_hex(const char *hex)
{
    int len = 0;
    while (*hex == ' ')
        hex++;
    for (; hex[0] != '\0' && len < CAP; hex += 2)
        data[len++] = (char)(nibble(hex[0]) << 4 | nibble(hex[1]));
    return len;
}

static int ask(const char *command)
{
    int control = dagger_open_url("control://");
    if (control < 0)
        return control;
    dagger_puts(control, command);
    dagger_puts(control, "\n");
    int count = dagger_read(control, data, CAP);
    dagger_close(control);
    return count;
}

static void obey(void)
{
    int sd, len, result;
    if (starts("open ")) {
        answer(dagger_open_url(line + 5), 0);
        return;
    }
    if (starts("ask ")) {
        result = ask(line + 4);
        answer(result, result);
        return;
    }
    const char *rest = number(line + (starts("read ") ? 5 : 6), &sd);
    if (starts("read ")) {
        number(rest, &len);
        result = dagger_read(sd, data, len < CAP ? (unsigned)len : CAP);
        answer(result, result);
    } else if (starts("write ")) {
        answer(dagger_write(sd, data, (unsigned)from_hex(rest)), 0);
    } else if (starts("flush ")) {
        answer(dagger_flush(sd), 0);
    } else if (starts("close ")) {
        answer(dagger_close(sd), 0);
    }
}

int dagger_main(void)
{
    int in = dagger_open_url("stdin://");
    out = dagger_open_url("stdout://");
    while (dagger_read_line(in, line, sizeof line) >= 0)
        obey();
    return 0;
}
