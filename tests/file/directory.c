/* A directory as a stream of names. */
#include "place.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(file_directory, .init = place_setup, .fini = place_teardown, .timeout = 60);

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The listing has exactly these lines, in any order. */
static void lists(const char *rest, size_t count, const char *const want[])
{
    struct dagger_stream *stream = must_open(rest);
    char *text = read_all(stream), *lines[64];
    size_t found = 0;
    for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        cr_assert(found < 64);
        lines[found++] = line;
    }
    qsort(lines, found, sizeof lines[0], compare_lines);
    cr_assert(found == count, "file://%s: %zu lines, expected %zu", rest, found, count);
    for (size_t i = 0; i < count; i++)
        cr_assert(strcmp(lines[i], want[i]) == 0, "\"%s\", expected \"%s\"", lines[i], want[i]);
    free(text);
    must_close(stream);
}

Test(file_directory, names)
{
    cr_assert(mkdirat(root, "d", 0755) == 0);
    cr_assert(mkdirat(root, "d/sub", 0755) == 0);
    put(root, "d/file", "");
    put(root, "d/.hidden", "");
    cr_assert(mkfifoat(root, "d/pipe", 0644) == 0);
    cr_assert(symlinkat("sub", root, "d/link") == 0);
    cr_assert(symlinkat("d", root, "to_d") == 0);
    static const char *const want[] = {".hidden", "file", "link", "pipe", "sub/"};
    lists("/d", 5, want);
    lists("/d/", 5, want);
    lists("/d/sub/..?mode=r", 5, want);
    lists("/to_d", 5, want);
    static const char *const top[] = {"d/", "to_d"};
    lists("/", 2, top);
    lists("/..", 2, top);
    reads_as("/d/sub", "");
    cr_assert(unlinkat(root, "to_d", 0) == 0);
    cr_assert(renameat(root, "d", outside, "d") == 0);
    cr_assert(renameat(outside, "d", root, "was_d") == 0);
    static const char *const after[] = {"was_d/"};
    lists("/", 1, after);
}

Test(file_directory, hostile_names)
{
    static const char *const names_on_disk[] = {
        "a\nforged/",  "esc\033[2J", "cr\rx",     "100%",       "%2e%2e", "two words",
        "caf\xc3\xa9", "\xff\xfe",   "del\177",   "q?a#b",      "a\\b",   "tab\t",
        "~user",       "-rf",        "a+b,c;d=e", "\"quoted\"",
    };
    static const char *const want[] = {
        "%22quoted%22", "%252e%252e", "%FF%FE",      "-rf",    "100%25", "a%0Aforged",
        "a%5Cb",        "a+b,c;d=e",  "caf%C3%A9",   "cr%0Dx", "del%7F", "esc%1B%5B2J",
        "q%3Fa%23b",    "tab%09",     "two%20words", "~user",
    };
    size_t count = sizeof names_on_disk / sizeof names_on_disk[0];
    for (size_t i = 0; i < count; i++) {
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(names_on_disk[i], "/"), names_on_disk[i]);
        put(root, name, "content");
    }
    lists("/", count, want);

    /* Each line opens its entry. */
    for (size_t i = 0; i < count; i++) {
        char url[128];
        snprintf(url, sizeof url, "/%s", want[i]);
        reads_as(url, "content");
    }
}

Test(file_directory, longest_name)
{
    char name[256], want[3 * 255 + 2];
    memset(name, '\n', 255);
    name[255] = '\0';
    for (size_t i = 0; i < 255; i++)
        memcpy(want + 3 * i, "%0A", 3);
    memcpy(want + 3 * 255, "/", 2);
    cr_assert(mkdirat(root, name, 0755) == 0);
    const char *const lines[] = {want};
    lists("/", 1, lines);
}

/* A line may be read byte by byte. */
Test(file_directory, short_reads)
{
    char text[64], *at = text;
    put(root, "a b", "");
    cr_assert(mkdirat(root, "dir", 0755) == 0);
    struct dagger_stream *stream = must_open("/");
    while (dagger_stream_read(stream, at, 1) == 1)
        cr_assert(++at < text + sizeof text);
    *at = '\0';
    cr_assert(strcmp(text, "a%20b\ndir/\n") == 0 || strcmp(text, "dir/\na%20b\n") == 0, "%s", text);
    cr_assert(dagger_stream_read(stream, at, 1) == 0);
    cr_assert(dagger_stream_write(stream, "x", 1) == DAGGER_NOTSUP);
    cr_assert(dagger_stream_flush(stream) == 0);
    must_close(stream);
}

Test(file_directory, many_entries_in_constant_memory)
{
    enum { COUNT = 10000 };
    static bool seen[COUNT];
    char name[32], text[512];
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "entry-%d", i);
        put(root, name, "");
    }
    size_t before = mallinfo2().uordblks, line = 0;
    int lines = 0;
    struct dagger_stream *stream = must_open("/");
    for (int64_t count; (count = dagger_stream_read(stream, text, sizeof text)) > 0;) {
        for (int64_t i = 0; i < count; i++) {
            if (text[i] != '\n') {
                cr_assert(line + 1 < sizeof name);
                name[line++] = text[i];
                continue;
            }
            int number = -1;
            name[line] = '\0';
            cr_assert(sscanf(name, "entry-%d", &number) == 1 && number >= 0 && number < COUNT);
            cr_assert(!seen[number]);
            seen[number] = true;
            line = 0;
            lines++;
        }
        size_t now = mallinfo2().uordblks; /* 0 under AddressSanitizer, which has its own heap */
        cr_assert(now <= before + 65536, "%zu bytes more", now - before);
    }
    cr_assert(lines == COUNT);
    must_close(stream);
}

Test(file_directory, removed_while_read)
{
    char text[64];
    cr_assert(mkdirat(root, "d", 0755) == 0);
    struct dagger_stream *stream = must_open("/d");
    cr_assert(unlinkat(root, "d", AT_REMOVEDIR) == 0);
    int64_t count = dagger_stream_read(stream, text, sizeof text);
    cr_assert(count == 0 || count == DAGGER_NOENT);
    must_close(stream);
}
