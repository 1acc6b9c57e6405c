/* What a descriptor is and how that changes: fd_close, fd_renumber, fd_fdstat_*, fd_filestat_*,
 * fd_allocate, fd_advise, fd_sync, fd_datasync, fd_prestat_*. */
#include "files.h"

static char data[64];
static u32 fd, done;
static struct wasi_fdstat fdstat;
static struct wasi_filestat stat;

CASE(close_ends_it)
{
    OK(open_read("file", &fd));
    OK(wasi_fd_close(fd));
    EXPECT(wasi_fd_close(fd), BADF);
    EXPECT(read_some(fd, data, 1, &done), BADF);
}

CASE(descriptors_do_not_run_out_by_use)
{
    for (u32 i = 0; i < 5000; i++) {
        OK(open_read("file", &fd));
        OK(wasi_fd_close(fd));
    }
    TRUE(fd < 5000);
}

CASE(renumber_moves)
{
    u32 other;
    OK(open_read("file", &fd));
    OK(open_read("dir/inner", &other));
    OK(wasi_fd_renumber(fd, other));
    EXPECT(wasi_fd_close(fd), BADF);
    OK(read_some(other, data, sizeof data, &done));
    EQUAL(done, 10);
    OK(wasi_fd_close(other));
}

CASE(renumber_keeps_the_position)
{
    u32 other;
    OK(open_read("file", &fd));
    OK(open_read("file", &other));
    OK(read_some(fd, data, 3, &done));
    OK(wasi_fd_renumber(fd, other));
    EQUAL(position(other), 3);
    OK(wasi_fd_close(other));
}

CASE(renumber_onto_itself)
{
    OK(open_read("file", &fd));
    OK(wasi_fd_renumber(fd, fd));
    OK(read_some(fd, data, 1, &done));
    OK(wasi_fd_close(fd));
}

CASE(renumber_onto_what_is_closed)
{
    OK(open_read("file", &fd));
    EXPECT(wasi_fd_renumber(fd, UNKNOWN_FD), BADF);
    OK(read_some(fd, data, 1, &done));
    OK(wasi_fd_close(fd));
}

CASE(renumber_of_what_is_closed)
{
    OK(open_read("file", &fd));
    EXPECT(wasi_fd_renumber(UNKNOWN_FD, fd), BADF);
    EXPECT(wasi_fd_renumber(UNKNOWN_FD, UNKNOWN_FD), BADF);
    OK(read_some(fd, data, 1, &done));
    OK(wasi_fd_close(fd));
}

CASE(fdstat_of_a_file)
{
    OK(open_as(ROOT, "file", 0, READ_RIGHTS, &fd));
    OK(wasi_fd_fdstat_get(fd, &fdstat));
    EQUAL(fdstat.type, TYPE_REGULAR_FILE);
    EQUAL(fdstat.flags, 0);
    EQUAL(fdstat.base, READ_RIGHTS);
    EQUAL(fdstat.inheriting, 0);
    OK(wasi_fd_close(fd));
}

CASE(fdstat_of_a_folder)
{
    OK(wasi_fd_fdstat_get(ROOT, &fdstat));
    EQUAL(fdstat.type, TYPE_DIRECTORY);
    EQUAL(fdstat.base & DIR_RIGHTS, DIR_RIGHTS);
    EQUAL(fdstat.inheriting & (DIR_RIGHTS | FILE_RIGHTS), DIR_RIGHTS | FILE_RIGHTS);
}

CASE(fdstat_of_pipes)
{
    OK(wasi_fd_fdstat_get(STDIN, &fdstat));
    EQUAL(fdstat.type, TYPE_UNKNOWN);
    TRUE(fdstat.base & RIGHT(FD_READ));
    TRUE(!(fdstat.base & RIGHT(FD_SEEK)));
    OK(wasi_fd_fdstat_get(STDOUT, &fdstat));
    TRUE(fdstat.base & RIGHT(FD_WRITE));
}

CASE(fdstat_tells_of_append)
{
    OK(wasi_path_open(ROOT, FOLLOW, P("fd-append"), O_CREATE, FILE_RIGHTS, 0, FD_APPEND, &fd));
    OK(wasi_fd_fdstat_get(fd, &fdstat));
    EQUAL(fdstat.flags, FD_APPEND);
    OK(wasi_fd_close(fd));
}

CASE(flags_are_set_and_taken_away)
{
    u64 at;
    OK(make_file("fd-flags", "abc"));
    OK(open_as(ROOT, "fd-flags", 0, FILE_RIGHTS, &fd));
    OK(wasi_fd_fdstat_set_flags(fd, FD_APPEND));
    OK(write_text(fd, "d"));
    OK(wasi_fd_fdstat_set_flags(fd, 0));
    OK(wasi_fd_fdstat_get(fd, &fdstat));
    EQUAL(fdstat.flags, 0);
    OK(wasi_fd_seek(fd, 0, WHENCE_SET, &at));
    OK(write_text(fd, "X"));
    OK(wasi_fd_close(fd));
    OK(has_text("fd-flags", "Xbcd"));
}

