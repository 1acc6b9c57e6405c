/* The unwinder against the compiler's own, and against broken tables. */
#include "rt/unwind.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <unwind.h>

#include "unwind_frames.h"

static uintptr_t stack_end(void)
{
    pthread_attr_t attributes;
    void *low;
    size_t size;
    pthread_getattr_np(pthread_self(), &attributes);
    pthread_attr_getstack(&attributes, &low, &size);
    pthread_attr_destroy(&attributes);
    return (uintptr_t)low + size;
}

static _Unwind_Reason_Code collect(struct _Unwind_Context *context, void *argument)
{
    struct walk *walk = argument;
    if (walk->expected_count == WALK_MAX)
        return _URC_END_OF_STACK;
    walk->expected[walk->expected_count++] = _Unwind_GetIP(context);
    return _URC_NO_REASON;
}

__attribute__((noinline)) void walk_here(struct walk *walk)
{
    struct dagger_registers registers;
    struct unwind_cursor cursor;
    dagger_capture_registers(&registers);
    unwind_init(&cursor, &registers, registers.value[REGISTER_SP], stack_end());
    while (walk->count < WALK_MAX && unwind_step(&cursor))
        walk->addresses[walk->count++] = cursor.registers.value[REGISTER_PC];
    _Unwind_Backtrace(collect, walk);
}

/* Both begin in walk_here(), at different calls; its callers are the same. */
static void check(int (*frames)(struct walk *walk), size_t at_least)
{
    static struct walk walk;
    memset(&walk, 0, sizeof(walk));
    frames(&walk);
    cr_assert_geq(walk.count, at_least);
    for (size_t i = 0; i < walk.count; i++)
        cr_assert_eq(walk.addresses[i], walk.expected[i + 1], "frame %zu", i);
}

/* 21 of a recursion, 8 of other shapes, qsort, main. */
enum { FRAMES = 30 };

Test(unwind, as_the_compiler_does)
{
    check(walk_frames_default, FRAMES);
}

Test(unwind, as_the_compiler_does_not_optimised)
{
    check(walk_frames_O0, FRAMES);
}

Test(unwind, as_the_compiler_does_highly_optimised)
{
    check(walk_frames_O3, 9); /* the recursion becomes a loop */
}

Test(unwind, as_the_compiler_does_with_frame_pointers)
{
    check(walk_frames_pointer, FRAMES);
}

Test(unwind, as_the_compiler_does_with_every_stack_realigned)
{
    check(walk_frames_realign, FRAMES);
}

Test(unwind, as_the_compiler_does_with_probed_stacks)
{
    check(walk_frames_probed, FRAMES);
}

Test(unwind, ends_where_the_given_stack_ends)
{
    struct dagger_registers registers;
    struct unwind_cursor cursor;
    dagger_capture_registers(&registers);
    uintptr_t sp = registers.value[REGISTER_SP];
    unwind_init(&cursor, &registers, sp, sp);
    cr_assert_not(unwind_step(&cursor));
    unwind_init(&cursor, &registers, sp, sp + 16);
    while (unwind_step(&cursor))
        cr_assert_leq(cursor.registers.value[REGISTER_SP], sp + 16);
}

Test(unwind, stops_at_code_it_does_not_know)
{
    struct dagger_registers registers;
    struct unwind_cursor cursor;
    dagger_capture_registers(&registers);
    const uintptr_t unknown[] = {0, 1, 0x1000, UINTPTR_MAX, (uintptr_t)&registers};
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        registers.value[REGISTER_PC] = unknown[i];
        unwind_init(&cursor, &registers, registers.value[REGISTER_SP], stack_end());
        cr_assert_not(unwind_step(&cursor));
    }
}

static uint64_t random_state = 88172645463325252u;
static uint64_t random_next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Bytes whose end is the end of what may be read: one more is a fault. */
static uint8_t *before_guard(size_t len)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t pages = (len + page - 1) / page * page;
    uint8_t *base =
        mmap(NULL, pages + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(base, MAP_FAILED);
    cr_assert_eq(mprotect(base + pages, page, PROT_NONE), 0);
    return base + pages - len;
}

/* All in .eh_frame is relative, so that a copy describes code that is not there: good enough to
 * read rows from. */
