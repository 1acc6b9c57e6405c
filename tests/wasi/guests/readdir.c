/* fd_readdir: every entry once, from any cookie, with any room. */
#include "files.h"

enum { HEAD = sizeof(struct wasi_dirent), MANY = 100 };

static unsigned char room[8192];
static struct wasi_dirent entry;
static u32 fd, used, total, dots;
static unsigned char seen[MANY];

/* Counts an entry of the folder "many", or of dots. */
static void count(const char *name, u32 len)
{
    if (len == 1 || len == 2) {
        TRUE(same(name, "..", len));
        dots++;
        return;
    }
    EQUAL(len, 3);
    u32 number = (u32)(name[1] - '0') * 10 + (u32)(name[2] - '0');
    TRUE(name[0] == 'f' && number < MANY);
    seen[number]++;
    total++;
}

/* Lists from the cookie to the end with that much room at a time, as a libc does. */
static void list(u64 cookie, u32 size)
{
    do {
        OK(wasi_fd_readdir(fd, room, size, cookie, &used));
        TRUE(used <= size);
        u32 at = 0, whole = 0;
        while (at + HEAD <= used) {
            __builtin_memcpy(&entry, room + at, HEAD);
            if (at + HEAD + entry.name_len > used)
                break;
            count((char *)room + at + HEAD, entry.name_len);
            CHECK(1);
            at += HEAD + entry.name_len;
            cookie = entry.next;
            whole++;
        }
        TRUE(used < size || whole > 0);
    } while (used == size);
}

static void start(const char *path)
{
    OK(open_dir(path, &fd));
    total = dots = 0;
    for (u32 i = 0; i < MANY; i++)
        seen[i] = 0;
}

static void all_once(void)
{
    EQUAL(total, MANY);
    EQUAL(dots, 2);
    for (u32 i = 0; i < MANY; i++)
        EQUAL(seen[i], 1);
    OK(wasi_fd_close(fd));
}

CASE(all_with_much_room)
{
    start("many");
    list(0, sizeof room);
    all_once();
}

CASE(all_with_little_room)
{
    start("many");
    list(0, 2 * HEAD);
    all_once();
}

CASE(all_with_room_for_one)
{
    start("many");
    list(0, HEAD + 3);
    all_once();
}

CASE(twice_by_cookie_0)
{
    start("many");
    list(0, 500);
    EQUAL(total, MANY);
    start("many");
    list(0, 500);
    all_once();
}

CASE(again_on_the_same_descriptor)
{
    start("many");
    list(0, 300);
    EQUAL(total, MANY);
    total = dots = 0;
    for (u32 i = 0; i < MANY; i++)
        seen[i] = 0;
    list(0, sizeof room);
    all_once();
}

/* The n-th entry's cookie, found by going there. */
static void go(u32 n, u64 *cookie)
{
    u32 at = 0;
    *cookie = 0;
    OK(wasi_fd_readdir(fd, room, sizeof room, 0, &used));
    for (u32 i = 0; i < n; i++) {
        __builtin_memcpy(&entry, room + at, HEAD);
        at += HEAD + entry.name_len;
        *cookie = entry.next;
    }
}

CASE(from_the_middle)
{
    u64 cookie;
    start("many");
    go(40, &cookie);
    TRUE(cookie != 0);
    list(cookie, 200);
    EQUAL(total + dots, MANY + 2 - 40);
    OK(wasi_fd_close(fd));
}

CASE(back_to_an_earlier_cookie)
{
    u64 middle, early;
    start("many");
    go(80, &middle);
    go(10, &early);
    list(middle, 100);
    total = dots = 0;
    list(early, 100);
    EQUAL(total + dots, MANY + 2 - 10);
    OK(wasi_fd_close(fd));
}

CASE(cookie_works_on_another_descriptor)
{
    u64 cookie;
    start("many");
    go(50, &cookie);
    OK(wasi_fd_close(fd));
    start("many");
    list(cookie, 1000);
    EQUAL(total + dots, MANY + 2 - 50);
    OK(wasi_fd_close(fd));
}

CASE(last_cookie_is_the_end)
{
    u64 cookie;
    start("many");
    go(MANY + 2, &cookie);
    OK(wasi_fd_readdir(fd, room, sizeof room, cookie, &used));
    EQUAL(used, 0);
    OK(wasi_fd_close(fd));
}

CASE(cookie_that_never_was)
{
    start("hollow");
    u32 error = wasi_fd_readdir(fd, room, sizeof room, UINT64_MAX, &used);
    EITHER(error, SUCCESS, INVAL);
    OK(wasi_fd_close(fd));
}

/* Entries that do not fit are cut, and the room is full, which tells the guest that there is more.
 */
CASE(room_is_filled_to_the_byte)
{
    static const u32 sizes[] = {1, 7, 8, 23, 24, 25, 26, 47, 48, 53, 100};
    start("many");
    for (u32 i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        room[sizes[i]] = 0xa5;
        OK(wasi_fd_readdir(fd, room, sizes[i], 0, &used));
        EQUAL(used, sizes[i]);
        EQUAL(room[sizes[i]], 0xa5);
    }
    OK(wasi_fd_close(fd));
}

