/* Names made, moved and taken away: path_create_directory, path_remove_directory, path_unlink_file,
 * path_rename. */
#include "files.h"

#define MKDIR(path)     wasi_path_create_directory(ROOT, P(path))
#define RMDIR(path)     wasi_path_remove_directory(ROOT, P(path))
#define UNLINK(path)    wasi_path_unlink_file(ROOT, P(path))
#define RENAME(old, to) wasi_path_rename(ROOT, P(old), ROOT, P(to))

static struct wasi_filestat stat, other;

CASE(mkdir_makes_a_folder)
{
    OK(MKDIR("n-dir"));
    OK(stat_of(NO_FOLLOW, "n-dir", &stat));
    EQUAL(stat.type, TYPE_DIRECTORY);
    OK(MKDIR("n-dir/below"));
    OK(MKDIR("n-dir/slash/"));
    OK(MKDIR("n-dir/../n-dir/up"));
}

CASE(mkdir_of_what_is_there)
{
    EXPECT(MKDIR("dir"), EXIST);
    EXPECT(MKDIR("dir/"), EXIST);
    EXPECT(MKDIR("file"), EXIST);
    EXPECT(MKDIR("."), EXIST);
    EXPECT(MKDIR("link-dir"), EXIST);
}

CASE(mkdir_at_a_dangling_link)
{
    EXPECT(MKDIR("link-dangling"), EXIST);
    EXPECT(MKDIR("link-out-new"), EXIST);
    EXPECT(exists("nowhere"), NOENT);
}

CASE(mkdir_where_no_folder_is)
{
    EXPECT(MKDIR("nowhere/x"), NOENT);
    EXPECT(MKDIR("file/x"), NOTDIR);
    EXPECT(MKDIR(""), NOENT);
}

CASE(mkdir_out)
{
    EXPECT(MKDIR(".."), PERM);
    EXPECT(MKDIR("../made"), PERM);
    EXPECT(MKDIR("link-out-dir/made/"), PERM);
}

CASE(rmdir_takes_an_empty_folder)
{
    OK(MKDIR("n-empty"));
    OK(RMDIR("n-empty"));
    EXPECT(exists("n-empty"), NOENT);
    OK(MKDIR("n-empty"));
    OK(RMDIR("n-empty/"));
}

CASE(rmdir_of_a_full_folder)
{
    EXPECT(RMDIR("dir"), NOTEMPTY);
    EXPECT(RMDIR("dir/"), NOTEMPTY);
}

CASE(rmdir_of_no_folder)
{
    EXPECT(RMDIR("file"), NOTDIR);
    EXPECT(RMDIR("file/"), NOTDIR);
    EXPECT(RMDIR("nowhere"), NOENT);
    EXPECT(RMDIR("nowhere/x"), NOENT);
}

CASE(rmdir_does_not_follow)
{
    OK(wasi_path_symlink(P("hollow"), ROOT, P("n-to-hollow")));
    EXPECT(RMDIR("n-to-hollow"), NOTDIR);
    EXPECT(RMDIR("n-to-hollow/"), NOTDIR);
    EXPECT(RMDIR("link-out-dir"), NOTDIR);
    OK(exists("hollow"));
}

CASE(rmdir_of_dots)
{
    EXPECT(RMDIR("."), INVAL);
    EXPECT(RMDIR("hollow/."), INVAL);
    EXPECT(RMDIR(".."), PERM);
    EITHER(RMDIR("dir/sub/.."), NOTEMPTY, INVAL);
}

CASE(unlink_takes_a_file)
{
    OK(make_file("n-file", "x"));
    OK(UNLINK("n-file"));
    EXPECT(exists("n-file"), NOENT);
    EXPECT(UNLINK("n-file"), NOENT);
}

CASE(unlink_takes_the_link)
{
    OK(make_file("n-target", "x"));
    OK(wasi_path_symlink(P("n-target"), ROOT, P("n-link")));
    OK(UNLINK("n-link"));
    EXPECT(exists("n-link"), NOENT);
    OK(exists("n-target"));
}

CASE(unlink_of_a_link_out)
{
    OK(wasi_path_symlink(P("../outside/secret"), ROOT, P("n-link-out")));
    OK(UNLINK("n-link-out"));
}

CASE(unlink_of_a_folder)
{
    EXPECT(UNLINK("hollow"), ISDIR);
    EXPECT(UNLINK("hollow/"), ISDIR);
    EITHER(UNLINK("."), ISDIR, INVAL);
    EXPECT(UNLINK(".."), PERM);
    OK(exists("hollow"));
}

CASE(unlink_with_a_trailing_slash)
{
    EXPECT(UNLINK("file/"), NOTDIR);
    EXPECT(UNLINK("link-file/"), NOTDIR);
    EXPECT(UNLINK("link-out/"), NOTDIR);
    EXPECT(UNLINK("nowhere/"), NOENT);
    OK(exists("file"));
    OK(exists("link-file"));
}

CASE(unlink_below_a_file)
{
    EXPECT(UNLINK("file/x"), NOTDIR);
    EXPECT(UNLINK(""), NOENT);
}

CASE(rename_a_file)
{
    OK(make_file("n-a", "a"));
    OK(RENAME("n-a", "n-b"));
    EXPECT(exists("n-a"), NOENT);
    OK(has_text("n-b", "a"));
}

CASE(rename_over_a_file)
{
    OK(make_file("n-c", "c"));
    OK(make_file("n-d", "d"));
    OK(RENAME("n-c", "n-d"));
    EXPECT(exists("n-c"), NOENT);
    OK(has_text("n-d", "c"));
}

