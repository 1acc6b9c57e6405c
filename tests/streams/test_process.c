/* The process: slots, the five calls over them, the end. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "rt/process.h"

static struct dagger_process process;

static void start(void)
{
    struct dagger_host host = {0};
    dagger_process_init(&process, &host);
}

static void finish(void)
{
    dagger_process_end(&process, DAGGER_END_NORMAL);
}

TestSuite(process, .init = start, .fini = finish);

static int32_t open_url(const char *url)
{
    return dagger_process_open(&process, url, strlen(url));
}

Test(process, is_empty_at_the_start)
{
    cr_expect_eq(process.len, 0);
    cr_expect_eq(process.cap, 0);
    cr_expect_eq(process.limit, 1024);
    cr_expect_eq(dagger_process_end(&process, DAGGER_END_NORMAL), 0);
}

Test(process, descriptors_are_the_lowest_free)
{
    for (int i = 0; i < 5; i++)
        cr_expect_eq(open_url("null://"), i);
    cr_expect_eq(dagger_process_close(&process, 3), 0);
    cr_expect_eq(dagger_process_close(&process, 1), 0);
    cr_expect_eq(open_url("null://"), 1);
    cr_expect_eq(open_url("null://"), 3);
    cr_expect_eq(open_url("null://"), 5);
    cr_expect_eq(dagger_process_close(&process, 0), 0);
    cr_expect_eq(dagger_process_close(&process, 5), 0);
    cr_expect_eq(open_url("null://"), 0);
    cr_expect_eq(open_url("null://"), 5);
}

/* Any sequence of opens and closes against the plainest model there is. */
Test(process, descriptors_are_the_lowest_free_whatever_the_order)
{
    bool used[64] = {false};
    uint32_t state = 1;
    for (int step = 0; step < 20000; step++) {
        state = state * 1664525 + 1013904223;
        uint32_t sd = (state >> 16) % 64;
        uint32_t lowest = 0;
        while (lowest < 64 && used[lowest])
            lowest++;
        if ((state >> 8) % 2 && lowest < 64) {
            cr_assert_eq(open_url("null://"), (int32_t)lowest);
            used[lowest] = true;
        } else {
            cr_assert_eq(dagger_process_close(&process, sd), used[sd] ? 0 : DAGGER_BADSD);
            used[sd] = false;
        }
    }
}

Test(process, no_stream_there)
{
    static const uint32_t none[] = {0, 1, 7, 8, 1023, 1024, 0x7fffffff, 0x80000000, 0xffffffff};
    char data[1] = "";
    cr_expect_eq(open_url("null://"), 0);
    cr_expect_eq(dagger_process_close(&process, 0), 0);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        cr_expect_eq(dagger_process_read(&process, none[i], data, 1), DAGGER_BADSD);
        cr_expect_eq(dagger_process_write(&process, none[i], data, 1), DAGGER_BADSD);
        cr_expect_eq(dagger_process_read(&process, none[i], data, 0), DAGGER_BADSD);
        cr_expect_eq(dagger_process_write(&process, none[i], data, 0), DAGGER_BADSD);
        cr_expect_eq(dagger_process_flush(&process, none[i]), DAGGER_BADSD);
        cr_expect_eq(dagger_process_close(&process, none[i]), DAGGER_BADSD);
    }
}

Test(process, the_limit_is_1024_and_closing_makes_room)
{
    for (int i = 0; i < 1024; i++)
        cr_assert_eq(open_url("null://"), i);
    cr_expect_eq(open_url("null://"), DAGGER_TOOMANY);
    cr_expect_eq(process.cap, 1024);
    cr_expect_eq(dagger_process_close(&process, 500), 0);
    cr_expect_eq(open_url("null://"), 500);
    cr_expect_eq(open_url("null://"), DAGGER_TOOMANY);
}

Test(process, a_limit_that_is_no_power_of_two)
{
    process.limit = 11;
    for (int i = 0; i < 11; i++)
        cr_assert_eq(open_url("null://"), i);
    cr_expect_eq(open_url("null://"), DAGGER_TOOMANY);
    process.limit = 0;
    cr_expect_eq(dagger_process_end(&process, DAGGER_END_NORMAL), 0);
    cr_expect_eq(open_url("null://"), DAGGER_TOOMANY);
}

Test(process, an_open_that_fails_takes_no_slot)
{
    cr_expect_eq(open_url("null://"), 0);
    cr_expect_eq(open_url("nothing"), DAGGER_BADURL);
    cr_expect_eq(open_url("nothing://"), DAGGER_NOSCHEME);
    cr_expect_eq(open_url("null://host"), DAGGER_BADINPUT);
    cr_expect_eq(open_url("null://"), 1);
    cr_expect_eq(dagger_process_close(&process, 0), 0);
    cr_expect_eq(open_url("fd://7"), DAGGER_PERM);
    cr_expect_eq(open_url("null://"), 0);
}

