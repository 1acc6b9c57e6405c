/* path_open: its flags, the rights it gives, and what it makes. */
#include "files.h"

static u32 fd, dir, done;
static char data[64];
static struct wasi_fdstat fdstat;
static struct wasi_filestat stat;

CASE(create_makes_an_empty_file)
{
    OK(open_as(ROOT, "open-new", O_CREATE, FILE_RIGHTS, &fd));
    OK(wasi_fd_filestat_get(fd, &stat));
    EQUAL(stat.size, 0);
    EQUAL(stat.type, TYPE_REGULAR_FILE);
    OK(wasi_fd_close(fd));
    OK(exists("open-new"));
}

CASE(create_of_what_is_there_keeps_it)
{
    OK(make_file("open-there", "text"));
    OK(open_as(ROOT, "open-there", O_CREATE, FILE_RIGHTS, &fd));
    OK(wasi_fd_close(fd));
    OK(has_text("open-there", "text"));
}

CASE(no_create_makes_nothing)
{
    EXPECT(open_as(ROOT, "open-none", 0, FILE_RIGHTS, &fd), NOENT);
    EXPECT(open_as(ROOT, "open-none", O_TRUNCATE, FILE_RIGHTS, &fd), NOENT);
    EXPECT(exists("open-none"), NOENT);
}

CASE(exclusive)
{
    OK(open_as(ROOT, "open-only", O_CREATE | O_EXCLUSIVE, FILE_RIGHTS, &fd));
    OK(wasi_fd_close(fd));
    EXPECT(open_as(ROOT, "open-only", O_CREATE | O_EXCLUSIVE, FILE_RIGHTS, &fd), EXIST);
    EXPECT(open_as(ROOT, "dir", O_CREATE | O_EXCLUSIVE, FILE_RIGHTS, &fd), EXIST);
}

CASE(exclusive_does_not_follow)
{
    EXPECT(open_as(ROOT, "link-file", O_CREATE | O_EXCLUSIVE, FILE_RIGHTS, &fd), EXIST);
    EXPECT(open_as(ROOT, "link-dangling", O_CREATE | O_EXCLUSIVE, FILE_RIGHTS, &fd), EXIST);
    EXPECT(open_as(ROOT, "link-out-new", O_CREATE | O_EXCLUSIVE, FILE_RIGHTS, &fd), EXIST);
    EXPECT(exists("nowhere"), NOENT);
}

CASE(create_through_a_link_that_leads_out)
{
    EXPECT(open_as(ROOT, "link-out-new", O_CREATE, FILE_RIGHTS, &fd), PERM);
    EXPECT(open_as(ROOT, "link-out", O_TRUNCATE, FILE_RIGHTS, &fd), PERM);
    EXPECT(open_as(ROOT, "link-absolute", O_CREATE | O_TRUNCATE, FILE_RIGHTS, &fd), PERM);
}

CASE(create_through_a_dangling_link)
{
    OK(wasi_path_symlink(P("open-target"), ROOT, P("open-link")));
    EXPECT(wasi_path_open(ROOT, NO_FOLLOW, P("open-link"), O_CREATE, FILE_RIGHTS, 0, 0, &fd), LOOP);
    EXPECT(exists("open-target"), NOENT);
    OK(open_as(ROOT, "open-link", O_CREATE, FILE_RIGHTS, &fd));
    OK(wasi_fd_close(fd));
    OK(exists("open-target"));
}

CASE(create_in_a_folder_that_is_not_there)
{
    EXPECT(open_as(ROOT, "nowhere/x", O_CREATE, FILE_RIGHTS, &fd), NOENT);
    EXPECT(open_as(ROOT, "file/x", O_CREATE, FILE_RIGHTS, &fd), NOTDIR);
}

CASE(create_with_a_trailing_slash)
{
    EITHER(open_as(ROOT, "open-slash/", O_CREATE, FILE_RIGHTS, &fd), ISDIR, NOENT);
    EXPECT(exists("open-slash"), NOENT);
}

