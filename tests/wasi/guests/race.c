/* What "swap" is changes all the time, from outside: a folder, and a link to one that is out.
 * However that comes, nothing out there may be read, made, changed or taken away. The guest goes on
 * until it has met both, or met neither for so long that nobody can be swapping. */
#include "files.h"

enum { ROUNDS = 3000, MOST = 300000 };

static u32 inside, outside, fd, done;
static char data[16];

/* Counts what the call met. */
static void met(u32 error)
{
    if (error == WASI_SUCCESS)
        inside++;
    else if (error == WASI_PERM || error == WASI_LOOP || error == WASI_NOTDIR)
        outside++;
    else if (error != WASI_NOENT && error != WASI_EXIST && error != WASI_AGAIN)
        OK(error);
}

#define RACE_CASE(name, body)                                                                      \
    CASE(name)                                                                                     \
    {                                                                                              \
        inside = outside = 0;                                                                      \
        for (u32 i = 0; i < ROUNDS || ((!inside || !outside) && i < MOST); i++) {                  \
            body;                                                                                  \
            CHECK(1);                                                                              \
        }                                                                                          \
        TRUE(inside > 0);                                                                          \
        TRUE(outside > 0);                                                                         \
    }                                                                                              \
    _Static_assert(1, "")

static void read_it(const char *path)
{
    u32 error = open_as(ROOT, path, 0, READ_RIGHTS, &fd);
    met(error);
    if (error)
        return;
    OK(read_some(fd, data, sizeof data, &done));
    TRUE(done == 7 && same(data, "inside\n", 7));
    OK(wasi_fd_close(fd));
}

static void write_it(const char *path)
{
    u32 error = open_as(ROOT, path, O_CREATE | O_TRUNCATE, FILE_RIGHTS, &fd);
    met(error);
    if (error)
        return;
    OK(write_text(fd, "mine"));
    OK(wasi_fd_close(fd));
}

RACE_CASE(open_by_name, read_it("swap/secret"));
RACE_CASE(open_through_a_link, read_it("swap-link/secret"));
RACE_CASE(open_up_and_down, read_it("swap/../swap/secret"));
RACE_CASE(create, write_it("swap/made"));
RACE_CASE(make_folder, met(wasi_path_create_directory(ROOT, P("swap/folder"))));
RACE_CASE(make_and_remove_folder, {
    met(wasi_path_create_directory(ROOT, P("swap/folder-2")));
    met(wasi_path_remove_directory(ROOT, P("swap/folder-2")));
});
RACE_CASE(make_and_unlink, {
    write_it("swap/made");
    met(wasi_path_unlink_file(ROOT, P("swap/made")));
});
RACE_CASE(make_link, {
    met(wasi_path_link(ROOT, NO_FOLLOW, P("file"), ROOT, P("swap/linked")));
    met(wasi_path_unlink_file(ROOT, P("swap/linked")));
});
RACE_CASE(rename_there_and_back, {
    met(wasi_path_rename(ROOT, P("empty"), ROOT, P("swap/moved")));
    met(wasi_path_rename(ROOT, P("swap/moved"), ROOT, P("empty")));
});

/* The secret out there has the size of what is inside: its times tell them apart. */
RACE_CASE(set_times, met(wasi_path_filestat_set_times(ROOT, FOLLOW, P("swap/secret"), 0, 1000000000,
                                                      SET_MTIM)));

RACE_CASE(open_the_folder_and_then_a_file, {
    u32 dir;
    u32 error = open_dir("swap", &dir);
    met(error);
    if (error == WASI_SUCCESS) {
        OK(open_as(dir, "secret", 0, READ_RIGHTS, &fd));
        OK(read_some(fd, data, sizeof data, &done));
        TRUE(done == 7 && same(data, "inside\n", 7));
        OK(wasi_fd_close(fd));
        OK(wasi_fd_close(dir));
    }
});

MAIN();
