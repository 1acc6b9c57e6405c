/* Reading, writing and the position: fd_read, fd_write, fd_pread, fd_pwrite, fd_seek, fd_tell. */
#include "files.h"

static char data[64];
static u32 fd, done;
static u64 at;

CASE(read_goes_on_where_it_was)
{
    OK(open_read("file", &fd));
    OK(read_some(fd, data, 4, &done));
    TRUE(done == 4 && same(data, "0123", 4));
    OK(read_some(fd, data, sizeof data, &done));
    TRUE(done == 6 && same(data, "456789", 6));
    OK(wasi_fd_close(fd));
}

CASE(read_at_the_end)
{
    OK(open_read("empty", &fd));
    OK(read_some(fd, data, sizeof data, &done));
    EQUAL(done, 0);
    OK(wasi_fd_close(fd));
}

CASE(read_into_several)
{
    char a[3], b[1], c[20];
    struct wasi_iovec to[] = {{a, sizeof a}, {b, 0}, {b, sizeof b}, {c, sizeof c}};
    OK(open_read("file", &fd));
    OK(wasi_fd_read(fd, to, 4, &done));
    EQUAL(done, 10);
    TRUE(same(a, "012", 3) && same(b, "3", 1) && same(c, "456789", 6));
    OK(wasi_fd_close(fd));
}

CASE(read_into_none)
{
    OK(open_read("file", &fd));
    done = 7;
    OK(wasi_fd_read(fd, 0, 0, &done));
    EQUAL(done, 0);
    OK(read_some(fd, data, 0, &done));
    EQUAL(done, 0);
    EQUAL(position(fd), 0);
    OK(wasi_fd_close(fd));
}

static struct wasi_iovec many[3000];

/* More vectors than a host takes in one call: some of it is done, as with any short read. */
CASE(read_into_very_many)
{
    for (u32 i = 0; i < sizeof many / sizeof *many; i++)
        many[i] = (struct wasi_iovec){data + i % sizeof data, 1};
    OK(open_read("file", &fd));
    OK(wasi_fd_read(fd, many, sizeof many / sizeof *many, &done));
    TRUE(done >= 1 && done <= 10);
    TRUE(same(data, "0123456789", done));
    OK(wasi_fd_close(fd));
}

CASE(write_from_very_many)
{
    for (u32 i = 0; i < sizeof many / sizeof *many; i++)
        many[i] = (struct wasi_iovec){"x", 1};
    OK(open_new("io-many", &fd));
    OK(wasi_fd_write(fd, many, sizeof many / sizeof *many, &done));
    TRUE(done >= 1 && done <= sizeof many / sizeof *many);
    EQUAL(position(fd), done);
    OK(wasi_fd_close(fd));
}

CASE(write_from_several)
{
    struct wasi_iovec from[] = {{"ab", 2}, {"", 0}, {"cde", 3}};
    OK(open_new("io-several", &fd));
    OK(wasi_fd_write(fd, from, 3, &done));
    EQUAL(done, 5);
    OK(wasi_fd_close(fd));
    OK(has_text("io-several", "abcde"));
}

CASE(write_from_none)
{
    OK(open_new("io-none", &fd));
    done = 7;
    OK(wasi_fd_write(fd, 0, 0, &done));
    EQUAL(done, 0);
    OK(wasi_fd_close(fd));
    OK(has_text("io-none", ""));
}

CASE(write_over_what_is_there)
{
    OK(make_file("io-over", "abcdef"));
    OK(open_as(ROOT, "io-over", 0, FILE_RIGHTS, &fd));
    OK(write_text(fd, "XY"));
    OK(wasi_fd_close(fd));
    OK(has_text("io-over", "XYcdef"));
}

CASE(append_goes_to_the_end)
{
    OK(make_file("io-append", "one"));
    OK(wasi_path_open(ROOT, FOLLOW, P("io-append"), 0, FILE_RIGHTS, 0, FD_APPEND, &fd));
    OK(wasi_fd_seek(fd, 0, WHENCE_SET, &at));
    OK(write_text(fd, "two"));
    EQUAL(position(fd), 6);
    OK(wasi_fd_close(fd));
    OK(has_text("io-append", "onetwo"));
}

CASE(pread_leaves_the_position)
{
    struct wasi_iovec to = {data, 3};
    OK(open_read("file", &fd));
    OK(wasi_fd_pread(fd, &to, 1, 4, &done));
    TRUE(done == 3 && same(data, "456", 3));
    EQUAL(position(fd), 0);
    OK(wasi_fd_close(fd));
}

CASE(pread_into_several)
{
    struct wasi_iovec to[] = {{data, 2}, {data + 10, 40}};
    OK(open_read("file", &fd));
    OK(wasi_fd_pread(fd, to, 2, 5, &done));
    TRUE(done == 5 && same(data, "56", 2) && same(data + 10, "789", 3));
    OK(wasi_fd_close(fd));
}