CASE(no_room)
{
    start("many");
    used = 7;
    OK(wasi_fd_readdir(fd, room, 0, 0, &used));
    EQUAL(used, 0);
    OK(wasi_fd_close(fd));
}

/* The cut entry's head is whole if its bytes are there. */
CASE(cut_entry_is_the_start_of_the_whole_one)
{
    static unsigned char cut[30];
    start("many");
    OK(wasi_fd_readdir(fd, room, sizeof room, 0, &used));
    OK(wasi_fd_readdir(fd, cut, sizeof cut, 0, &used));
    EQUAL(used, sizeof cut);
    TRUE(same(cut, room, sizeof cut));
    OK(wasi_fd_close(fd));
}

CASE(empty_folder)
{
    start("hollow");
    list(0, sizeof room);
    EQUAL(total, 0);
    EQUAL(dots, 2);
    OK(wasi_fd_close(fd));
}

/* The type and the serial number of a name in the root. */
static void find(const char *name, u32 type)
{
    u32 at = 0;
    struct wasi_filestat stat;
    OK(wasi_fd_readdir(ROOT, room, sizeof room, 0, &used));
    while (at + HEAD <= used) {
        __builtin_memcpy(&entry, room + at, HEAD);
        at += HEAD;
        if (entry.name_len == length(name) && same(room + at, name, entry.name_len)) {
            EQUAL(entry.type, type);
            OK(stat_of(NO_FOLLOW, name, &stat));
            EQUAL(entry.ino, stat.ino);
            return;
        }
        at += entry.name_len;
    }
    TRUE(!"found");
}

CASE(types_and_numbers)
{
    find("file", TYPE_REGULAR_FILE);
    find("dir", TYPE_DIRECTORY);
    find("link-file", TYPE_SYMBOLIC_LINK);
    find("link-out-dir", TYPE_SYMBOLIC_LINK);
    find("fifo", TYPE_UNKNOWN);
    find(".", TYPE_DIRECTORY);
}

CASE(longest_name)
{
    static char name[256];
    for (u32 i = 0; i < 255; i++)
        name[i] = (char)('a' + i % 26);
    OK(make_dir("r-long"));
    u32 dir;
    OK(open_dir("r-long", &dir));
    OK(wasi_path_create_directory(dir, name, 255));
    u32 at = 0, found = 0;
    OK(wasi_fd_readdir(dir, room, sizeof room, 0, &used));
    for (; at + HEAD <= used; at += HEAD + entry.name_len) {
        __builtin_memcpy(&entry, room + at, HEAD);
        found += entry.name_len == 255 && same(room + at + HEAD, name, 255);
    }
    EQUAL(at, used);
    EQUAL(found, 1);
    OK(wasi_fd_close(dir));
}

CASE(new_entries_are_seen_from_cookie_0)
{
    start("hollow");
    list(0, sizeof room);
    OK(make_file("hollow/f07", "x"));
    list(0, sizeof room);
    EQUAL(total, 1);
    OK(wasi_path_unlink_file(ROOT, P("hollow/f07")));
    total = 0;
    list(0, sizeof room);
    EQUAL(total, 0);
    OK(wasi_fd_close(fd));
}

/* rm -r: what was listed goes away, and the rest still comes. */
CASE(removal_while_listing)
{
    u64 cookie = 0;
    u32 removed = 0;
    OK(make_dir("r-clear"));
    for (u32 i = 0; i < MANY; i++) {
        char name[] = {'r', '-', 'c', 'l', 'e', 'a', 'r', '/', 'f', '0', '0', '\0'};
        name[9] += (char)(i / 10);
        name[10] += (char)(i % 10);
        OK(make_file(name, ""));
    }
    start("r-clear");
    for (;;) {
        OK(wasi_fd_readdir(fd, room, HEAD + 3, cookie, &used));
        if (used < HEAD + 2)
            break;
        __builtin_memcpy(&entry, room, HEAD);
        cookie = entry.next;
        if (entry.name_len == 3) {
            OK(wasi_path_unlink_file(fd, (char *)room + HEAD, 3));
            removed++;
        }
    }
    OK(wasi_fd_close(fd));
    OK(wasi_path_remove_directory(ROOT, P("r-clear")));
    EQUAL(removed, MANY);
}

CASE(no_folder)
{
    OK(open_as(ROOT, "file", 0, RIGHT(FD_READ) | RIGHT(FD_READDIR), &fd));
    EXPECT(wasi_fd_readdir(fd, room, sizeof room, 0, &used), NOTDIR);
    OK(wasi_fd_close(fd));
    EITHER(wasi_fd_readdir(STDIN, room, sizeof room, 0, &used), NOTDIR, NOTCAPABLE);
}

MAIN();
