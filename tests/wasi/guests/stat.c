/* path_filestat_get and path_filestat_set_times. */
#include "files.h"

static struct wasi_filestat stat, other;

static u32 type_of(u32 lookup, const char *path)
{
    return stat_of(lookup, path, &stat) == WASI_SUCCESS ? stat.type : 99;
}

static u32 set_times(u32 lookup, const char *path, u64 atim, u64 mtim, u32 flags)
{
    return wasi_path_filestat_set_times(ROOT, lookup, path, length(path), atim, mtim, flags);
}

CASE(types)
{
    EQUAL(type_of(NO_FOLLOW, "file"), TYPE_REGULAR_FILE);
    EQUAL(type_of(NO_FOLLOW, "dir"), TYPE_DIRECTORY);
    EQUAL(type_of(NO_FOLLOW, "."), TYPE_DIRECTORY);
    EQUAL(type_of(NO_FOLLOW, "link-file"), TYPE_SYMBOLIC_LINK);
    EQUAL(type_of(NO_FOLLOW, "link-out"), TYPE_SYMBOLIC_LINK);
    EQUAL(type_of(NO_FOLLOW, "link-absolute"), TYPE_SYMBOLIC_LINK);
    EQUAL(type_of(NO_FOLLOW, "loop-a"), TYPE_SYMBOLIC_LINK);
    EQUAL(type_of(FOLLOW, "link-file"), TYPE_REGULAR_FILE);
    EQUAL(type_of(FOLLOW, "link-dir"), TYPE_DIRECTORY);
}

CASE(type_of_a_fifo_has_no_name)
{
    EQUAL(type_of(NO_FOLLOW, "fifo"), TYPE_UNKNOWN);
}

CASE(sizes)
{
    OK(stat_of(FOLLOW, "file", &stat));
    EQUAL(stat.size, 10);
    OK(stat_of(FOLLOW, "empty", &stat));
    EQUAL(stat.size, 0);
    OK(stat_of(NO_FOLLOW, "link-out", &stat));
    EQUAL(stat.size, 17);
}

CASE(same_file_has_one_number)
{
    OK(stat_of(FOLLOW, "file", &stat));
    OK(stat_of(FOLLOW, "hard", &other));
    EQUAL(stat.ino, other.ino);
    EQUAL(stat.dev, other.dev);
    EQUAL(stat.nlink, 2);
    OK(stat_of(FOLLOW, "link-file", &other));
    EQUAL(stat.ino, other.ino);
    OK(stat_of(NO_FOLLOW, "link-file", &other));
    TRUE(stat.ino != other.ino);
}

CASE(stat_of_what_is_not_there)
{
    EXPECT(stat_of(FOLLOW, "nowhere", &stat), NOENT);
    EXPECT(stat_of(FOLLOW, "link-dangling", &stat), NOENT);
    EXPECT(stat_of(FOLLOW, "file/x", &stat), NOTDIR);
    EXPECT(stat_of(FOLLOW, "file/", &stat), NOTDIR);
    EXPECT(stat_of(FOLLOW, "loop-a", &stat), LOOP);
    EXPECT(stat_of(FOLLOW, "", &stat), NOENT);
}

CASE(stat_of_what_is_out)
{
    EXPECT(stat_of(FOLLOW, "link-out", &stat), PERM);
    EXPECT(stat_of(FOLLOW, "link-absolute", &stat), PERM);
    EXPECT(stat_of(NO_FOLLOW, "..", &stat), PERM);
    EXPECT(stat_of(NO_FOLLOW, "link-out-dir/secret", &stat), PERM);
    EXPECT(stat_of(NO_FOLLOW, "link-out-dir/", &stat), PERM);
}

CASE(times_move_when_written)
{
    OK(make_file("s-written", "x"));
    OK(set_times(FOLLOW, "s-written", 1, 1, SET_ATIM | SET_MTIM));
    OK(make_file("s-written", "y"));
    OK(stat_of(FOLLOW, "s-written", &stat));
    EQUAL(stat.atim, 1);
    TRUE(stat.mtim > 1600000000000000000);
    TRUE(stat.ctim > 1600000000000000000);
}