CASE(truncate)
{
    OK(make_file("open-truncate", "text"));
    OK(open_as(ROOT, "open-truncate", O_TRUNCATE, FILE_RIGHTS, &fd));
    OK(wasi_fd_close(fd));
    OK(has_text("open-truncate", ""));
}

CASE(truncate_a_folder)
{
    EXPECT(open_as(ROOT, "dir", O_TRUNCATE, FILE_RIGHTS, &fd), ISDIR);
}

CASE(write_a_folder)
{
    EXPECT(open_as(ROOT, "dir", 0, RIGHT(FD_READ) | RIGHT(FD_WRITE), &fd), ISDIR);
}

CASE(directory_flag)
{
    OK(wasi_path_open(ROOT, FOLLOW, P("dir"), O_DIR, DIR_RIGHTS, 0, 0, &fd));
    OK(wasi_fd_fdstat_get(fd, &fdstat));
    EQUAL(fdstat.type, TYPE_DIRECTORY);
    OK(wasi_fd_close(fd));
    EXPECT(open_as(ROOT, "file", O_DIR, RIGHT(FD_READ), &fd), NOTDIR);
    EXPECT(open_as(ROOT, "nowhere", O_DIR, RIGHT(FD_READ), &fd), NOENT);
    OK(wasi_path_open(ROOT, FOLLOW, P("link-dir"), O_DIR, DIR_RIGHTS, 0, 0, &fd));
    OK(wasi_fd_close(fd));
}

CASE(create_a_directory_by_open)
{
    EXPECT(open_as(ROOT, "open-dir", O_CREATE | O_DIR, DIR_RIGHTS, &fd), INVAL);
    EXPECT(exists("open-dir"), NOENT);
}

CASE(unknown_flags)
{
    EXPECT(open_as(ROOT, "file", 16, READ_RIGHTS, &fd), INVAL);
    EXPECT(wasi_path_open(ROOT, 0, P("file"), 0, READ_RIGHTS, 0, 32, &fd), INVAL);
    EXPECT(wasi_path_open(ROOT, 0, P("file"), 0x10000, READ_RIGHTS, 0, 0, &fd), INVAL);
}

CASE(folder_without_the_flag)
{
    OK(open_as(ROOT, "dir", 0, RIGHT(FD_READDIR), &fd));
    OK(wasi_fd_fdstat_get(fd, &fdstat));
    EQUAL(fdstat.type, TYPE_DIRECTORY);
    OK(wasi_fd_close(fd));
}