CASE(pread_past_the_end)
{
    struct wasi_iovec to = {data, 3};
    OK(open_read("file", &fd));
    OK(wasi_fd_pread(fd, &to, 1, 10, &done));
    EQUAL(done, 0);
    OK(wasi_fd_pread(fd, &to, 1, 1 << 20, &done));
    EQUAL(done, 0);
    OK(wasi_fd_close(fd));
}

CASE(offset_that_is_no_file_offset)
{
    struct wasi_iovec to = {data, 3};
    OK(open_new("io-offset", &fd));
    EXPECT(wasi_fd_pread(fd, &to, 1, UINT64_MAX, &done), INVAL);
    EITHER(wasi_fd_pwrite(fd, &to, 1, (u64)1 << 63, &done), INVAL, FBIG);
    OK(wasi_fd_close(fd));
    OK(has_text("io-offset", ""));
}

CASE(pwrite_leaves_the_position)
{
    struct wasi_iovec from = {"XY", 2};
    OK(make_file("io-pwrite", "abcdef"));
    OK(open_as(ROOT, "io-pwrite", 0, FILE_RIGHTS, &fd));
    OK(wasi_fd_pwrite(fd, &from, 1, 3, &done));
    EQUAL(done, 2);
    EQUAL(position(fd), 0);
    OK(wasi_fd_close(fd));
    OK(has_text("io-pwrite", "abcXYf"));
}

CASE(pwrite_past_the_end_fills_with_zeros)
{
    struct wasi_iovec from = {"X", 1};
    OK(open_new("io-hole", &fd));
    OK(wasi_fd_pwrite(fd, &from, 1, 3, &done));
    OK(read_some(fd, data, sizeof data, &done));
    TRUE(done == 4 && same(data, "\0\0\0X", 4));
    OK(wasi_fd_close(fd));
}

CASE(seek_from_start_here_and_end)
{
    OK(open_read("file", &fd));
    OK(wasi_fd_seek(fd, 4, WHENCE_SET, &at));
    EQUAL(at, 4);
    OK(wasi_fd_seek(fd, 3, WHENCE_CUR, &at));
    EQUAL(at, 7);
    OK(wasi_fd_seek(fd, -2, WHENCE_CUR, &at));
    EQUAL(at, 5);
    OK(wasi_fd_seek(fd, -1, WHENCE_END, &at));
    EQUAL(at, 9);
    OK(read_some(fd, data, 5, &done));
    TRUE(done == 1 && data[0] == '9');
    OK(wasi_fd_close(fd));
}

CASE(seek_before_the_start)
{
    OK(open_read("file", &fd));
    OK(wasi_fd_seek(fd, 2, WHENCE_SET, &at));
    EXPECT(wasi_fd_seek(fd, -1, WHENCE_SET, &at), INVAL);
    EXPECT(wasi_fd_seek(fd, -3, WHENCE_CUR, &at), INVAL);
    EXPECT(wasi_fd_seek(fd, -11, WHENCE_END, &at), INVAL);
    EXPECT(wasi_fd_seek(fd, INT64_MIN, WHENCE_CUR, &at), INVAL);
    EQUAL(position(fd), 2);
    OK(wasi_fd_close(fd));
}

CASE(seek_past_every_number)
{
    OK(open_read("file", &fd));
    OK(wasi_fd_seek(fd, 2, WHENCE_SET, &at));
    EITHER(wasi_fd_seek(fd, INT64_MAX, WHENCE_CUR, &at), OVERFLOW, INVAL);
    EQUAL(position(fd), 2);
    OK(wasi_fd_close(fd));
}

CASE(seek_past_the_end_and_write)
{
    OK(open_new("io-past", &fd));
    OK(wasi_fd_seek(fd, 2, WHENCE_END, &at));
    EQUAL(at, 2);
    OK(write_text(fd, "Z"));
    OK(wasi_fd_seek(fd, 0, WHENCE_SET, &at));
    OK(read_some(fd, data, sizeof data, &done));
    TRUE(done == 3 && same(data, "\0\0Z", 3));
    OK(wasi_fd_close(fd));
}

CASE(seek_by_an_unknown_whence)
{
    OK(open_read("file", &fd));
    EXPECT(wasi_fd_seek(fd, 0, 3, &at), INVAL);
    EXPECT(wasi_fd_seek(fd, 0, 0x100, &at), INVAL);
    OK(wasi_fd_close(fd));
}

CASE(tell)
{
    OK(open_read("file", &fd));
    OK(wasi_fd_tell(fd, &at));
    EQUAL(at, 0);
    OK(read_some(fd, data, 3, &done));
    OK(wasi_fd_tell(fd, &at));
    EQUAL(at, 3);
    OK(wasi_fd_close(fd));
}

