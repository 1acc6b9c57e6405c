/* How a path is resolved, wherever it is given: what is inside is found by any spelling, and
 * nothing that is outside by any. */
#include "files.h"

#define FOUND(path)     OK(try_open(ROOT, FOLLOW, P(path)))
#define REFUSED(path)   EXPECT(try_open(ROOT, FOLLOW, P(path)), PERM)
#define NOT_FOUND(path) EXPECT(try_open(ROOT, FOLLOW, P(path)), NOENT)
#define NO_FOLDER(path) EXPECT(try_open(ROOT, FOLLOW, P(path)), NOTDIR)
#define IS_FOLDER(lookup, path)                                                                    \
    do {                                                                                           \
        struct wasi_filestat folder;                                                               \
        OK(stat_of(lookup, path, &folder));                                                        \
        EQUAL(folder.type, TYPE_DIRECTORY);                                                        \
    } while (0)

CASE(plain_name)
{
    OK(has_text("file", "0123456789"));
}

CASE(name_in_folder)
{
    OK(has_text("dir/inner", "inner\n"));
    OK(has_text("dir/sub/deep", "deep\n"));
}

CASE(dots_stay_where_they_are)
{
    FOUND("./file");
    FOUND("././dir/./inner");
    IS_FOLDER(FOLLOW, ".");
    IS_FOLDER(FOLLOW, "./");
    IS_FOLDER(FOLLOW, "dir/.");
}

CASE(slashes_in_a_row_are_one)
{
    FOUND("dir//inner");
    FOUND("dir///sub////deep");
}

CASE(up_and_down_inside)
{
    FOUND("dir/../file");
    FOUND("dir/sub/../../file");
    FOUND("dir/sub/../inner");
    IS_FOLDER(FOLLOW, "dir/..");
    IS_FOLDER(FOLLOW, "dir/sub/../..");
}

CASE(up_out_of_root)
{
    REFUSED("..");
    REFUSED("../");
    REFUSED("../box/file");
    REFUSED("../outside/secret");
    REFUSED("./../outside/secret");
}

CASE(up_out_from_below)
{
    REFUSED("dir/../..");
    REFUSED("dir/../../outside/secret");
    REFUSED("dir/sub/../../../outside/secret");
    REFUSED("dir/../../box/file");
}

CASE(up_too_far_and_back)
{
    REFUSED("../../../../../../../../../../etc/passwd");
}

CASE(up_from_what_is_not_there)
{
    NOT_FOUND("nowhere/../file");
}

CASE(up_from_a_file)
{
    NO_FOLDER("file/../file");
    NO_FOLDER("file/.");
    NO_FOLDER("file/..");
}

CASE(absolute_path)
{
    REFUSED("/");
    REFUSED("/file");
    REFUSED("//file");
    REFUSED("/etc/passwd");
}

CASE(empty_path)
{
    NOT_FOUND("");
}

CASE(nul_inside)
{
    EXPECT(try_open(ROOT, FOLLOW, P("file\0x")), INVAL);
    EXPECT(try_open(ROOT, FOLLOW, P("\0")), INVAL);
}

CASE(length_ends_the_path)
{
    OK(try_open(ROOT, FOLLOW, "fileandmore", 4));
}

CASE(trailing_slash_on_a_file)
{
    NO_FOLDER("file/");
    NO_FOLDER("dir/inner/");
    NO_FOLDER("link-file/");
    NO_FOLDER("file///");
}

CASE(trailing_slash_on_a_folder)
{
    IS_FOLDER(FOLLOW, "dir/");
    IS_FOLDER(FOLLOW, "dir//");
    IS_FOLDER(FOLLOW, "link-dir/");
}

CASE(trailing_slash_follows_a_link)
{
    IS_FOLDER(NO_FOLLOW, "link-dir/");
    IS_FOLDER(NO_FOLLOW, "link-dir/.");
}

CASE(trailing_slash_does_not_open_what_is_out)
{
    REFUSED("link-out-dir/");
    EXPECT(try_open(ROOT, NO_FOLLOW, P("link-out-dir/")), PERM);
    EXPECT(try_open(ROOT, NO_FOLLOW, P("link-absolute-dir/")), PERM);
    EXPECT(try_open(ROOT, NO_FOLLOW, P("link-root/")), PERM);
    EXPECT(try_open(ROOT, NO_FOLLOW, P("link-out-dir/.")), PERM);
}

CASE(file_as_folder)
{
    NO_FOLDER("file/x");
    NO_FOLDER("link-file/x");
}

CASE(missing_name)
{
    NOT_FOUND("nowhere");
    NOT_FOUND("nowhere/x");
    NOT_FOUND("dir/nowhere");
}