Test(process, without_a_slot_nothing_is_opened)
{
    process.limit = 0;
    cr_expect_eq(open_url("file:///must-not-appear?mode=x"), DAGGER_TOOMANY);
    process.limit = 1;
    cr_expect_eq(open_url("file:///must-not-appear"), DAGGER_NOENT);
}

/* Linked with --wrap=realloc. */
static bool no_memory;
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size)
{
    return no_memory ? NULL : __real_realloc(old, size);
}

Test(process, no_memory_for_the_slice)
{
    no_memory = true;
    cr_expect_eq(open_url("null://"), DAGGER_NOMEM);
    cr_expect_eq(open_url("file:///must-not-appear?mode=x"), DAGGER_NOMEM);
    no_memory = false;
    cr_expect_eq(open_url("file:///must-not-appear"), DAGGER_NOENT);
    int32_t sd = 0;
    while ((size_t)sd < 8 && open_url("zero://") == sd)
        sd++;
    no_memory = true;
    cr_expect_eq(open_url("null://"), DAGGER_NOMEM);
    char data[1];
    cr_expect_eq(dagger_process_read(&process, 7, data, 1), 1, "the others are still there");
    cr_expect_eq(dagger_process_close(&process, 3), 0);
    cr_expect_eq(open_url("null://"), 3, "a free slot needs no memory");
}

Test(process, calls_reach_their_stream)
{
    char data[4] = "abc";
    cr_expect_eq(open_url("null://"), 0);
    cr_expect_eq(open_url("zero://"), 1);
    cr_expect_eq(open_url("random://"), 2);
    cr_expect_eq(dagger_process_write(&process, 0, data, 4), 4);
    cr_expect_eq(dagger_process_read(&process, 0, data, 4), 0);
    cr_expect_str_eq(data, "abc");
    cr_expect_eq(dagger_process_read(&process, 1, data, 4), 4);
    cr_expect_arr_eq(data, "\0\0\0\0", 4);
    cr_expect_eq(dagger_process_write(&process, 2, data, 4), DAGGER_NOTSUP);
    cr_expect_eq(dagger_process_flush(&process, 1), 0);
}

/* Single bytes take a short way, which must not pass over what the long one looks at. */
Test(process, single_bytes)
{
    static const struct dagger_stream_ops ops = {.kind = "unwritable"};
    uint8_t bytes[2];
    struct dagger_buffer buffer = {.data = bytes, .cap = sizeof bytes};
    struct dagger_stream stream = {.ops = &ops, .out = &buffer};
    cr_assert_eq(open_url("null://"), 0);
    struct dagger_stream *null = process.slots[0].stream;
    process.slots[0].stream = &stream;
    cr_expect(dagger_process_put(&process, 0, 'a'));
    cr_expect_eq(buffer.len, 1);
    stream.pending = DAGGER_IO;
    cr_expect_not(dagger_process_put(&process, 0, 'b'));
    stream.pending = 0;
    stream.line_buffered = true;
    cr_expect_not(dagger_process_put(&process, 0, 'b'));
    stream.line_buffered = false;
    cr_expect_not(dagger_process_put(&process, 1, 'b'));
    cr_expect_eq(buffer.len, 1);
    cr_expect(dagger_process_put(&process, 0, 'b'));
    cr_expect_arr_eq(bytes, "ab", 2);
    cr_expect_not(dagger_process_put(&process, 0, 'c'), "the buffer is full");
    stream.out = NULL;
    cr_expect_not(dagger_process_put(&process, 0, 'c'));
    process.slots[0].stream = null;
}

/* --- added and moved streams --------------------------------------------------------------- */

static struct dagger_stream *null_stream(void)
{
    struct dagger_stream *stream = NULL;
    cr_assert_eq(dagger_stream_open(&process.host, "null://", 7, &stream), 0);
    return stream;
}

Test(process, an_added_stream_takes_the_lowest_slot_and_what_goes_with_it)
{
    void *attached = malloc(1);
    cr_assert_eq(open_url("null://"), 0);
    cr_assert_eq(open_url("null://"), 1);
    cr_assert_eq(dagger_process_close(&process, 0), 0);
    cr_expect_eq(dagger_process_add(&process, null_stream(), attached), 0);
    cr_expect_eq(dagger_process_slot(&process, 0)->attached, attached);
    cr_expect_null(dagger_process_slot(&process, 1)->attached);
    cr_expect_null(dagger_process_slot(&process, 2));
    cr_expect_eq(dagger_process_add(&process, null_stream(), NULL), 2);
}

Test(process, a_full_process_leaves_an_added_stream_to_the_caller)
{
    process.limit = 1;
    cr_assert_eq(open_url("null://"), 0);
    struct dagger_stream *stream = null_stream();
    cr_expect_eq(dagger_process_add(&process, stream, NULL), DAGGER_TOOMANY);
    cr_expect_eq(dagger_stream_close(stream, DAGGER_END_NORMAL), 0);
}

