/* What each mode does to a file. */
#include "place.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(file_modes, .init = place_setup, .fini = place_teardown, .timeout = 60);

Test(file_modes, read)
{
    put(root, "f", "one\ntwo\n");
    reads_as("/f", "one\ntwo\n");
    reads_as("localhost/f?mode=r", "one\ntwo\n");
    fails_to_open("/absent", DAGGER_NOENT);
    fails_to_open("/f/under", DAGGER_NOENT);

    struct dagger_stream *stream = must_open("/f");
    cr_assert(dagger_stream_write(stream, "x", 1) == DAGGER_NOTSUP);
    cr_assert(dagger_stream_flush(stream) == 0);
    must_close(stream);
    cr_assert(!exists(root, "absent"));
}

Test(file_modes, read_by_bytes)
{
    put(root, "f", "0123456789");
    struct dagger_stream *stream = must_open("/f");
    char byte;
    for (char expected = '0'; expected <= '9'; expected++) {
        cr_assert(dagger_stream_read(stream, &byte, 1) == 1);
        cr_assert(byte == expected);
    }
    cr_assert(dagger_stream_read(stream, &byte, 1) == 0);
    cr_assert(dagger_stream_read(stream, &byte, 1) == 0);
    /* The end is where the file ends now. */
    int fd = openat(root, "f", O_WRONLY | O_APPEND);
    cr_assert(write(fd, "+", 1) == 1);
    close(fd);
    cr_assert(dagger_stream_read(stream, &byte, 1) == 1);
    cr_assert(byte == '+');
    must_close(stream);
}

/* Small and large reads in turn, over several buffers, against what was written. */
Test(file_modes, read_in_mixed_sizes)
{
    enum { SIZE = 3 << 20 };
    unsigned char *want = malloc(SIZE), *got = malloc(SIZE);
    for (size_t i = 0; i < SIZE; i++)
        want[i] = (unsigned char)(i * 2654435761u >> 11);
    struct dagger_stream *stream = must_open("/f?mode=w");
    cr_assert(dagger_stream_write(stream, want, SIZE) == SIZE);
    must_close(stream);

    static const size_t sizes[] = {1, 4096, 7, 8191, 8192, 32768, 100000, 3, 1 << 20};
    stream = must_open("/f");
    size_t done = 0;
    for (size_t i = 0;; i++) {
        size_t len = sizes[i % (sizeof sizes / sizeof sizes[0])];
        if (len > SIZE - done)
            len = SIZE - done;
        if (!len)
            break;
        int64_t count = dagger_stream_read(stream, got + done, len);
        cr_assert(count > 0);
        done += (size_t)count;
    }
    cr_assert(memcmp(want, got, SIZE) == 0);
    cr_assert(dagger_stream_read(stream, got, 1) == 0);
    must_close(stream);

    /* A large read fills the guest's memory in one call. */
    stream = must_open("/f");
    cr_assert(dagger_stream_read(stream, got, 1 << 20) == 1 << 20);
    cr_assert(memcmp(want, got, 1 << 20) == 0);
    must_close(stream);
    free(want);
    free(got);
}

Test(file_modes, write_creates_and_truncates)
{
    umask(027);
    struct dagger_stream *stream = must_open("/f?mode=w");
    struct stat st;
    cr_assert(fstatat(root, "f", &st, 0) == 0);
    cr_assert((st.st_mode & 07777) == 0640, "mode %o", st.st_mode);
    must_write(stream, "a long first text\n");
    char byte;
    cr_assert(dagger_stream_read(stream, &byte, 1) == DAGGER_NOTSUP);
    must_close(stream);
    holds(root, "f", "a long first text\n");

    cr_assert(fchmodat(root, "f", 0606, 0) == 0);
    stream = must_open("/f?mode=w");
    must_write(stream, "short");
    must_close(stream);
    holds(root, "f", "short");
    cr_assert(fstatat(root, "f", &st, 0) == 0);
    cr_assert((st.st_mode & 07777) == 0606, "the mode of a file that was there stays");

    fails_to_open("/no/f?mode=w", DAGGER_NOENT);
}

Test(file_modes, small_writes_are_gathered_until_flush)
{
    struct dagger_stream *stream = must_open("/f?mode=w");
    must_write(stream, "one ");
    must_write(stream, "two");
    holds(root, "f", "");
    cr_assert(dagger_stream_flush(stream) == 0);
    holds(root, "f", "one two");
    must_write(stream, " three");
    must_close(stream);
    holds(root, "f", "one two three");
}