CASE(link_to_a_file)
{
    OK(has_text("link-file", "0123456789"));
    OK(has_text("dir/link-parent", "0123456789"));
}

CASE(link_to_a_folder_in_the_middle)
{
    OK(has_text("link-dir/inner", "inner\n"));
    OK(has_text("link-sub/deep", "deep\n"));
    OK(try_open(ROOT, NO_FOLLOW, P("link-dir/inner")));
}

CASE(up_from_a_link_is_up_from_its_target)
{
    OK(has_text("link-sub/../inner", "inner\n"));
    NOT_FOUND("link-sub/../file");
}

CASE(link_to_itself_as_folder)
{
    FOUND("link-here/link-here/file");
    FOUND("dir/link-up/file");
    FOUND("dir/link-up/dir/link-up/dir/inner");
}

CASE(link_up_stays_counted)
{
    REFUSED("dir/link-up/../outside/secret");
    REFUSED("link-here/../outside/secret");
}

CASE(chain_of_links)
{
    OK(has_text("chain-1", "0123456789"));
}

CASE(loops)
{
    EXPECT(try_open(ROOT, FOLLOW, P("loop-self")), LOOP);
    EXPECT(try_open(ROOT, FOLLOW, P("loop-a")), LOOP);
    EXPECT(try_open(ROOT, FOLLOW, P("loop-a/x")), LOOP);
    EXPECT(try_open(ROOT, NO_FOLLOW, P("loop-b/x")), LOOP);
}

CASE(dangling_link)
{
    NOT_FOUND("link-dangling");
    NOT_FOUND("link-dangling/x");
}

CASE(link_out)
{
    REFUSED("link-out");
    REFUSED("dir/link-out");
    REFUSED("link-dir/link-out");
}

CASE(link_out_in_the_middle)
{
    REFUSED("link-out-dir/secret");
    REFUSED("link-out-dir/dir/secret");
    EXPECT(try_open(ROOT, NO_FOLLOW, P("link-out-dir/secret")), PERM);
}

CASE(link_out_at_the_end_of_a_chain)
{
    REFUSED("chain-out-1");
}

/* It leaves on the way, wherever it ends. */
CASE(link_out_and_in_again)
{
    REFUSED("link-out-in");
    REFUSED("link-out-dir/../box/file");
}

CASE(link_out_does_not_tell_what_is_there)
{
    REFUSED("link-out-new");
    REFUSED("link-out-dir/nothing");
}

CASE(absolute_link)
{
    REFUSED("link-absolute");
    REFUSED("link-absolute-dir/secret");
    REFUSED("link-root/etc/passwd");
}

CASE(absolute_link_to_inside)
{
    REFUSED("link-absolute-in");
    REFUSED("link-slash-file");
}

CASE(no_follow_of_a_last_link)
{
    EXPECT(try_open(ROOT, NO_FOLLOW, P("link-file")), LOOP);
    EXPECT(try_open(ROOT, NO_FOLLOW, P("link-dangling")), LOOP);
    EXPECT(try_open(ROOT, NO_FOLLOW, P("link-out")), LOOP);
    EXPECT(try_open(ROOT, NO_FOLLOW, P("loop-self")), LOOP);
}

CASE(no_follow_of_a_last_folder_link)
{
    u32 fd;
    EITHER(wasi_path_open(ROOT, NO_FOLLOW, P("link-dir"), O_DIR, DIR_RIGHTS, 0, 0, &fd), LOOP,
           NOTDIR);
}

CASE(unknown_lookup_flags)
{
    struct wasi_filestat stat;
    EXPECT(try_open(ROOT, 2, P("file")), INVAL);
    EXPECT(wasi_path_filestat_get(ROOT, 0x80000001, P("file"), &stat), INVAL);
}

static char long_path[5000];

CASE(name_too_long)
{
    for (u32 i = 0; i < 300; i++)
        long_path[i] = 'n';
    EXPECT(try_open(ROOT, FOLLOW, long_path, 256), NAMETOOLONG);
    EXPECT(try_open(ROOT, FOLLOW, long_path, 255), NOENT);
}

CASE(path_too_long)
{
    for (u32 i = 0; i < sizeof long_path; i += 2) {
        long_path[i] = '.';
        long_path[i + 1] = '/';
    }
    EXPECT(try_open(ROOT, FOLLOW, long_path, sizeof long_path), NAMETOOLONG);
}