Test(process, a_moved_stream_takes_the_place_of_another)
{
    void *attached = malloc(1);
    cr_assert_eq(open_url("null://"), 0);
    cr_assert_eq(dagger_process_add(&process, null_stream(), attached), 1);
    cr_assert_eq(open_url("zero://"), 2);
    struct dagger_stream *moved = process.slots[1].stream;
    cr_expect_eq(dagger_process_move(&process, 1, 3), DAGGER_BADSD);
    cr_expect_eq(dagger_process_move(&process, 3, 1), DAGGER_BADSD);
    cr_expect_eq(dagger_process_move(&process, 1, 1), 0);
    cr_expect_eq(dagger_process_move(&process, 1, 2), 0);
    cr_expect_null(dagger_process_slot(&process, 1));
    cr_expect_eq(process.slots[2].stream, moved);
    cr_expect_eq(process.slots[2].attached, attached);
    cr_expect_eq(open_url("null://"), 1, "the slot is free again");
}

/* --- the end ------------------------------------------------------------------------------- */

static int order[8], closes;
static enum dagger_ending endings[8];

struct marked {
    struct dagger_stream base;
    int mark, error;
};

static int marked_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    struct marked *marked = (struct marked *)stream;
    int error = marked->error;
    order[closes] = marked->mark;
    endings[closes++] = ending;
    free(marked);
    return error;
}

static const struct dagger_stream_ops marked_ops = {.kind = "marked", .close = marked_close};

static void put_marked(int sd, int mark, int error)
{
    struct marked *marked = calloc(1, sizeof *marked);
    *marked = (struct marked){{.ops = &marked_ops}, mark, error};
    process.slots[sd].stream = &marked->base;
}

Test(process, the_end_closes_in_order_and_tells_the_first_error)
{
    for (int i = 0; i < 4; i++)
        cr_assert_eq(open_url("null://"), i);
    put_marked(0, 10, 0);
    put_marked(1, 11, DAGGER_NOSPACE);
    cr_expect_eq(dagger_process_close(&process, 2), 0);
    put_marked(3, 13, DAGGER_PIPE);
    cr_expect_eq(dagger_process_end(&process, DAGGER_END_TRAP), DAGGER_NOSPACE);
    cr_assert_eq(closes, 3);
    cr_expect_eq(order[0], 10);
    cr_expect_eq(order[1], 11);
    cr_expect_eq(order[2], 13);
    for (int i = 0; i < 3; i++)
        cr_expect_eq(endings[i], DAGGER_END_TRAP);
    cr_expect_eq(dagger_process_end(&process, DAGGER_END_NORMAL), 0, "nothing is left");
    cr_expect_eq(open_url("null://"), 0, "and it can be used again");
}

Test(process, close_frees_the_slot_though_it_fails)
{
    cr_assert_eq(open_url("null://"), 0);
    put_marked(0, 1, DAGGER_IO);
    cr_expect_eq(dagger_process_close(&process, 0), DAGGER_IO);
    cr_expect_eq(endings[0], DAGGER_END_NORMAL);
    cr_expect_eq(dagger_process_close(&process, 0), DAGGER_BADSD);
    cr_expect_eq(open_url("null://"), 0);
}

Test(process, bytes_of_a_stream_are_limited)
{
    char data[16] = "0123456789abcde";
    process.stream_bytes = 10;
    for (int i = 0; i < 2; i++)
        cr_expect_eq(open_url("zero://"), i);
    cr_expect_eq(dagger_process_write(&process, 0, data, 4), 4);
    cr_expect_eq(dagger_process_read(&process, 0, data, 4), 4);
    cr_expect_null(process.limit_met);
    cr_expect_eq(dagger_process_write(&process, 0, data, 4), 2);
    cr_expect_str_eq(process.limit_met, "limit of bytes of a stream");
    cr_expect_eq(dagger_process_write(&process, 0, data, 1), DAGGER_NOSPACE);
    cr_expect_eq(dagger_process_read(&process, 0, data, 1), DAGGER_PERM);
    cr_expect_eq(dagger_process_read(&process, 0, data, 0), 0);
    cr_expect_eq(dagger_process_read(&process, 1, data, 16), 10, "each stream has its own");
    cr_expect_eq(dagger_process_move(&process, 0, 1), 0);
    cr_expect_eq(dagger_process_read(&process, 1, data, 1), DAGGER_PERM,
                 "what it read moves along");
    cr_expect_eq(open_url("zero://"), 0);
    cr_expect_eq(dagger_process_read(&process, 0, data, 1), 1, "a new stream begins anew");
}

Test(process, bytes_are_counted_that_passed)
{
    char data[4];
    process.stream_bytes = 4;
    cr_assert_eq(open_url("null://"), 0);
    for (int i = 0; i < 9; i++)
        cr_expect_eq(dagger_process_read(&process, 0, data, 4), 0); /* the end of the stream */
    cr_expect_eq(dagger_process_write(&process, 0, data, 4), 4);
    cr_expect_not(dagger_process_put(&process, 0, 'x'), "the short way would not count");
}