/* What std of Rust asks for to read a file: more than a file can do. */
CASE(rights_that_a_file_can_not_have)
{
    wasi_rights asked = (RIGHT(POLL_FD_READWRITE) << 1) - 1;
    asked &=
        ~(RIGHT(FD_DATASYNC) | RIGHT(FD_WRITE) | RIGHT(FD_ALLOCATE) | RIGHT(FD_FILESTAT_SET_SIZE));
    OK(open_as(ROOT, "file", 0, asked, &fd));
    OK(wasi_fd_fdstat_get(fd, &fdstat));
    EQUAL(fdstat.base & READ_RIGHTS, READ_RIGHTS);
    OK(read_some(fd, data, sizeof data, &done));
    EXPECT(write_text(fd, "x"), NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

/* A folder opened with less hands on no more than it was given. */
CASE(rights_of_a_folder_bound_those_below)
{
    OK(wasi_path_open(ROOT, FOLLOW, P("dir"), O_DIR, DIR_RIGHTS, READ_RIGHTS, 0, &dir));
    OK(open_as(dir, "inner", 0, READ_RIGHTS, &fd));
    OK(wasi_fd_close(fd));
    EXPECT(open_as(dir, "inner", 0, READ_RIGHTS | RIGHT(FD_WRITE), &fd), NOTCAPABLE);
    OK(wasi_fd_close(dir));
    OK(has_text("dir/inner", "inner\n"));
}

#define NEEDS(right, call)                                                                         \
    do {                                                                                           \
        OK(wasi_path_open(ROOT, FOLLOW, P("dir"), O_DIR, DIR_RIGHTS & ~RIGHT(right),               \
                          DIR_RIGHTS | FILE_RIGHTS, 0, &dir));                                     \
        EXPECT(call, NOTCAPABLE);                                                                  \
        OK(wasi_fd_close(dir));                                                                    \
    } while (0)

CASE(folder_without_the_right_to_open)
{
    NEEDS(PATH_OPEN, try_open(dir, FOLLOW, P("inner")));
    NEEDS(PATH_CREATE_FILE, open_as(dir, "x", O_CREATE, FILE_RIGHTS, &fd));
    NEEDS(PATH_FILESTAT_SET_SIZE, open_as(dir, "inner", O_TRUNCATE, FILE_RIGHTS, &fd));
    EXPECT(exists("dir/x"), NOENT);
    OK(has_text("dir/inner", "inner\n"));
}

CASE(folder_without_the_right_to_look)
{
    NEEDS(PATH_FILESTAT_GET, wasi_path_filestat_get(dir, 0, P("inner"), &stat));
    NEEDS(PATH_READLINK, wasi_path_readlink(dir, P("link-parent"), data, sizeof data, &done));
    NEEDS(FD_READDIR, wasi_fd_readdir(dir, data, sizeof data, 0, &done));
}

CASE(folder_without_the_right_to_change)
{
    NEEDS(PATH_CREATE_DIRECTORY, wasi_path_create_directory(dir, P("x")));
    NEEDS(PATH_REMOVE_DIRECTORY, wasi_path_remove_directory(dir, P("sub")));
    NEEDS(PATH_UNLINK_FILE, wasi_path_unlink_file(dir, P("inner")));
    NEEDS(PATH_SYMLINK, wasi_path_symlink(P("inner"), dir, P("x")));
    NEEDS(PATH_FILESTAT_SET_TIMES,
          wasi_path_filestat_set_times(dir, 0, P("inner"), 0, 0, SET_ATIM_NOW));
}

CASE(folder_without_the_right_to_link_and_rename)
{
    NEEDS(PATH_LINK_SOURCE, wasi_path_link(dir, 0, P("inner"), ROOT, P("x")));
    NEEDS(PATH_LINK_TARGET, wasi_path_link(ROOT, 0, P("file"), dir, P("x")));
    NEEDS(PATH_RENAME_SOURCE, wasi_path_rename(dir, P("inner"), ROOT, P("x")));
    NEEDS(PATH_RENAME_TARGET, wasi_path_rename(ROOT, P("file"), dir, P("x")));
    OK(exists("file"));
    OK(exists("dir/inner"));
}

CASE(created_for_reading_alone)
{
    OK(open_as(ROOT, "open-read", O_CREATE, READ_RIGHTS, &fd));
    EXPECT(write_text(fd, "x"), NOTCAPABLE);
    OK(wasi_fd_close(fd));
    OK(has_text("open-read", ""));
}

/* Opening to read must not wait for a writer: a guest could not even be stopped by its own clock.
 */
CASE(opening_a_fifo_does_not_wait)
{
    u32 error = wasi_path_open(ROOT, FOLLOW, P("fifo"), 0, RIGHT(FD_READ), 0, FD_NONBLOCK, &fd);
    if (error == WASI_SUCCESS)
        OK(wasi_fd_close(fd));
    else
        EITHER(error, NOTSUP, PERM);
}

CASE(name_of_many_bytes)
{
    OK(make_file("\303\244\344\270\255 \"'\\*?", "x"));
    OK(has_text("\303\244\344\270\255 \"'\\*?", "x"));
}

CASE(new_descriptor_is_free)
{
    u32 second;
    OK(open_read("file", &fd));
    OK(open_read("file", &second));
    TRUE(fd > ROOT && second > ROOT && fd != second);
    OK(wasi_fd_close(fd));
    OK(wasi_fd_close(second));
}

MAIN();
