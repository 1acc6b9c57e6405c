/* Links of both kinds: path_symlink, path_readlink, path_link. */
#include "files.h"

#define SYMLINK(target, path) wasi_path_symlink(P(target), ROOT, P(path))
#define LINK(old, path)       wasi_path_link(ROOT, NO_FOLLOW, P(old), ROOT, P(path))

static struct wasi_filestat stat, other;
static char text[64];
static u32 used, fd;

/* SUCCESS if the link says that. */
static u32 says(const char *path, const char *target)
{
    u32 error = wasi_path_readlink(ROOT, path, length(path), text, sizeof text, &used);
    if (error == WASI_SUCCESS && (used != length(target) || !same(text, target, used)))
        return WASI_IO;
    return error;
}

CASE(symlink_is_made_and_read)
{
    OK(SYMLINK("file", "l-file"));
    OK(says("l-file", "file"));
    OK(has_text("l-file", "0123456789"));
    OK(stat_of(NO_FOLLOW, "l-file", &stat));
    EQUAL(stat.type, TYPE_SYMBOLIC_LINK);
    EQUAL(stat.size, 4);
}

CASE(symlink_text_is_kept_as_it_is)
{
    OK(SYMLINK("./dir//../dir/./inner", "l-text"));
    OK(says("l-text", "./dir//../dir/./inner"));
    OK(try_open(ROOT, FOLLOW, P("l-text")));
}

CASE(symlink_to_nothing)
{
    OK(SYMLINK("l-not-yet", "l-dangling"));
    EXPECT(try_open(ROOT, FOLLOW, P("l-dangling")), NOENT);
    OK(make_file("l-not-yet", "now"));
    OK(has_text("l-dangling", "now"));
}

CASE(symlink_that_leads_out_can_be_made_but_not_used)
{
    OK(SYMLINK("../outside/secret", "l-out"));
    OK(says("l-out", "../outside/secret"));
    EXPECT(try_open(ROOT, FOLLOW, P("l-out")), PERM);
    EXPECT(stat_of(FOLLOW, "l-out", &stat), PERM);
    OK(SYMLINK("..", "dir/l-up"));
    EXPECT(try_open(ROOT, FOLLOW, P("dir/l-up/../outside/secret")), PERM);
}

CASE(symlink_to_an_absolute_path)
{
    EXPECT(SYMLINK("/", "l-absolute"), PERM);
    EXPECT(SYMLINK("/etc/passwd", "l-absolute"), PERM);
    EXPECT(SYMLINK("//file", "l-absolute"), PERM);
    EXPECT(exists("l-absolute"), NOENT);
}

CASE(symlink_where_something_is)
{
    EXPECT(SYMLINK("file", "dir"), EXIST);
    EXPECT(SYMLINK("file", "empty"), EXIST);
    EXPECT(SYMLINK("file", "link-dangling"), EXIST);
    EXPECT(SYMLINK("file", "."), EXIST);
}

CASE(symlink_with_a_trailing_slash)
{
    EITHER(SYMLINK("dir", "l-slash/"), NOENT, NOTDIR);
    EXPECT(SYMLINK("file", "dir/"), EXIST);
    EXPECT(exists("l-slash"), NOENT);
}

CASE(symlink_where_no_folder_is)
{
    EXPECT(SYMLINK("file", "nowhere/x"), NOENT);
    EXPECT(SYMLINK("file", "file/x"), NOTDIR);
    EXPECT(SYMLINK("file", ""), NOENT);
    EXPECT(SYMLINK("", "l-empty"), NOENT);
}

CASE(symlink_with_nul)
{
    EXPECT(SYMLINK("a\0b", "l-nul"), INVAL);
    EXPECT(SYMLINK("a", "l-\0nul"), INVAL);
    EXPECT(exists("l-nul"), NOENT);
    EXPECT(exists("l-"), NOENT);
}

/* A link to a folder that is then taken from under it. */
CASE(symlink_whose_target_becomes_a_link_out)
{
    OK(make_dir("l-swap"));
    OK(SYMLINK("l-swap", "l-to-swap"));
    OK(wasi_path_remove_directory(ROOT, P("l-swap")));
    OK(SYMLINK("../outside", "l-swap"));
    EXPECT(try_open(ROOT, FOLLOW, P("l-to-swap/secret")), PERM);
}

CASE(readlink_cuts_to_the_room)
{
    text[3] = '#';
    OK(wasi_path_readlink(ROOT, P("link-file"), text, 3, &used));
    EQUAL(used, 3);
    TRUE(same(text, "fil#", 4));
}

CASE(readlink_adds_no_nul)
{
    text[4] = '#';
    OK(wasi_path_readlink(ROOT, P("link-file"), text, sizeof text, &used));
    EQUAL(used, 4);
    TRUE(same(text, "file#", 5));
}

