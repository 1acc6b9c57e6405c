/* The folders that a guest is given: descriptor 3 is "/", 4 is "/second". */
#include "files.h"

static struct wasi_prestat prestat;
static char name[16];
static u32 fd;

CASE(given_folders_have_names)
{
    OK(wasi_fd_prestat_get(ROOT, &prestat));
    EQUAL(prestat.tag, 0);
    EQUAL(prestat.name_len, 1);
    OK(wasi_fd_prestat_dir_name(ROOT, name, 1));
    EQUAL(name[0], '/');
    OK(wasi_fd_prestat_get(SECOND, &prestat));
    EQUAL(prestat.name_len, 7);
    OK(wasi_fd_prestat_dir_name(SECOND, name, 7));
    TRUE(same(name, "/second", 7));
    EQUAL(name[7], '\0');
}

CASE(name_that_does_not_fit)
{
    name[0] = 'x';
    EXPECT(wasi_fd_prestat_dir_name(SECOND, name, 6), NAMETOOLONG);
    EXPECT(wasi_fd_prestat_dir_name(SECOND, name, 0), NAMETOOLONG);
    EQUAL(name[0], 'x');
}

CASE(name_with_room_to_spare)
{
    name[7] = 'x';
    OK(wasi_fd_prestat_dir_name(SECOND, name, sizeof name));
    TRUE(same(name, "/secondx", 8));
}

/* A libc asks from 3 on until it is told BADF. */
CASE(no_other_folder_is_given)
{
    EXPECT(wasi_fd_prestat_get(SECOND + 1, &prestat), BADF);
    EXPECT(wasi_fd_prestat_dir_name(SECOND + 1, name, sizeof name), BADF);
}

CASE(other_descriptors_are_no_given_folders)
{
    EXPECT(wasi_fd_prestat_get(STDIN, &prestat), BADF);
    EXPECT(wasi_fd_prestat_get(STDOUT, &prestat), BADF);
    OK(open_dir("dir", &fd));
    EXPECT(wasi_fd_prestat_get(fd, &prestat), BADF);
    EXPECT(wasi_fd_prestat_dir_name(fd, name, sizeof name), BADF);
    OK(wasi_fd_close(fd));
}

CASE(each_is_its_own_root)
{
    OK(try_open(SECOND, FOLLOW, P("dir/inner")));
    EXPECT(try_open(SECOND, FOLLOW, P("../box/file")), PERM);
    EXPECT(try_open(SECOND, FOLLOW, P("link-box")), PERM);
    EXPECT(try_open(ROOT, FOLLOW, P("../second/file")), PERM);
}

CASE(rename_from_one_to_the_other)
{
    OK(make_file("pre-moves", "moves"));
    OK(wasi_path_rename(ROOT, P("pre-moves"), SECOND, P("moved")));
    EXPECT(exists("pre-moves"), NOENT);
    OK(wasi_path_rename(SECOND, P("moved"), ROOT, P("pre-back")));
    OK(has_text("pre-back", "moves"));
}

CASE(link_from_one_to_the_other)
{
    OK(wasi_path_link(ROOT, NO_FOLLOW, P("file"), SECOND, P("linked")));
    OK(try_open(SECOND, FOLLOW, P("linked")));
    OK(wasi_path_unlink_file(SECOND, P("linked")));
}

/* From here on the folders are not what they were. */

CASE(folder_put_in_place_of_a_given_one)
{
    OK(open_dir("dir", &fd));
    OK(wasi_fd_renumber(fd, SECOND));
    EXPECT(wasi_fd_close(fd), BADF);
    OK(try_open(SECOND, FOLLOW, P("inner")));
    EXPECT(try_open(SECOND, FOLLOW, P("../file")), PERM);
}

CASE(given_folder_moved)
{
    OK(open_read("file", &fd));
    OK(wasi_fd_renumber(ROOT, fd));
    EXPECT(try_open(ROOT, FOLLOW, P("file")), BADF);
    OK(try_open(fd, FOLLOW, P("file")));
    EXPECT(try_open(fd, FOLLOW, P("../outside/secret")), PERM);
}

CASE(given_folder_closed)
{
    OK(wasi_fd_close(fd));
    EXPECT(wasi_fd_prestat_get(fd, &prestat), BADF);
    EXPECT(wasi_fd_prestat_get(ROOT, &prestat), BADF);
    EXPECT(try_open(ROOT, FOLLOW, P("file")), BADF);
}

MAIN();