CASE(pipe_has_no_position)
{
    struct wasi_iovec to = {data, 1};
    EXPECT(wasi_fd_seek(STDIN, 0, WHENCE_CUR, &at), SPIPE);
    EXPECT(wasi_fd_tell(STDIN, &at), SPIPE);
    EXPECT(wasi_fd_pread(STDIN, &to, 1, 0, &done), SPIPE);
    EXPECT(wasi_fd_pwrite(STDOUT, &to, 1, 0, &done), SPIPE);
}

CASE(pipe_is_read)
{
    OK(read_some(STDIN, data, 5, &done));
    TRUE(done == 5 && same(data, "from ", 5));
    OK(read_some(STDIN, data, sizeof data, &done));
    TRUE(done == 5 && same(data, "stdin", 5));
    OK(read_some(STDIN, data, sizeof data, &done));
    EQUAL(done, 0);
}

CASE(folder_is_not_read)
{
    struct wasi_iovec to = {data, 1};
    OK(open_dir("dir", &fd));
    EXPECT(read_some(fd, data, 1, &done), ISDIR);
    EXPECT(wasi_fd_pread(fd, &to, 1, 0, &done), ISDIR);
    EXPECT(read_some(ROOT, data, 1, &done), ISDIR);
    OK(wasi_fd_close(fd));
}

/* A folder's descriptor is never one to write by, whatever rights were asked for. */
CASE(folder_is_not_written)
{
    struct wasi_iovec from = {"x", 1};
    OK(open_dir("dir", &fd));
    EITHER(write_text(fd, "x"), ISDIR, NOTCAPABLE);
    EITHER(wasi_fd_pwrite(fd, &from, 1, 0, &done), ISDIR, NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

CASE(folder_has_no_position)
{
    OK(open_dir("dir", &fd));
    EITHER(wasi_fd_seek(fd, 0, WHENCE_SET, &at), ISDIR, INVAL);
    EITHER(wasi_fd_tell(fd, &at), ISDIR, INVAL);
    OK(wasi_fd_close(fd));
}

CASE(no_right_to_write)
{
    struct wasi_iovec from = {"x", 1};
    OK(open_read("file", &fd));
    EXPECT(write_text(fd, "x"), NOTCAPABLE);
    EXPECT(wasi_fd_pwrite(fd, &from, 1, 0, &done), NOTCAPABLE);
    OK(wasi_fd_close(fd));
    OK(has_text("file", "0123456789"));
}

CASE(no_right_to_read)
{
    struct wasi_iovec to = {data, 1};
    OK(open_as(ROOT, "io-write", O_CREATE, FILE_RIGHTS & ~RIGHT(FD_READ), &fd));
    EXPECT(read_some(fd, data, 1, &done), NOTCAPABLE);
    EXPECT(wasi_fd_pread(fd, &to, 1, 0, &done), NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

CASE(no_right_to_seek)
{
    OK(open_as(ROOT, "file", 0, RIGHT(FD_READ) | RIGHT(FD_TELL), &fd));
    EXPECT(wasi_fd_seek(fd, 1, WHENCE_SET, &at), NOTCAPABLE);
    OK(wasi_fd_tell(fd, &at));
    OK(wasi_fd_close(fd));
}

CASE(no_right_to_tell)
{
    OK(open_as(ROOT, "file", 0, RIGHT(FD_READ), &fd));
    EXPECT(wasi_fd_tell(fd, &at), NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

CASE(pread_needs_the_right_to_seek)
{
    struct wasi_iovec to = {data, 1};
    OK(open_as(ROOT, "file", 0, RIGHT(FD_READ), &fd));
    EXPECT(wasi_fd_pread(fd, &to, 1, 0, &done), NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

CASE(stdin_is_not_written)
{
    EITHER(write_text(STDIN, "x"), NOTCAPABLE, BADF);
}

CASE(two_descriptors_have_two_positions)
{
    u32 other;
    OK(open_read("file", &fd));
    OK(open_read("file", &other));
    TRUE(fd != other);
    OK(read_some(fd, data, 5, &done));
    EQUAL(position(other), 0);
    OK(wasi_fd_close(fd));
    OK(read_some(other, data, 1, &done));
    EQUAL(data[0], '0');
    OK(wasi_fd_close(other));
}

CASE(file_without_a_name)
{
    OK(open_new("io-unlinked", &fd));
    OK(wasi_path_unlink_file(ROOT, P("io-unlinked")));
    OK(write_text(fd, "still"));
    OK(wasi_fd_seek(fd, 0, WHENCE_SET, &at));
    OK(read_some(fd, data, sizeof data, &done));
    EQUAL(done, 5);
    OK(wasi_fd_close(fd));
}

MAIN();