Test(file_modes, append)
{
    struct dagger_stream *stream = must_open("/f?mode=a");
    must_write(stream, "one\n");
    must_close(stream);
    stream = must_open("/f?mode=a");
    must_write(stream, "two\n");
    /* Whatever others add meanwhile stays. */
    int fd = openat(root, "f", O_WRONLY | O_APPEND);
    cr_assert(write(fd, "theirs\n", 7) == 7);
    close(fd);
    must_close(stream);
    holds(root, "f", "one\ntheirs\ntwo\n");
}

Test(file_modes, create_new)
{
    struct dagger_stream *stream = must_open("/f?mode=x");
    must_write(stream, "mine\n");
    must_close(stream);
    fails_to_open("/f?mode=x", DAGGER_EXIST);
    holds(root, "f", "mine\n");

    cr_assert(mkdirat(root, "d", 0755) == 0);
    fails_to_open("/d?mode=x", DAGGER_EXIST);
    fails_to_open("/?mode=x", DAGGER_EXIST);
}

Test(file_modes, read_write_has_one_position)
{
    char text[32] = "";
    put(root, "f", "0123456789");
    struct dagger_stream *stream = must_open("/f?mode=rw");
    cr_assert(dagger_stream_read(stream, text, 3) == 3);
    cr_assert(memcmp(text, "012", 3) == 0);
    must_write(stream, "ab"); /* over "34", although all was read ahead */
    cr_assert(dagger_stream_read(stream, text, 2) == 2);
    cr_assert(memcmp(text, "56", 2) == 0);
    must_write(stream, "c"); /* over "7" */
    must_write(stream, "d"); /* over "8" */
    cr_assert(dagger_stream_read(stream, text, sizeof text) == 1);
    cr_assert(text[0] == '9');
    cr_assert(dagger_stream_read(stream, text, sizeof text) == 0);
    must_write(stream, "end");
    must_close(stream);
    holds(root, "f", "012ab56cd9end");

    stream = must_open("/new?mode=rw");
    must_write(stream, "created");
    must_close(stream);
    holds(root, "new", "created");
}

/* Random reads and writes against a model of the file. */
Test(file_modes, read_write_model)
{
    enum { SIZE = 200000 };
    unsigned char *model = calloc(1, SIZE), *got = malloc(SIZE);
    unsigned random = 12345;
    struct dagger_stream *stream = must_open("/f?mode=w");
    cr_assert(dagger_stream_write(stream, model, SIZE) == SIZE);
    must_close(stream);
    stream = must_open("/f?mode=rw");
    for (size_t at = 0; at < SIZE;) {
        random = random * 1103515245 + 12345;
        size_t len = (random >> 8) % ((random >> 4) % 8 ? 50 : 20000) + 1;
        if (len > SIZE - at)
            len = SIZE - at;
        if (random >> 31) {
            memset(model + at, (int)(random >> 16), len);
            cr_assert(dagger_stream_write(stream, model + at, len) == (int64_t)len);
        } else {
            int64_t count = dagger_stream_read(stream, got, len);
            cr_assert(count > 0);
            cr_assert(memcmp(model + at, got, (size_t)count) == 0);
            len = (size_t)count;
        }
        at += len;
    }
    must_close(stream);
    int fd = openat(root, "f", O_RDONLY);
    cr_assert(read(fd, got, SIZE) == SIZE);
    cr_assert(memcmp(model, got, SIZE) == 0);
    close(fd);
    free(model);
    free(got);
}

Test(file_modes, offset)
{
    put(root, "f", "0123456789");
    reads_as("/f?offset=0", "0123456789");
    reads_as("/f?offset=7", "789");
    reads_as("/f?offset=10", "");
    reads_as("/f?offset=4000000000000", "");

    struct dagger_stream *stream = must_open("/f?mode=rw&offset=8");
    must_write(stream, "abcd");
    must_close(stream);
    holds(root, "f", "01234567abcd");

    stream = must_open("/f?mode=w&offset=3");
    must_write(stream, "x");
    must_close(stream);
    int fd = openat(root, "f", O_RDONLY);
    char text[8];
    cr_assert(read(fd, text, sizeof text) == 4);
    cr_assert(memcmp(text, "\0\0\0x", 4) == 0);
    close(fd);
}