CASE(flags_not_to_wait)
{
    OK(open_new("fd-nonblock", &fd));
    OK(wasi_fd_fdstat_set_flags(fd, FD_NONBLOCK));
    OK(wasi_fd_fdstat_get(fd, &fdstat));
    EQUAL(fdstat.flags, FD_NONBLOCK);
    OK(wasi_fd_close(fd));
}

CASE(flags_that_are_unknown)
{
    OK(open_new("fd-unknown", &fd));
    EXPECT(wasi_fd_fdstat_set_flags(fd, 32), INVAL);
    EXPECT(wasi_fd_fdstat_set_flags(fd, 0x8000), INVAL);
    OK(wasi_fd_close(fd));
}

CASE(flags_need_a_right)
{
    OK(open_read("file", &fd));
    EXPECT(wasi_fd_fdstat_set_flags(fd, FD_APPEND), NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

CASE(rights_are_given_away)
{
    OK(open_as(ROOT, "file", 0, FILE_RIGHTS, &fd));
    OK(wasi_fd_fdstat_set_rights(fd, READ_RIGHTS, 0));
    OK(wasi_fd_fdstat_get(fd, &fdstat));
    EQUAL(fdstat.base, READ_RIGHTS);
    EXPECT(write_text(fd, "x"), NOTCAPABLE);
    OK(wasi_fd_fdstat_set_rights(fd, 0, 0));
    EXPECT(read_some(fd, data, 1, &done), NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

CASE(rights_do_not_come_back)
{
    OK(open_read("file", &fd));
    EXPECT(wasi_fd_fdstat_set_rights(fd, READ_RIGHTS | RIGHT(FD_WRITE), 0), NOTCAPABLE);
    EXPECT(wasi_fd_fdstat_set_rights(fd, READ_RIGHTS, RIGHT(FD_READ)), NOTCAPABLE);
    OK(read_some(fd, data, 1, &done));
    OK(wasi_fd_close(fd));
}

CASE(filestat_is_that_of_the_path)
{
    struct wasi_filestat by_path;
    OK(open_read("file", &fd));
    OK(wasi_fd_filestat_get(fd, &stat));
    OK(stat_of(NO_FOLLOW, "file", &by_path));
    TRUE(same(&stat, &by_path, 17)); /* up to the type: padding follows */
    EQUAL(stat.type, TYPE_REGULAR_FILE);
    EQUAL(stat.size, 10);
    EQUAL(stat.nlink, 2);
    EQUAL(stat.mtim, by_path.mtim);
    OK(wasi_fd_close(fd));
}

CASE(filestat_of_a_folder)
{
    struct wasi_filestat by_path;
    OK(wasi_fd_filestat_get(ROOT, &stat));
    EQUAL(stat.type, TYPE_DIRECTORY);
    OK(stat_of(FOLLOW, ".", &by_path));
    EQUAL(stat.ino, by_path.ino);
}

CASE(filestat_of_a_pipe)
{
    OK(wasi_fd_filestat_get(STDIN, &stat));
    EQUAL(stat.type, TYPE_UNKNOWN);
}

CASE(filestat_needs_a_right)
{
    OK(open_as(ROOT, "file", 0, RIGHT(FD_READ), &fd));
    EXPECT(wasi_fd_filestat_get(fd, &stat), NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

CASE(size_grows_and_shrinks)
{
    OK(make_file("fd-size", "abcdef"));
    OK(open_as(ROOT, "fd-size", 0, FILE_RIGHTS, &fd));
    OK(wasi_fd_filestat_set_size(fd, 2));
    OK(wasi_fd_filestat_set_size(fd, 4));
    EQUAL(position(fd), 0);
    OK(read_some(fd, data, sizeof data, &done));
    TRUE(done == 4 && same(data, "ab\0\0", 4));
    OK(wasi_fd_close(fd));
}

CASE(size_that_is_none)
{
    OK(open_new("fd-huge", &fd));
    EITHER(wasi_fd_filestat_set_size(fd, UINT64_MAX), INVAL, FBIG);
    EITHER(wasi_fd_filestat_set_size(fd, (u64)1 << 63), INVAL, FBIG);
    OK(wasi_fd_filestat_get(fd, &stat));
    EQUAL(stat.size, 0);
    OK(wasi_fd_close(fd));
}

CASE(size_needs_a_right)
{
    OK(open_as(ROOT, "file", 0, READ_RIGHTS, &fd));
    EXPECT(wasi_fd_filestat_set_size(fd, 0), NOTCAPABLE);
    OK(wasi_fd_close(fd));
    OK(has_text("file", "0123456789"));
}

CASE(size_of_a_folder)
{
    EITHER(wasi_fd_filestat_set_size(ROOT, 0), ISDIR, NOTCAPABLE);
}

CASE(times_are_set)
{
    OK(open_new("fd-times", &fd));
    OK(wasi_fd_filestat_set_times(fd, 1000000000123456789, 1500000000987654321,
                                  SET_ATIM | SET_MTIM));
    OK(wasi_fd_filestat_get(fd, &stat));
    EQUAL(stat.atim, 1000000000123456789);
    EQUAL(stat.mtim, 1500000000987654321);
    OK(wasi_fd_close(fd));
}

CASE(times_are_left)
{
    OK(open_new("fd-times-left", &fd));
    OK(wasi_fd_filestat_set_times(fd, 5000000000, 6000000000, SET_ATIM | SET_MTIM));
    OK(wasi_fd_filestat_set_times(fd, 1, 7000000000, SET_MTIM));
    OK(wasi_fd_filestat_set_times(fd, 1, 1, 0));
    OK(wasi_fd_filestat_get(fd, &stat));
    EQUAL(stat.atim, 5000000000);
    EQUAL(stat.mtim, 7000000000);
    OK(wasi_fd_close(fd));
}

CASE(times_are_now)
{
    OK(open_new("fd-times-now", &fd));
    OK(wasi_fd_filestat_set_times(fd, 0, 0, SET_ATIM | SET_MTIM));
    OK(wasi_fd_filestat_set_times(fd, 0, 0, SET_MTIM_NOW));
    OK(wasi_fd_filestat_get(fd, &stat));
    EQUAL(stat.atim, 0);
    TRUE(stat.mtim > 1600000000000000000);
    OK(wasi_fd_close(fd));
}

CASE(times_that_contradict)
{
    OK(open_new("fd-times-both", &fd));
    EXPECT(wasi_fd_filestat_set_times(fd, 0, 0, SET_ATIM | SET_ATIM_NOW), INVAL);
    EXPECT(wasi_fd_filestat_set_times(fd, 0, 0, SET_MTIM | SET_MTIM_NOW), INVAL);
    EXPECT(wasi_fd_filestat_set_times(fd, 0, 0, 16), INVAL);
    OK(wasi_fd_close(fd));
}

CASE(times_need_a_right)
{
    OK(open_read("file", &fd));
    EXPECT(wasi_fd_filestat_set_times(fd, 0, 0, SET_ATIM_NOW), NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

CASE(allocate_makes_room)
{
    OK(make_file("fd-allocate", "abc"));
    OK(open_as(ROOT, "fd-allocate", 0, FILE_RIGHTS, &fd));
    OK(wasi_fd_allocate(fd, 0, 100));
    OK(wasi_fd_filestat_get(fd, &stat));
    EQUAL(stat.size, 100);
    OK(wasi_fd_allocate(fd, 50, 10));
    OK(wasi_fd_filestat_get(fd, &stat));
    EQUAL(stat.size, 100);
    OK(read_some(fd, data, 4, &done));
    TRUE(same(data, "abc\0", 4));
    OK(wasi_fd_close(fd));
}

CASE(allocate_nothing)
{
    OK(open_new("fd-allocate-0", &fd));
    EXPECT(wasi_fd_allocate(fd, 0, 0), INVAL);
    OK(wasi_fd_close(fd));
}

CASE(allocate_past_every_number)
{
    OK(open_new("fd-allocate-far", &fd));
    EITHER(wasi_fd_allocate(fd, UINT64_MAX, 2), FBIG, INVAL);
    EITHER(wasi_fd_allocate(fd, INT64_MAX, INT64_MAX), FBIG, INVAL);
    OK(wasi_fd_close(fd));
}

CASE(allocate_needs_a_right)
{
    OK(open_read("file", &fd));
    EXPECT(wasi_fd_allocate(fd, 0, 100), NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

CASE(advise_every_way)
{
    OK(open_as(ROOT, "file", 0, FILE_RIGHTS, &fd));
    for (u32 advice = ADVICE_NORMAL; advice <= ADVICE_NOREUSE; advice++)
        OK(wasi_fd_advise(fd, 0, 10, advice));
    OK(wasi_fd_advise(fd, 4, 0, ADVICE_NORMAL));
    EXPECT(wasi_fd_advise(fd, 0, 0, ADVICE_NOREUSE + 1), INVAL);
    OK(wasi_fd_close(fd));
}

CASE(advise_needs_a_right)
{
    OK(open_read("file", &fd));
    EXPECT(wasi_fd_advise(fd, 0, 0, ADVICE_NORMAL), NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

CASE(pipe_has_no_room_and_no_advice)
{
    EITHER(wasi_fd_allocate(STDOUT, 0, 1), SPIPE, NOTCAPABLE);
    EITHER(wasi_fd_advise(STDIN, 0, 0, ADVICE_NORMAL), SPIPE, NOTCAPABLE);
}

CASE(folder_has_no_room)
{
    EITHER(wasi_fd_allocate(ROOT, 0, 1), ISDIR, NOTCAPABLE);
}

CASE(sync)
{
    OK(open_new("fd-sync", &fd));
    OK(write_text(fd, "x"));
    OK(wasi_fd_datasync(fd));
    OK(wasi_fd_sync(fd));
    OK(wasi_fd_close(fd));
}

CASE(sync_needs_a_right)
{
    OK(open_read("file", &fd));
    EXPECT(wasi_fd_sync(fd), NOTCAPABLE);
    EXPECT(wasi_fd_datasync(fd), NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

MAIN();
