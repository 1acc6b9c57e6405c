/* The module of snapshot 0, wasi_unstable: the same functions, but three layouts and one list of
 * numbers. */
#define WASI_MODULE "wasi_unstable"
#include "files.h"

enum { OLD_CUR, OLD_END, OLD_SET };

struct old_filestat {
    u64 dev, ino;
    uint8_t type;
    u32 nlink;
    u64 size, atim, mtim, ctim;
};
AT_OFFSET(struct old_filestat, nlink, 20);
AT_OFFSET(struct old_filestat, size, 24);
HAS_SIZE(struct old_filestat, 56);

struct old_subscription {
    u64 userdata;
    uint8_t tag;
    union {
        struct {
            u64 identifier;
            u32 id;
            u64 timeout, precision;
            uint16_t flags;
        } clock;
        u32 fd;
    };
};
AT_OFFSET(struct old_subscription, clock.id, 24);
AT_OFFSET(struct old_subscription, clock.timeout, 32);
AT_OFFSET(struct old_subscription, clock.flags, 48);
AT_OFFSET(struct old_subscription, fd, 16);
HAS_SIZE(struct old_subscription, 56);

static union {
    struct old_filestat stat;
    unsigned char bytes[sizeof(struct wasi_filestat)];
} room;
static struct old_subscription in[3];
static struct wasi_event out[3];
static u32 fd, done, n;
static u64 at;

CASE(seek)
{
    OK(open_read("file", &fd));
    OK(wasi_fd_seek(fd, 4, OLD_SET, &at));
    EQUAL(at, 4);
    OK(wasi_fd_seek(fd, 2, OLD_CUR, &at));
    EQUAL(at, 6);
    OK(wasi_fd_seek(fd, -1, OLD_END, &at));
    EQUAL(at, 9);
    EXPECT(wasi_fd_seek(fd, 0, 3, &at), INVAL);
    OK(wasi_fd_close(fd));
}

static void is_file(void)
{
    EQUAL(room.stat.type, TYPE_REGULAR_FILE);
    EQUAL(room.stat.nlink, 2);
    EQUAL(room.stat.size, 10);
    TRUE(room.stat.ctim > 1600000000000000000);
    EQUAL(room.bytes[56], 0xa5);
}

CASE(filestat_by_path)
{
    room.bytes[56] = 0xa5;
    OK(wasi_path_filestat_get(ROOT, FOLLOW, P("link-file"), (void *)&room));
    is_file();
}

CASE(filestat_by_descriptor)
{
    OK(open_read("file", &fd));
    room.stat = (struct old_filestat){0};
    room.bytes[56] = 0xa5;
    OK(wasi_fd_filestat_get(fd, (void *)&room));
    is_file();
    OK(wasi_fd_close(fd));
}

CASE(filestat_at_the_end_of_the_memory)
{
    u32 end = (u32)__builtin_wasm_memory_size(0) << 16;
    OK(wasi_path_filestat_get(ROOT, FOLLOW, P("file"), (void *)(end - 56)));
    EXPECT(wasi_path_filestat_get(ROOT, FOLLOW, P("file"), (void *)(end - 48)), FAULT);
}

CASE(poll_clock)
{
    in[0] = (struct old_subscription){.userdata = 1, .tag = EVENT_CLOCK};
    in[0].clock.identifier = 0xffffffffffffffff;
    in[0].clock.id = CLOCK_MONOTONIC;
    in[0].clock.timeout = 1000000;
    OK(wasi_poll_oneoff(in, out, 1, &n));
    EQUAL(n, 1);
    EQUAL(out[0].userdata, 1);
    EQUAL(out[0].type, EVENT_CLOCK);
}

CASE(poll_past)
{
    in[0] = (struct old_subscription){.userdata = 2, .tag = EVENT_CLOCK};
    in[0].clock.id = CLOCK_REALTIME;
    in[0].clock.timeout = 1;
    in[0].clock.flags = CLOCK_ABSTIME;
    OK(wasi_poll_oneoff(in, out, 1, &n));
    EQUAL(n, 1);
}

CASE(poll_several)
{
    for (u32 i = 0; i < 3; i++)
        in[i] = (struct old_subscription){.userdata = 10 + i, .tag = EVENT_FD_WRITE, .fd = STDOUT};
    in[1] = (struct old_subscription){.userdata = 11, .tag = EVENT_CLOCK};
    in[1].clock.timeout = 3600000000000;
    OK(wasi_poll_oneoff(in, out, 3, &n));
    EQUAL(n, 2);
    EQUAL(out[0].userdata + out[1].userdata, 22);
}

CASE(read_and_write)
{
    OK(make_file("u-file", "text"));
    OK(has_text("u-file", "text"));
    OK(wasi_path_unlink_file(ROOT, P("u-file")));
    EXPECT(has_text("u-file", "text"), NOENT);
}

CASE(outside_is_closed)
{
    EXPECT(try_open(ROOT, FOLLOW, P("../outside/secret")), PERM);
    EXPECT(try_open(ROOT, FOLLOW, P("link-out")), PERM);
    EXPECT(try_open(ROOT, FOLLOW, P("link-absolute")), PERM);
}

CASE(folder)
{
    char entries[64];
    struct wasi_prestat prestat;
    OK(wasi_fd_readdir(ROOT, entries, sizeof entries, 0, &done));
    EQUAL(done, sizeof entries);
    OK(wasi_fd_prestat_get(ROOT, &prestat));
    EXPECT(wasi_fd_prestat_get(ROOT + 1, &prestat), BADF);
}

MAIN();