CASE(times_are_set)
{
    OK(make_file("s-set", "x"));
    OK(set_times(FOLLOW, "s-set", 1000000000123456789, 1500000000987654321, SET_ATIM | SET_MTIM));
    OK(stat_of(FOLLOW, "s-set", &stat));
    EQUAL(stat.atim, 1000000000123456789);
    EQUAL(stat.mtim, 1500000000987654321);
}

CASE(times_are_left)
{
    OK(make_file("s-left", "x"));
    OK(set_times(FOLLOW, "s-left", 5000000000, 6000000000, SET_ATIM | SET_MTIM));
    OK(set_times(FOLLOW, "s-left", 7000000000, 1, SET_ATIM));
    OK(set_times(FOLLOW, "s-left", 1, 1, 0));
    OK(stat_of(FOLLOW, "s-left", &stat));
    EQUAL(stat.atim, 7000000000);
    EQUAL(stat.mtim, 6000000000);
}

CASE(times_are_now)
{
    OK(make_file("s-now", "x"));
    OK(set_times(FOLLOW, "s-now", 0, 0, SET_ATIM | SET_MTIM));
    OK(set_times(FOLLOW, "s-now", 1, 1, SET_ATIM_NOW | SET_MTIM_NOW));
    OK(stat_of(FOLLOW, "s-now", &stat));
    TRUE(stat.atim > 1600000000000000000);
    TRUE(stat.mtim > 1600000000000000000);
}

CASE(times_that_contradict)
{
    EXPECT(set_times(FOLLOW, "file", 0, 0, SET_ATIM | SET_ATIM_NOW), INVAL);
    EXPECT(set_times(FOLLOW, "file", 0, 0, SET_MTIM | SET_MTIM_NOW), INVAL);
    EXPECT(set_times(FOLLOW, "file", 0, 0, 16), INVAL);
    EXPECT(set_times(4, "file", 0, 0, SET_ATIM), INVAL);
}

CASE(times_of_a_folder)
{
    OK(set_times(FOLLOW, "hollow", 8000000000, 9000000000, SET_ATIM | SET_MTIM));
    OK(stat_of(FOLLOW, "hollow", &stat));
    EQUAL(stat.mtim, 9000000000);
    OK(set_times(FOLLOW, "hollow/", 8000000000, 1000000000, SET_MTIM));
}

CASE(times_of_a_link_and_of_its_target)
{
    OK(make_file("s-target", "x"));
    OK(wasi_path_symlink(P("s-target"), ROOT, P("s-link")));
    OK(set_times(NO_FOLLOW, "s-link", 0, 3000000000, SET_MTIM));
    OK(set_times(FOLLOW, "s-link", 0, 4000000000, SET_MTIM));
    OK(stat_of(NO_FOLLOW, "s-link", &stat));
    EQUAL(stat.mtim, 3000000000);
    OK(stat_of(NO_FOLLOW, "s-target", &stat));
    EQUAL(stat.mtim, 4000000000);
}

CASE(times_of_what_is_out)
{
    EXPECT(set_times(FOLLOW, "link-out", 0, 0, SET_MTIM), PERM);
    EXPECT(set_times(FOLLOW, "link-absolute", 0, 0, SET_MTIM), PERM);
    EXPECT(set_times(NO_FOLLOW, "link-out-dir/", 0, 0, SET_MTIM), PERM);
    EXPECT(set_times(FOLLOW, "..", 0, 0, SET_MTIM), PERM);
    OK(set_times(NO_FOLLOW, "link-out", 0, 2000000000, SET_MTIM));
}

CASE(times_of_what_is_not_there)
{
    EXPECT(set_times(FOLLOW, "nowhere", 0, 0, SET_MTIM), NOENT);
    EXPECT(set_times(FOLLOW, "link-dangling", 0, 0, SET_MTIM), NOENT);
    EXPECT(set_times(FOLLOW, "file/", 0, 0, SET_MTIM), NOTDIR);
}

MAIN();
