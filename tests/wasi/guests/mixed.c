/* Both worlds in one guest: streams of dagger, and WASI. */
#include "files.h"

#define DAGGER(name) __attribute__((import_module("dagger"), import_name(#name)))
DAGGER(open) int dagger_open(const char *url, u32 len);
DAGGER(close) int dagger_close(int sd);
DAGGER(read) int dagger_read(int sd, void *data, u32 len);
DAGGER(write) int dagger_write(int sd, const void *data, u32 len);
DAGGER(flush) int dagger_flush(int sd);

static char data[64];
static u32 done, fd;

CASE(stream_is_read_by_wasi)
{
    int sd = dagger_open(P("file:///file?mode=r"));
    TRUE(sd > 2);
    OK(read_some((u32)sd, data, 4, &done));
    TRUE(done == 4 && same(data, "0123", 4));
    EQUAL(dagger_read(sd, data, 3), 3);
    TRUE(same(data, "456", 3));
    OK(wasi_fd_close((u32)sd));
    TRUE(dagger_read(sd, data, 1) < 0);
}

CASE(descriptor_is_read_by_dagger)
{
    OK(open_read("file", &fd));
    EQUAL(dagger_read((int)fd, data, 4), 4);
    TRUE(same(data, "0123", 4));
    EQUAL(dagger_close((int)fd), 0);
    EXPECT(wasi_fd_close(fd), BADF);
}

CASE(stdout_is_written_by_both)
{
    EQUAL(dagger_write(1, "written by dagger\n", 18), 18);
    EQUAL(dagger_flush(1), 0);
    OK(write_text(1, "written by WASI\n"));
}

CASE(stream_is_written_by_wasi)
{
    int sd = dagger_open(P("file:///mixed?mode=w"));
    TRUE(sd > 2);
    OK(write_text((u32)sd, "by WASI, "));
    EQUAL(dagger_write(sd, "by dagger", 9), 9);
    EQUAL(dagger_close(sd), 0);
    OK(has_text("mixed", "by WASI, by dagger"));
}

CASE(numbers_are_not_given_twice)
{
    int sd = dagger_open(P("null://"));
    OK(open_read("file", &fd));
    TRUE((u32)sd != fd && sd > ROOT && fd > ROOT);
    EQUAL(dagger_close(sd), 0);
    OK(wasi_fd_close(fd));
}

CASE(stream_has_a_kind)
{
    struct wasi_fdstat stat;
    int sd = dagger_open(P("zero://"));
    TRUE(sd > 2);
    OK(wasi_fd_fdstat_get((u32)sd, &stat));
    TRUE(stat.type != TYPE_DIRECTORY && stat.type != TYPE_REGULAR_FILE);
    OK(read_some((u32)sd, data, 8, &done));
    TRUE(done == 8 && same(data, "\0\0\0\0\0\0\0\0", 8));
    EITHER(try_open((u32)sd, FOLLOW, P("file")), NOTDIR, NOTCAPABLE);
    OK(wasi_fd_close((u32)sd));
}

CASE(folder_is_no_stream)
{
    TRUE(dagger_read(ROOT, data, 1) < 0);
    TRUE(dagger_write(ROOT, data, 1) < 0);
}

MAIN();