CASE(rename_a_folder)
{
    OK(MKDIR("n-e"));
    OK(make_file("n-e/in", "in"));
    OK(RENAME("n-e", "n-f"));
    OK(has_text("n-f/in", "in"));
    OK(RENAME("n-f/", "n-g/"));
    OK(has_text("n-g/in", "in"));
}

CASE(rename_a_folder_over_an_empty_one)
{
    OK(MKDIR("n-h"));
    OK(make_file("n-h/in", "in"));
    OK(MKDIR("n-i"));
    OK(RENAME("n-h", "n-i"));
    EXPECT(exists("n-h"), NOENT);
    OK(has_text("n-i/in", "in"));
}

CASE(rename_a_folder_over_a_full_one)
{
    OK(MKDIR("n-j"));
    EITHER(RENAME("n-j", "dir"), NOTEMPTY, EXIST);
    OK(exists("n-j"));
}

CASE(rename_a_folder_over_a_file)
{
    EXPECT(RENAME("hollow", "file"), NOTDIR);
    EXPECT(RENAME("hollow", "link-file"), NOTDIR);
    EXPECT(RENAME("hollow", "link-dir"), NOTDIR);
}

CASE(rename_a_file_over_a_folder)
{
    OK(make_file("n-k", "k"));
    EXPECT(RENAME("n-k", "hollow"), ISDIR);
    EITHER(RENAME("n-k", "hollow/"), ISDIR, NOTDIR);
    EXPECT(RENAME("n-k", "dir"), ISDIR);
}

CASE(rename_a_folder_into_itself)
{
    EXPECT(RENAME("dir", "dir/sub/x"), INVAL);
    EXPECT(RENAME("dir", "dir/x"), INVAL);
}

CASE(rename_to_its_own_name)
{
    OK(RENAME("file", "file"));
    OK(RENAME("file", "./dir/../file"));
    OK(RENAME("dir", "dir"));
    OK(exists("file"));
}

/* Two names of one file: nothing is done, and both stay. */
CASE(rename_over_another_name_of_it)
{
    OK(make_file("n-l", "l"));
    OK(wasi_path_link(ROOT, NO_FOLLOW, P("n-l"), ROOT, P("n-m")));
    OK(RENAME("n-l", "n-m"));
    OK(stat_of(NO_FOLLOW, "n-l", &stat));
    OK(stat_of(NO_FOLLOW, "n-m", &other));
    EQUAL(stat.ino, other.ino);
}

CASE(rename_what_is_not_there)
{
    EXPECT(RENAME("nowhere", "x"), NOENT);
    EXPECT(RENAME("nowhere/x", "x"), NOENT);
    EXPECT(RENAME("", "x"), NOENT);
    EXPECT(RENAME("file", ""), NOENT);
    EXPECT(RENAME("file", "nowhere/x"), NOENT);
    EXPECT(RENAME("file", "empty/x"), NOTDIR);
    OK(exists("file"));
}

CASE(rename_moves_the_link)
{
    OK(wasi_path_symlink(P("dir"), ROOT, P("n-n")));
    OK(RENAME("n-n", "n-o"));
    OK(stat_of(NO_FOLLOW, "n-o", &stat));
    EQUAL(stat.type, TYPE_SYMBOLIC_LINK);
    OK(exists("dir"));
}

CASE(rename_replaces_the_link)
{
    OK(make_file("n-p", "p"));
    OK(wasi_path_symlink(P("../outside/secret"), ROOT, P("n-q")));
    OK(RENAME("n-p", "n-q"));
    OK(stat_of(NO_FOLLOW, "n-q", &stat));
    EQUAL(stat.type, TYPE_REGULAR_FILE);
    OK(has_text("n-q", "p"));
}

CASE(rename_with_a_trailing_slash)
{
    OK(make_file("n-r", "r"));
    EXPECT(RENAME("n-r/", "n-s"), NOTDIR);
    EXPECT(RENAME("n-r", "n-s/"), NOTDIR);
    EXPECT(RENAME("link-dir/", "n-s"), NOTDIR);
    EXPECT(exists("n-s"), NOENT);
    OK(exists("link-dir"));
}

CASE(rename_of_dots)
{
    EITHER(RENAME(".", "x"), BUSY, INVAL);
    EITHER(RENAME("dir/.", "x"), BUSY, INVAL);
    EITHER(RENAME("hollow", "."), BUSY, INVAL);
    EXPECT(RENAME("..", "x"), PERM);
    EXPECT(RENAME("file", ".."), PERM);
}

/* A link that is moved means something else where it is then, and stays as closed. */
CASE(link_moved_so_that_it_leads_out)
{
    OK(RENAME("dir/link-parent", "n-link-parent"));
    EXPECT(try_open(ROOT, FOLLOW, P("n-link-parent")), PERM);
    OK(RENAME("n-link-parent", "dir/link-parent"));
    OK(try_open(ROOT, FOLLOW, P("dir/link-parent")));
}

CASE(rename_between_descriptors)
{
    u32 from, to;
    OK(MKDIR("n-from"));
    OK(MKDIR("n-to"));
    OK(make_file("n-from/x", "x"));
    OK(open_dir("n-from", &from));
    OK(open_dir("n-to", &to));
    OK(wasi_path_rename(from, P("x"), to, P("y")));
    EXPECT(wasi_path_rename(from, P("../file"), to, P("z")), PERM);
    EXPECT(wasi_path_rename(to, P("y"), to, P("../y")), PERM);
    OK(has_text("n-to/y", "x"));
    OK(wasi_fd_close(from));
    OK(wasi_fd_close(to));
}

MAIN();
