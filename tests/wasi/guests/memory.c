/* Hostile pointers: what is not inside the memory is FAULT, by every function that takes a pointer,
 * and then nothing is done and nothing written. */
#include "files.h"

static unsigned char out[64], before[64];
#define OUT ((void *)out)
static char data[16];
static struct wasi_iovec good = {data, 8};
static u32 fd, done;

/* The first byte behind the memory. */
static u32 end(void)
{
    return (u32)__builtin_wasm_memory_size(0) << 16;
}

/* Pointers for something of that size, none of which may be used: at the end, over it, and where a
 * sum of 32 bits comes around to 0. */
#define FAULT_CASE(name, size, call)                                                               \
    CASE(name)                                                                                     \
    {                                                                                              \
        __builtin_memset(out, 0, sizeof out);                                                      \
        const u32 places[] = {end(), end() - (size) / 2, UINT32_MAX - 7, UINT32_MAX};              \
        for (u32 i = 0; i < sizeof places / sizeof *places; i++) {                                 \
            void *bad = (void *)places[i];                                                         \
            EXPECT(call, FAULT);                                                                   \
            TRUE(same(out, before, sizeof out));                                                   \
        }                                                                                          \
    }                                                                                              \
    _Static_assert(1, "")

FAULT_CASE(args_get_text, 2, wasi_args_get(OUT, bad));
FAULT_CASE(args_get_table, 4, wasi_args_get(bad, OUT));
FAULT_CASE(args_sizes_get_count, 4, wasi_args_sizes_get(bad, OUT));
FAULT_CASE(args_sizes_get_size, 4, wasi_args_sizes_get(OUT, bad));
FAULT_CASE(environ_sizes_get_count, 4, wasi_environ_sizes_get(bad, OUT));
FAULT_CASE(environ_sizes_get_size, 4, wasi_environ_sizes_get(OUT, bad));
FAULT_CASE(clock_res_get, 8, wasi_clock_res_get(CLOCK_MONOTONIC, bad));
FAULT_CASE(clock_time_get, 8, wasi_clock_time_get(CLOCK_MONOTONIC, 0, bad));
FAULT_CASE(fd_fdstat_get, 24, wasi_fd_fdstat_get(ROOT, bad));
FAULT_CASE(fd_filestat_get, 64, wasi_fd_filestat_get(ROOT, bad));
FAULT_CASE(fd_prestat_get, 8, wasi_fd_prestat_get(ROOT, bad));
FAULT_CASE(fd_prestat_dir_name, 0, wasi_fd_prestat_dir_name(ROOT, bad, 1));
FAULT_CASE(fd_readdir_used, 4, wasi_fd_readdir(ROOT, OUT, 24, 0, bad));
FAULT_CASE(fd_readdir_room, 24, wasi_fd_readdir(ROOT, bad, 24, 0, OUT));
FAULT_CASE(fd_read_vectors, 8, wasi_fd_read(STDIN, bad, 1, OUT));
FAULT_CASE(fd_read_done, 4, wasi_fd_read(STDIN, &good, 1, bad));
FAULT_CASE(fd_write_vectors, 8, wasi_fd_write(STDOUT, bad, 1, OUT));
FAULT_CASE(fd_write_done, 4, wasi_fd_write(STDOUT, &good, 1, bad));
FAULT_CASE(path_create_directory, 8, wasi_path_create_directory(ROOT, bad, 8));
FAULT_CASE(path_filestat_get_path, 8, wasi_path_filestat_get(ROOT, 0, bad, 8, OUT));
FAULT_CASE(path_filestat_get_out, 64, wasi_path_filestat_get(ROOT, 0, P("file"), bad));
FAULT_CASE(path_filestat_set_times, 8,
           wasi_path_filestat_set_times(ROOT, 0, bad, 8, 0, 0, SET_ATIM));
FAULT_CASE(path_link_from, 8, wasi_path_link(ROOT, 0, bad, 8, ROOT, P("m-x")));
FAULT_CASE(path_link_to, 8, wasi_path_link(ROOT, 0, P("file"), ROOT, bad, 8));
FAULT_CASE(path_open_path, 8, wasi_path_open(ROOT, 0, bad, 8, O_CREATE, FILE_RIGHTS, 0, 0, OUT));
FAULT_CASE(path_open_out, 4,
           wasi_path_open(ROOT, 0, P("m-open"), O_CREATE, FILE_RIGHTS, 0, 0, bad));
