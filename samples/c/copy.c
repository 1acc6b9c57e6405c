/* Copies one file to another: the first line of stdin:// names the source, the second the target,
 * both relative to the root of file://. With atomic=1 the target appears whole at close, or not at
 * all: a reader never sees half of it, and after a failure the old one is still there. */
#include <dagger.h>

static char name[2600]; /* three bytes a character in a URL, 8192 in all */
static char url[8192];
static char block[65536];

/* Appends what is not a letter, digit or one of "-._~/" as %HH. Returns the new end. */
static char *append_encoded(char *end, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= '9') ||
            c == '_' || c == '~') {
            *end++ = (char)c;
        } else {
            *end++ = '%';
            *end++ = hex[c >> 4];
            *end++ = hex[c & 15];
        }
    }
    return end;
}

static char *append(char *end, const char *text)
{
    while (*text != '\0')
        *end++ = *text++;
    return end;
}

static int open_named(int in, const char *query)
{
    int len = dagger_read_line(in, name, sizeof name);
    if (len < 0)
        return len;
    char *end = append(url, "file:///");
    end = append_encoded(end, name);
    end = append(end, query);
    return dagger_open(url, (unsigned)(end - url));
}

int dagger_main(void)
{
    int in = dagger_open_url("stdin://");
    if (in < 0)
        return 1;
    int from = open_named(in, "?mode=r");
    if (from < 0)
        return dagger_fail(name, from);
    int to = open_named(in, "?mode=w&atomic=1");
    if (to < 0)
        return dagger_fail(name, to);

    int n;
    while ((n = dagger_read(from, block, sizeof block)) > 0) {
        int error = dagger_write_all(to, block, (unsigned)n);
        if (error < 0)
            return dagger_fail(name, error);
    }
    if (n < 0)
        return dagger_fail("source", n);
    int error = dagger_close(to);
    return error < 0 ? dagger_fail(name, error) : 0;
}