Test(unwind, broken_tables_are_survived, .timeout = 60)
{
    struct cfi_object object;
    cr_assert(cfi_find_object((uintptr_t)&check, &object));
    size_t len = (size_t)(object.high - object.header);
    uint8_t *copy = before_guard(len);
    struct cfi_object broken = {.header = copy, .low = copy, .high = copy + len};
    uintptr_t moved = (uintptr_t)copy - (uintptr_t)object.header;
    struct cfi_row row;
    size_t found = 0;
    memcpy(copy, object.header, len);
    cr_assert(cfi_find_row(&broken, (uintptr_t)&check + moved, &row), "the copy is no good");
    for (int i = 0; i < 100000; i++) {
        size_t at[3];
        for (int k = 0; k < 3; k++) {
            at[k] = random_next() % (i % 4 == 0 ? 64 : len);
            copy[at[k]] = (uint8_t)random_next();
        }
        uintptr_t pc = object.code_low + random_next() % (object.code_high - object.code_low);
        found += cfi_find_row(&broken, pc + moved, &row);
        for (int k = 0; k < 3; k++)
            copy[at[k]] = object.header[at[k]];
    }
    cr_assert_gt(found, 1000);
}

Test(unwind, any_bytes_are_an_expression_that_ends, .timeout = 60)
{
    enum { LEN = 24 };
    uint8_t *bytes = before_guard(LEN);
    uintptr_t memory[32] = {0};
    struct dwarf_stack stack = {(uintptr_t)memory, (uintptr_t)(memory + 32)};
    struct dagger_registers registers;
    for (int i = 0; i < REGISTER_COUNT; i++)
        registers.value[i] = (uintptr_t)&memory[i % 32];
    size_t evaluated = 0;
    for (int i = 0; i < 300000; i++) {
        for (int k = 0; k < LEN; k++)
            bytes[k] = (uint8_t)(random_next() % (i % 2 ? 256 : 0x93));
        uintptr_t value;
        size_t from = random_next() % LEN;
        struct dwarf_reader reader = {bytes + from, bytes + LEN, false};
        evaluated += dwarf_evaluate(reader, &registers, &stack, stack.low, &value);
    }
    cr_assert_gt(evaluated, 1000);
}

struct expression_row {
    uint8_t bytes[12];
    size_t len;
    bool good;
    uintptr_t value;
};

/* Register 0 holds 100, the others 0; 7 is on the stack at the start. */
static const struct expression_row expression_rows[] = {
    {{0}, 0, true, 7},
    {{0x38}, 1, true, 8},                           /* lit8 */
    {{0x23, 0x05}, 2, true, 12},                    /* plus_uconst 5 */
    {{0x70, 0x7f}, 2, true, 99},                    /* breg0 -1 */
    {{0x92, 0x00, 0x03}, 3, true, 103},             /* bregx 0 3 */
    {{0x92, 0x7f, 0x03}, 3, false, 0},              /* no such register */
    {{0x09, 0xff}, 2, true, UINTPTR_MAX},           /* const1s -1 */
    {{0x0a, 0x34, 0x12}, 3, true, 0x1234},          /* const2u */
    {{0x11, 0x80, 0x7f}, 3, true, (uintptr_t)-128}, /* consts -128 */
    {{0x33, 0x31, 0x24}, 3, true, 6},               /* lit3 lit1 shl */
    {{0x33, 0x31, 0x1c}, 3, true, 2},               /* minus */
    {{0x3f, 0x3b, 0x2a}, 3, true, 1},               /* lit15 lit11 ge */
    {{0x22}, 1, false, 0},                          /* plus: one value only */
    {{0x06}, 1, false, 0},                          /* deref outside the stack */
    {{0x96}, 1, false, 0},                          /* unknown */
    {{0x0c, 0x01}, 2, false, 0},                    /* cut short */
};

Test(unwind, expressions)
{
    struct dagger_registers registers = {{100}};
    struct dwarf_stack stack = {0, 0};
    for (size_t i = 0; i < sizeof(expression_rows) / sizeof(expression_rows[0]); i++) {
        const struct expression_row *row = &expression_rows[i];
        struct dwarf_reader reader = {row->bytes, row->bytes + row->len, false};
        uintptr_t value = 0;
        bool good = dwarf_evaluate(reader, &registers, &stack, 7, &value);
        cr_expect_eq(good, row->good, "row %zu", i);
        cr_expect(!good || value == row->value, "row %zu: %zu", i, (size_t)value);
    }
}

Test(unwind, numbers_at_their_limits)
{
    const uint8_t bytes[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01};
    struct dwarf_reader reader = {bytes, bytes + sizeof(bytes), false};
    cr_assert_eq(dwarf_uleb(&reader), UINT64_MAX);
    cr_assert_not(reader.bad);
    cr_assert_eq(dwarf_uleb(&reader), 0);
    cr_assert(reader.bad);
    reader = (struct dwarf_reader){bytes, bytes + 3, false};
    dwarf_uleb(&reader);
    cr_assert(reader.bad);
    reader = (struct dwarf_reader){bytes, bytes + 3, false};
    cr_assert_eq(dwarf_fixed(&reader, 4), 0);
    cr_assert(reader.bad);
    reader = (struct dwarf_reader){bytes, bytes + 3, false};
    dwarf_skip(&reader, UINT64_MAX);
    cr_assert(reader.bad);
}