/* A folder that the guest opened is as much a root as one it was given. */
CASE(folder_descriptor_is_a_root)
{
    u32 dir;
    OK(open_dir("dir", &dir));
    OK(try_open(dir, FOLLOW, P("inner")));
    OK(try_open(dir, FOLLOW, P("sub/../inner")));
    EXPECT(try_open(dir, FOLLOW, P("..")), PERM);
    EXPECT(try_open(dir, FOLLOW, P("../file")), PERM);
    EXPECT(try_open(dir, FOLLOW, P("sub/../../file")), PERM);
    EXPECT(try_open(dir, FOLLOW, P("link-parent")), PERM);
    EXPECT(try_open(dir, FOLLOW, P("link-up/file")), PERM);
    OK(wasi_fd_close(dir));
}

CASE(file_descriptor_is_no_root)
{
    u32 file;
    OK(open_read("file", &file));
    EITHER(try_open(file, FOLLOW, P("x")), NOTDIR, NOTCAPABLE);
    EITHER(wasi_path_unlink_file(file, P("x")), NOTDIR, NOTCAPABLE);
    OK(wasi_fd_close(file));
}

CASE(stdio_is_no_root)
{
    EITHER(try_open(STDIN, FOLLOW, P("file")), NOTDIR, NOTCAPABLE);
}

/* The folder moves; its descriptor goes with it. */
CASE(moved_folder)
{
    u32 dir;
    OK(make_dir("moving"));
    OK(make_file("moving/it", "here"));
    OK(open_dir("moving", &dir));
    OK(wasi_path_rename(ROOT, P("moving"), ROOT, P("hollow/moved")));
    OK(try_open(dir, FOLLOW, P("it")));
    EXPECT(try_open(dir, FOLLOW, P("../../file")), PERM);
    OK(wasi_fd_close(dir));
}

CASE(removed_folder)
{
    u32 dir;
    OK(make_dir("removed"));
    OK(open_dir("removed", &dir));
    OK(wasi_path_remove_directory(ROOT, P("removed")));
    EXPECT(try_open(dir, FOLLOW, P("x")), NOENT);
    EXPECT(wasi_path_create_directory(dir, P("x")), NOENT);
    OK(wasi_fd_close(dir));
}

/* All of it, by the calls that take a path and change something. */
#define ESCAPE_CASE(name, call)                                                                    \
    CASE(name)                                                                                     \
    {                                                                                              \
        static const char *const paths[] = {"../outside/made", "/made", "link-out-dir/made",       \
                                            "dir/../../made", "link-absolute-dir/made"};           \
        for (u32 i = 0; i < sizeof paths / sizeof *paths; i++) {                                   \
            const char *path = paths[i];                                                           \
            u32 len = length(path);                                                                \
            EXPECT(call, PERM);                                                                    \
        }                                                                                          \
    }                                                                                              \
    _Static_assert(1, "")

static u32 out_fd;
static struct wasi_filestat out_stat;
static char out_text[64];

ESCAPE_CASE(escape_create,
            wasi_path_open(ROOT, FOLLOW, path, len, O_CREATE, FILE_RIGHTS, 0, 0, &out_fd));
ESCAPE_CASE(escape_create_no_follow,
            wasi_path_open(ROOT, NO_FOLLOW, path, len, O_CREATE | O_EXCLUSIVE, FILE_RIGHTS, 0, 0,
                           &out_fd));
ESCAPE_CASE(escape_create_directory, wasi_path_create_directory(ROOT, path, len));
ESCAPE_CASE(escape_stat, wasi_path_filestat_get(ROOT, NO_FOLLOW, path, len, &out_stat));
ESCAPE_CASE(escape_set_times,
            wasi_path_filestat_set_times(ROOT, NO_FOLLOW, path, len, 0, 0, SET_ATIM_NOW));
ESCAPE_CASE(escape_link_from, wasi_path_link(ROOT, NO_FOLLOW, path, len, ROOT, P("never")));
ESCAPE_CASE(escape_link_to, wasi_path_link(ROOT, NO_FOLLOW, P("file"), ROOT, path, len));
ESCAPE_CASE(escape_readlink,
            wasi_path_readlink(ROOT, path, len, out_text, sizeof out_text, &out_fd));
ESCAPE_CASE(escape_remove_directory, wasi_path_remove_directory(ROOT, path, len));
ESCAPE_CASE(escape_rename_from, wasi_path_rename(ROOT, path, len, ROOT, P("never")));
ESCAPE_CASE(escape_rename_to, wasi_path_rename(ROOT, P("empty"), ROOT, path, len));
ESCAPE_CASE(escape_symlink, wasi_path_symlink(P("file"), ROOT, path, len));
ESCAPE_CASE(escape_unlink, wasi_path_unlink_file(ROOT, path, len));

MAIN();