FAULT_CASE(path_readlink_path, 8, wasi_path_readlink(ROOT, bad, 8, OUT, 8, OUT));
FAULT_CASE(path_readlink_text, 8, wasi_path_readlink(ROOT, P("link-file"), bad, 8, OUT));
FAULT_CASE(path_readlink_used, 4, wasi_path_readlink(ROOT, P("link-file"), OUT, 8, bad));
FAULT_CASE(path_remove_directory, 8, wasi_path_remove_directory(ROOT, bad, 8));
FAULT_CASE(path_rename_from, 8, wasi_path_rename(ROOT, bad, 8, ROOT, P("m-x")));
FAULT_CASE(path_rename_to, 8, wasi_path_rename(ROOT, P("file"), ROOT, bad, 8));
FAULT_CASE(path_symlink_target, 8, wasi_path_symlink(bad, 8, ROOT, P("m-x")));
FAULT_CASE(path_symlink_path, 8, wasi_path_symlink(P("file"), ROOT, bad, 8));
FAULT_CASE(path_unlink_file, 8, wasi_path_unlink_file(ROOT, bad, 8));
FAULT_CASE(random_get, 8, wasi_random_get(bad, 8));

/* Of a file, so that its position tells whether something was done. */
#define OF_FILE_CASE(name, size, call)                                                             \
    CASE(name)                                                                                     \
    {                                                                                              \
        u64 at;                                                                                    \
        const u32 places[] = {end(), end() - (size) / 2, UINT32_MAX - 7};                          \
        OK(make_file("m-" #name, "0123456789"));                                                   \
        OK(open_as(ROOT, "m-" #name, 0, FILE_RIGHTS, &fd));                                        \
        OK(wasi_fd_seek(fd, 5, WHENCE_SET, &at));                                                  \
        for (u32 i = 0; i < sizeof places / sizeof *places; i++) {                                 \
            void *bad = (void *)places[i];                                                         \
            struct wasi_iovec second[] = {{data, 2}, {bad, (size)}};                               \
            (void)second;                                                                          \
            EXPECT(call, FAULT);                                                                   \
            EQUAL(position(fd), 5);                                                                \
        }                                                                                          \
        OK(wasi_fd_close(fd));                                                                     \
        OK(has_text("m-" #name, "0123456789"));                                                    \
    }                                                                                              \
    _Static_assert(1, "")

OF_FILE_CASE(read_second_vector, 8, wasi_fd_read(fd, second, 2, &done));
OF_FILE_CASE(read_count, 4, wasi_fd_read(fd, &good, 1, bad));
OF_FILE_CASE(write_second_vector, 8, wasi_fd_write(fd, second, 2, &done));
OF_FILE_CASE(write_count, 4, wasi_fd_write(fd, &good, 1, bad));
OF_FILE_CASE(pread_second_vector, 8, wasi_fd_pread(fd, second, 2, 0, &done));
OF_FILE_CASE(pread_count, 4, wasi_fd_pread(fd, &good, 1, 0, bad));
OF_FILE_CASE(pwrite_second_vector, 8, wasi_fd_pwrite(fd, second, 2, 0, &done));
OF_FILE_CASE(pwrite_count, 4, wasi_fd_pwrite(fd, &good, 1, 0, bad));
OF_FILE_CASE(seek_position, 8, wasi_fd_seek(fd, 1, WHENCE_CUR, bad));
OF_FILE_CASE(tell_position, 8, wasi_fd_tell(fd, bad));

/* So many vectors that their array ends after the memory, or after every memory, or at its start
 * again. */
CASE(too_many_vectors)
{
    static const u32 counts[] = {0x20000000, 0x20000001, 0x1fffffff, UINT32_MAX, 0x80000000};
    OK(open_as(ROOT, "file", 0, READ_RIGHTS, &fd));
    for (u32 i = 0; i < sizeof counts / sizeof *counts; i++) {
        EITHER(wasi_fd_read(fd, &good, counts[i], &done), FAULT, INVAL);
        EITHER(wasi_fd_write(STDOUT, &good, counts[i], &done), FAULT, INVAL);
    }
    EXPECT(wasi_fd_read(fd, (void *)(end() - 8), 2, &done), FAULT);
    EQUAL(position(fd), 0);
    OK(wasi_fd_close(fd));
}

/* The sum of the lengths is more than 32 bits hold: they overlap. */
CASE(lengths_near_2_32)
{
    struct wasi_iovec vectors[] = {{data, 1}, {data, UINT32_MAX}};
    OK(open_as(ROOT, "file", 0, READ_RIGHTS, &fd));
    EXPECT(wasi_fd_read(fd, vectors, 2, &done), FAULT);
    vectors[1] = (struct wasi_iovec){0, end() + 1};
    EXPECT(wasi_fd_read(fd, vectors, 2, &done), FAULT);
    vectors[1] = (struct wasi_iovec){(void *)UINT32_MAX, 2};
    EXPECT(wasi_fd_read(fd, vectors, 2, &done), FAULT);
    EQUAL(position(fd), 0);
    OK(wasi_fd_close(fd));
    EXPECT(wasi_random_get(data, UINT32_MAX), FAULT);
    EXPECT(wasi_fd_readdir(ROOT, data, UINT32_MAX, 0, &done), FAULT);
    EXPECT(wasi_path_unlink_file(ROOT, data, UINT32_MAX), FAULT);
}

/* As much as the memory has, and each vector all of it. */
CASE(lengths_that_are_good_and_large)
{
    struct wasi_iovec vectors[70];
    OK(open_as(ROOT, "empty", 0, READ_RIGHTS, &fd));
    for (u32 i = 0; i < 70; i++)
        vectors[i] = (struct wasi_iovec){0, end()};
    EITHER(wasi_fd_read(fd, vectors, 70, &done), SUCCESS, INVAL);
    OK(wasi_fd_close(fd));
}

CASE(last_byte_can_be_used)
{
    u32 *last = (u32 *)(end() - 4);
    OK(wasi_random_get((void *)(end() - 1), 1));
    OK(wasi_random_get((void *)end(), 0));
    OK(wasi_args_sizes_get(last, last));
    struct wasi_iovec vector = {(void *)(end() - 5), 5};
    OK(open_as(ROOT, "file", 0, READ_RIGHTS, &fd));
    OK(wasi_fd_read(fd, &vector, 1, &done));
    TRUE(done == 5 && same(vector.data, "01234", 5));
    OK(wasi_fd_close(fd));
}

/* Only that it is not FAULT for want of 4 bytes: the specification asks for no alignment. */
CASE(odd_pointers)
{
    u32 *odd = (u32 *)(out + 1);
    OK(wasi_args_sizes_get(odd, (u32 *)(out + 7)));
    OK(open_as(ROOT, "file", 0, READ_RIGHTS, (u32 *)(out + 3)));
    __builtin_memcpy(&fd, out + 3, 4);
    OK(wasi_fd_close(fd));
}

CASE(vectors_that_are_read_over)
{
    static struct {
        struct wasi_iovec vectors[2];
        char more[16];
    } over;
    over.vectors[0] = (struct wasi_iovec){&over, 6};
    over.vectors[1] = (struct wasi_iovec){over.more, 4};
    OK(open_as(ROOT, "file", 0, READ_RIGHTS, &fd));
    OK(wasi_fd_read(fd, over.vectors, 2, &done));
    EQUAL(done, 10);
    TRUE(same(&over, "012345", 6) && same(over.more, "6789", 4));
    OK(wasi_fd_close(fd));
}

CASE(count_in_what_is_read)
{
    static u32 words[4];
    struct wasi_iovec vector = {words, 10};
    OK(open_as(ROOT, "file", 0, READ_RIGHTS, &fd));
    OK(wasi_fd_read(fd, &vector, 1, &words[1]));
    EQUAL(words[1], 10);
    TRUE(same(&words[0], "0123", 4) && same(&words[2], "89", 2));
    OK(wasi_fd_close(fd));
}

CASE(events_over_their_subscriptions)
{
    static struct wasi_subscription in[3];
    u32 n;
    for (u32 i = 0; i < 3; i++)
        in[i] = (struct wasi_subscription){.userdata = 5 + i, .tag = EVENT_FD_WRITE, .fd = STDOUT};
    struct wasi_event *events = (void *)in;
    OK(wasi_poll_oneoff(in, events, 3, &n));
    EQUAL(n, 3);
    EQUAL(events[0].userdata + events[1].userdata + events[2].userdata, 18);
    EQUAL(events[2].type, EVENT_FD_WRITE);
}

CASE(path_and_result_in_one_place)
{
    static char both[64] = "file";
    OK(wasi_path_filestat_get(ROOT, 0, both, 4, (void *)both));
    struct wasi_filestat stat;
    __builtin_memcpy(&stat, both, sizeof stat);
    EQUAL(stat.size, 10);
}

CASE(poll)
{
    static struct wasi_subscription in = {.tag = EVENT_CLOCK};
    struct wasi_event event;
    EXPECT(wasi_poll_oneoff((void *)(end() - 24), &event, 1, &done), FAULT);
    EXPECT(wasi_poll_oneoff(&in, (void *)(end() - 16), 1, &done), FAULT);
    EXPECT(wasi_poll_oneoff(&in, &event, 1, (void *)end()), FAULT);
    EXPECT(wasi_poll_oneoff(&in, &event, UINT32_MAX, &done), FAULT);
    EXPECT(wasi_poll_oneoff(&in, &event, 0x05555556, &done), FAULT); /* times 48 is 2^32 + 32 */
}

CASE(nothing_was_made)
{
    EXPECT(exists("m-open"), NOENT);
    EXPECT(exists("m-x"), NOENT);
    OK(has_text("file", "0123456789"));
    OK(read_some(STDIN, data, 10, &done));
    TRUE(done == 10 && same(data, "from stdin", 10));
}

MAIN();