Test(file_modes, a_directory_is_only_read)
{
    cr_assert(mkdirat(root, "d", 0755) == 0);
    static const char *const urls[] = {
        "/d?mode=w", "/d?mode=a",         "/d?mode=rw", "/d?mode=w&atomic=1", "/d/?mode=w",
        "/?mode=w",  "/?mode=w&atomic=1", "/?mode=a",   "/d/..?mode=w",       "/d?offset=1"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++)
        fails_to_open(urls[i], DAGGER_NOTSUP);
}

static void trailing_slash(void)
{
    put(root, "f", "text");
    fails_to_open("/f/", DAGGER_NOENT);
    fails_to_open("/f/.", DAGGER_NOENT);
    fails_to_open("/f/..", DAGGER_NOENT);
    fails_to_open("/f//?mode=rw", DAGGER_NOTSUP);
    fails_to_open("/f/?mode=w", DAGGER_NOTSUP);
    fails_to_open("/f/?mode=w&atomic=1", DAGGER_NOTSUP);
    fails_to_open("/new/?mode=x", DAGGER_NOTSUP);
    fails_to_open("/new/?mode=w", DAGGER_NOTSUP);
    fails_to_open("/new/.?mode=w", DAGGER_NOENT);
    cr_assert(!exists(root, "new"));
    holds(root, "f", "text");
    reads_as("//f", "text");
    reads_as("/.//./f", "text");
}

Test(file_modes, trailing_slash)
{
    both_ways(trailing_slash);
}

static void long_names(void)
{
    char url[DAGGER_URL_MAX] = "/";
    memset(url + 1, 'n', 255);
    memcpy(url + 256, "?mode=w", 8);
    must_close(must_open(url));
    memset(url + 1, 'n', 256);
    memcpy(url + 257, "?mode=w", 8);
    fails_to_open(url, DAGGER_BADINPUT);
    memcpy(url + 257, "?mode=w&atomic=1", 17);
    fails_to_open(url, DAGGER_BADINPUT);
    memcpy(url + 257, "/f", 3);
    fails_to_open(url, DAGGER_BADINPUT);

    /* Longer than any path of the kernel. */
    for (size_t i = 0; i < 8000; i += 2)
        memcpy(url + i, "/.", 3);
    fails_to_open(url, DAGGER_BADINPUT);
    memcpy(url + 8000, "/f?mode=w&atomic=1", 19);
    fails_to_open(url, DAGGER_BADINPUT);
    /* As long as one may be: PATH_MAX counts the NUL. */
    for (size_t i = 0; i < 4092; i += 2)
        memcpy(url + i, "/.", 3);
    put(root, "ok", "text");
    memcpy(url + 4092, "/ok", 4);
    reads_as(url, "text");
    memcpy(url + 4092, "//ok", 5);
    fails_to_open(url, DAGGER_BADINPUT);
}

Test(file_modes, long_names)
{
    both_ways(long_names);
}

Test(file_modes, without_a_root)
{
    put(root, "f", "text");
    cr_assert(fchdir(root) == 0);
    host.root = NULL;
    reads_as("/f", "text");
    host.root = "no such directory";
    fails_to_open("/f", DAGGER_NOENT);
    host.root = "f";
    fails_to_open("/f", DAGGER_NOENT);
}

/* Whatever happens, no descriptor is left open. */
Test(file_modes, no_descriptor_leaks)
{
    put(root, "f", "text");
    cr_assert(mkdirat(root, "d", 0755) == 0);
    cr_assert(mkfifoat(root, "p", 0644) == 0);
    cr_assert(symlinkat("loop", root, "loop") == 0);
    static const char *const urls[] = {
        "/f",
        "/d",
        "/f?mode=rw&sync=1",
        "/f?mode=w&atomic=1&sync=1",
        "/f?mode=x",
        "/d?mode=w",
        "/d?mode=w&atomic=1",
        "/p?mode=w",
        "/p",
        "/p?mode=rw",
        "/d/../loop/x",
        "/loop?mode=w&atomic=1",
        "/f?mode=r&",
        "/p?offset=12",
        "/d/../../../d/./",
        "/f?offset=9223372036854775807",
        "/f?mode=rw&sync=1&offset=9223372036854775807",
    };
    int fds = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int before = entries(fds);
    for (size_t i = 0; i < 2 * (sizeof urls / sizeof urls[0]); i++) {
        struct dagger_stream *stream;
        dagger_file_lacks.openat2 = i % 2;
        if (try_open(urls[i / 2], &stream) == 0)
            dagger_stream_close(stream, DAGGER_END_NORMAL);
    }
    cr_assert(entries(fds) == before, "%d descriptors left open", entries(fds) - before);
    close(fds);
}