CASE(readlink_of_no_link)
{
    EXPECT(says("file", ""), INVAL);
    EXPECT(says("dir", ""), INVAL);
    EXPECT(says(".", ""), INVAL);
    EXPECT(says("nowhere", ""), NOENT);
    EXPECT(says("", ""), NOENT);
    EXPECT(says("file/x", ""), NOTDIR);
}

CASE(readlink_with_a_trailing_slash)
{
    EXPECT(says("link-dir/", ""), INVAL);
    EXPECT(says("link-file/", ""), NOTDIR);
    EXPECT(says("link-out-dir/", ""), PERM);
}

CASE(readlink_through_a_link)
{
    OK(says("link-dir/link-parent", "../file"));
    EXPECT(says("link-out-dir/x", ""), PERM);
}

CASE(link_is_another_name)
{
    OK(make_file("l-one", "text"));
    OK(LINK("l-one", "l-two"));
    OK(stat_of(NO_FOLLOW, "l-one", &stat));
    OK(stat_of(NO_FOLLOW, "l-two", &other));
    EQUAL(stat.ino, other.ino);
    EQUAL(stat.nlink, 2);
    OK(wasi_path_unlink_file(ROOT, P("l-one")));
    OK(has_text("l-two", "text"));
    OK(stat_of(NO_FOLLOW, "l-two", &other));
    EQUAL(other.nlink, 1);
}

CASE(link_where_something_is)
{
    EXPECT(LINK("file", "empty"), EXIST);
    EXPECT(LINK("file", "dir"), EXIST);
    EXPECT(LINK("file", "file"), EXIST);
    EXPECT(LINK("file", "link-dangling"), EXIST);
}

CASE(link_to_a_folder)
{
    EXPECT(LINK("dir", "l-dir"), PERM);
    EXPECT(LINK("hollow/", "l-dir"), PERM);
    EXPECT(exists("l-dir"), NOENT);
}

CASE(link_to_what_is_not_there)
{
    EXPECT(LINK("nowhere", "l-none"), NOENT);
    EXPECT(LINK("file", "nowhere/x"), NOENT);
    EXPECT(LINK("file", "file/x"), NOTDIR);
    EXPECT(LINK("", "l-none"), NOENT);
    EXPECT(LINK("file", ""), NOENT);
}

CASE(link_with_a_trailing_slash)
{
    EXPECT(LINK("file/", "l-trailing"), NOTDIR);
    EITHER(LINK("file", "l-trailing/"), NOENT, NOTDIR);
    EXPECT(exists("l-trailing"), NOENT);
}

CASE(link_to_a_link_is_to_the_link)
{
    OK(LINK("link-out", "l-hard-to-soft"));
    OK(stat_of(NO_FOLLOW, "l-hard-to-soft", &stat));
    EQUAL(stat.type, TYPE_SYMBOLIC_LINK);
    EXPECT(try_open(ROOT, FOLLOW, P("l-hard-to-soft")), PERM);
}

CASE(link_that_follows)
{
    OK(wasi_path_link(ROOT, FOLLOW, P("link-file"), ROOT, P("l-followed")));
    OK(stat_of(NO_FOLLOW, "l-followed", &stat));
    EQUAL(stat.type, TYPE_REGULAR_FILE);
}

CASE(link_that_follows_out)
{
    EXPECT(wasi_path_link(ROOT, FOLLOW, P("link-out"), ROOT, P("l-stolen")), PERM);
    EXPECT(wasi_path_link(ROOT, FOLLOW, P("link-absolute"), ROOT, P("l-stolen")), PERM);
    EXPECT(wasi_path_link(ROOT, FOLLOW, P("link-dangling"), ROOT, P("l-stolen")), NOENT);
    EXPECT(wasi_path_link(ROOT, FOLLOW, P("loop-a"), ROOT, P("l-stolen")), LOOP);
    EXPECT(exists("l-stolen"), NOENT);
}

CASE(link_with_unknown_flags)
{
    EXPECT(wasi_path_link(ROOT, 2, P("file"), ROOT, P("l-flags")), INVAL);
    EXPECT(exists("l-flags"), NOENT);
}

CASE(link_between_descriptors)
{
    OK(open_dir("dir", &fd));
    OK(wasi_path_link(ROOT, NO_FOLLOW, P("file"), fd, P("l-linked")));
    EXPECT(wasi_path_link(fd, NO_FOLLOW, P("../file"), ROOT, P("l-up")), PERM);
    OK(wasi_fd_close(fd));
    OK(has_text("dir/l-linked", "0123456789"));
}

MAIN();
