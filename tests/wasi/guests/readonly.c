/* Descriptor 4 is a folder that is given to be read; nothing may change there, by any call. */
#include "files.h"

static u32 fd, dir;
static struct wasi_filestat stat;

CASE(open_and_read)
{
    char data[8];
    u32 done;
    OK(open_as(SECOND, "file", 0, READ_RIGHTS, &fd));
    OK(read_some(fd, data, sizeof data, &done));
    TRUE(done == 7 && same(data, "second\n", 7));
    OK(wasi_fd_close(fd));
}

CASE(look)
{
    char data[64];
    u32 used;
    OK(wasi_path_filestat_get(SECOND, FOLLOW, P("file"), &stat));
    OK(wasi_fd_filestat_get(SECOND, &stat));
    OK(wasi_fd_readdir(SECOND, data, sizeof data, 0, &used));
    OK(wasi_path_readlink(SECOND, P("link-file"), data, sizeof data, &used));
    OK(wasi_path_open(SECOND, FOLLOW, P("dir"), O_DIR, RIGHT(FD_READDIR), 0, 0, &dir));
    OK(wasi_fd_readdir(dir, data, sizeof data, 0, &used));
    OK(wasi_fd_close(dir));
}

/* What std of Rust asks for to read a file, which includes rights to change. */
CASE(open_as_rust_does)
{
    wasi_rights asked = (RIGHT(POLL_FD_READWRITE) << 1) - 1;
    asked &=
        ~(RIGHT(FD_DATASYNC) | RIGHT(FD_WRITE) | RIGHT(FD_ALLOCATE) | RIGHT(FD_FILESTAT_SET_SIZE));
    OK(open_as(SECOND, "file", 0, asked, &fd));
    EITHER(wasi_fd_filestat_set_times(fd, 0, 0, SET_MTIM), ROFS, NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

CASE(open_to_write)
{
    EXPECT(open_as(SECOND, "file", 0, FILE_RIGHTS, &fd), ROFS);
    EXPECT(open_as(SECOND, "file", 0, RIGHT(FD_WRITE), &fd), ROFS);
    EXPECT(open_as(SECOND, "file", O_TRUNCATE, READ_RIGHTS, &fd), ROFS);
    EXPECT(open_as(SECOND, "dir/inner", O_TRUNCATE, FILE_RIGHTS, &fd), ROFS);
    EXPECT(open_as(SECOND, "link-file", O_TRUNCATE, FILE_RIGHTS, &fd), ROFS);
}

CASE(create)
{
    EXPECT(open_as(SECOND, "made", O_CREATE, READ_RIGHTS, &fd), ROFS);
    EXPECT(open_as(SECOND, "made", O_CREATE | O_EXCLUSIVE, FILE_RIGHTS, &fd), ROFS);
    EXPECT(wasi_path_create_directory(SECOND, P("made")), ROFS);
    EXPECT(wasi_path_symlink(P("file"), SECOND, P("made")), ROFS);
}

CASE(remove)
{
    EXPECT(wasi_path_unlink_file(SECOND, P("file")), ROFS);
    EXPECT(wasi_path_unlink_file(SECOND, P("dir/inner")), ROFS);
    EXPECT(wasi_path_remove_directory(SECOND, P("hollow")), ROFS);
}

CASE(rename)
{
    EXPECT(wasi_path_rename(SECOND, P("file"), SECOND, P("moved")), ROFS);
    EXPECT(wasi_path_rename(SECOND, P("file"), ROOT, P("moved")), ROFS);
    EXPECT(wasi_path_rename(ROOT, P("file"), SECOND, P("moved")), ROFS);
    EXPECT(wasi_path_rename(ROOT, P("file"), SECOND, P("file")), ROFS);
    OK(exists("file"));
}

/* A second name in a folder that can be written would open the file to be written. */
CASE(link_out_of_it)
{
    EXPECT(wasi_path_link(SECOND, NO_FOLLOW, P("file"), ROOT, P("ro-stolen")), ROFS);
    EXPECT(wasi_path_link(SECOND, FOLLOW, P("link-file"), ROOT, P("ro-stolen")), ROFS);
    EXPECT(wasi_path_link(ROOT, NO_FOLLOW, P("file"), SECOND, P("linked")), ROFS);
    EXPECT(exists("ro-stolen"), NOENT);
}

CASE(times)
{
    EXPECT(wasi_path_filestat_set_times(SECOND, FOLLOW, P("file"), 0, 0, SET_MTIM), ROFS);
    EXPECT(wasi_path_filestat_set_times(SECOND, NO_FOLLOW, P("link-file"), 0, 0, SET_ATIM_NOW),
           ROFS);
    EITHER(wasi_fd_filestat_set_times(SECOND, 0, 0, SET_MTIM), ROFS, NOTCAPABLE);
}

CASE(change_by_a_file_that_is_read)
{
    OK(open_as(SECOND, "file", 0, READ_RIGHTS, &fd));
    EXPECT(write_text(fd, "x"), NOTCAPABLE);
    EITHER(wasi_fd_filestat_set_size(fd, 0), ROFS, NOTCAPABLE);
    EITHER(wasi_fd_allocate(fd, 0, 1000), ROFS, NOTCAPABLE);
    EITHER(wasi_fd_filestat_set_times(fd, 0, 0, SET_MTIM_NOW), ROFS, NOTCAPABLE);
    OK(wasi_fd_close(fd));
}

CASE(folder_below_is_as_closed)
{
    OK(wasi_path_open(SECOND, FOLLOW, P("dir"), O_DIR, RIGHT(FD_READDIR) | RIGHT(PATH_OPEN),
                      RIGHT(FD_READ), 0, &dir));
    EITHER(open_as(dir, "inner", 0, RIGHT(FD_WRITE), &fd), ROFS, NOTCAPABLE);
    EITHER(wasi_path_unlink_file(dir, P("inner")), ROFS, NOTCAPABLE);
    EITHER(wasi_path_create_directory(dir, P("made")), ROFS, NOTCAPABLE);
    OK(wasi_fd_close(dir));
}

/* A libc hands on the rights of the folder it was given; none of them may change something. */
CASE(folder_below_with_all_that_is_handed_on)
{
    struct wasi_fdstat fdstat;
    OK(wasi_fd_fdstat_get(SECOND, &fdstat));
    OK(wasi_path_open(SECOND, FOLLOW, P("dir"), O_DIR, fdstat.inheriting & DIR_RIGHTS,
                      fdstat.inheriting, 0, &dir));
    EITHER(open_as(dir, "inner", O_TRUNCATE, RIGHT(FD_WRITE), &fd), ROFS, NOTCAPABLE);
    EITHER(open_as(dir, "made", O_CREATE, RIGHT(FD_WRITE), &fd), ROFS, NOTCAPABLE);
    EITHER(wasi_path_unlink_file(dir, P("inner")), ROFS, NOTCAPABLE);
    EITHER(wasi_path_rename(dir, P("inner"), ROOT, P("ro-stolen")), ROFS, NOTCAPABLE);
    EITHER(wasi_path_link(dir, 0, P("inner"), ROOT, P("ro-stolen")), ROFS, NOTCAPABLE);
    OK(wasi_fd_close(dir));
}

CASE(renumbered_it_is_as_closed)
{
    OK(open_read("file", &fd));
    OK(wasi_fd_renumber(SECOND, fd));
    EXPECT(wasi_path_unlink_file(fd, P("file")), ROFS);
    EXPECT(open_as(fd, "made", O_CREATE, FILE_RIGHTS, &dir), ROFS);
    EXPECT(try_open(fd, FOLLOW, P("link-box")), PERM);
    OK(wasi_fd_close(fd));
}

MAIN();
