/* The checker between guest numbers and host pointers, at its edges. */
#include "rt/calls.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/mman.h>

#include "rt/runtime.h"

#define GIB (UINT64_C(1) << 30)

static wasm_rt_memory_t memory;
static struct w2c_dagger *imports;

static void setup(void)
{
    dagger_memory_allocate(&memory, 1, 65536, false, 65536);
    imports = &dagger_runtime.imports;
    imports->memory = &memory;
    dagger_process_init(&imports->process, &(struct dagger_host){0});
}

TestSuite(calls, .init = setup);

struct range_row {
    uint64_t size; /* of the memory */
    uint32_t address, len;
    bool valid;
};

static const struct range_row range_rows[] = {
    {0, 0, 0, true},
    {0, 0, 1, false},
    {0, 1, 0, false},
    {65536, 0, 0, true},
    {65536, 0, 65536, true},
    {65536, 0, 65537, false},
    {65536, 65535, 1, true},
    {65536, 65535, 2, false},
    {65536, 65536, 0, true},
    {65536, 65536, 1, false},
    {65536, 65537, 0, false},
    {65536, 0x80000000, 0x80000000, false},
    {65536, 0xffffffff, 1, false},
    {65536, 0xffffffff, 0xffffffff, false},
    {65536, 1, 0xffffffff, false}, /* their sum is 0 in 32 bits */
    {65536, 0xffff0000, 0x00010001, false},
    {4 * GIB, 0xffffffff, 1, true},
    {4 * GIB, 0xffffffff, 2, false},
    {4 * GIB, 0, 0xffffffff, true},
    {4 * GIB, 1, 0xffffffff, true},
    {4 * GIB, 2, 0xffffffff, false},
    {4 * GIB, 0xffffffff, 0, true},
    {4 * GIB - 65536, 0xffff0000, 0, true},
    {4 * GIB - 65536, 0xffff0000, 1, false},
};

Test(calls, ranges_at_their_edges)
{
    for (size_t i = 0; i < sizeof(range_rows) / sizeof(range_rows[0]); i++) {
        const struct range_row *row = &range_rows[i];
        wasm_rt_memory_t shape = {.data = memory.data, .size = row->size};
        uint8_t *host = NULL;
        cr_expect_eq(dagger_guest_range(&shape, row->address, row->len, &host), row->valid,
                     "size %llx address %x len %x", (unsigned long long)row->size, row->address,
                     row->len);
        if (row->valid && row->size > 0)
            cr_expect_eq(host, memory.data + row->address);
        if (row->valid)
            cr_expect_not_null(host);
    }
}

Test(calls, a_guest_without_memory_has_no_range_but_the_empty_one)
{
    uint8_t *host = NULL;
    cr_assert(dagger_guest_range(NULL, 0, 0, &host));
    cr_assert_not(dagger_guest_range(NULL, 0, 1, &host));
    const char *text;
    size_t len;
    cr_assert_not(dagger_guest_string(NULL, 0, 10, &text, &len));
}

Test(calls, strings_end_at_the_first_nul_within_memory)
{
    const char *text = NULL;
    size_t len = 0;
    memcpy(memory.data + 100, "abc", 4);
    cr_assert(dagger_guest_string(&memory, 100, 8192, &text, &len));
    cr_assert_eq(len, 3);
    cr_assert_eq(text, (const char *)memory.data + 100);
    cr_assert(dagger_guest_string(&memory, 103, 8192, &text, &len));
    cr_assert_eq(len, 0);

    memset(memory.data + 65533, 'x', 3);
    cr_assert_not(dagger_guest_string(&memory, 65533, 8192, &text, &len));
    memory.data[65535] = 0;
    cr_assert(dagger_guest_string(&memory, 65533, 8192, &text, &len));
    cr_assert_eq(len, 2);
    cr_assert_not(dagger_guest_string(&memory, 65536, 8192, &text, &len));
    cr_assert_not(dagger_guest_string(&memory, 0xffffffff, 8192, &text, &len));
}

Test(calls, strings_are_looked_at_as_far_as_one_byte_too_many)
{
    const char *text = NULL;
    size_t len = 0;
    memset(memory.data, 'x', 65536);
    cr_assert(dagger_guest_string(&memory, 0, 10, &text, &len));
    cr_assert_eq(len, 11);
    cr_assert(dagger_guest_string(&memory, 65536 - 11, 10, &text, &len));
    cr_assert_eq(len, 11);
    cr_assert_not(dagger_guest_string(&memory, 65536 - 10, 10, &text, &len));
    memory.data[10] = 0;
    cr_assert(dagger_guest_string(&memory, 0, 10, &text, &len));
    cr_assert_eq(len, 10);
}

static uint32_t open_text(const char *url)
{
    memcpy(memory.data, url, strlen(url));
    return dagger_call_open(imports, 0, (uint32_t)strlen(url));
}

Test(calls, a_bad_range_is_fault_before_anything_else)
{
    cr_assert_eq(dagger_call_open(imports, 65530, 9), (uint32_t)DAGGER_FAULT);
    cr_assert_eq(dagger_call_open(imports, 0xffffffff, 0xffffffff), (uint32_t)DAGGER_FAULT);
    cr_assert_eq(dagger_call_open(imports, 65536, 0), (uint32_t)DAGGER_FAULT);
    cr_assert_eq(dagger_call_read(imports, 99, 65535, 2), (uint32_t)DAGGER_FAULT);
    cr_assert_eq(dagger_call_write(imports, 99, 65535, 2), (uint32_t)DAGGER_FAULT);
    cr_assert_eq(dagger_call_read(imports, 99, 65535, 1), (uint32_t)DAGGER_BADSD);
    cr_assert_eq(dagger_call_write(imports, 0xffffffff, 0, 0), (uint32_t)DAGGER_BADSD);
    cr_assert_eq(dagger_call_close(imports, 0), (uint32_t)DAGGER_BADSD);
    cr_assert_eq(dagger_call_flush(imports, 0x80000000), (uint32_t)DAGGER_BADSD);
}

Test(calls, a_read_that_is_out_of_bounds_touches_nothing)
{
    memory.data[65535] = 'k';
    cr_assert_eq(open_text("zero://"), 0);
    cr_assert_eq(dagger_call_read(imports, 0, 65535, 2), (uint32_t)DAGGER_FAULT);
    cr_assert_eq(memory.data[65535], 'k');
    cr_assert_eq(dagger_call_read(imports, 0, 65535, 1), 1);
    cr_assert_eq(memory.data[65535], 0);
}

Test(calls, a_url_may_be_nul_terminated_or_counted)
{
    memcpy(memory.data, "null://\0zero://!", 17);
    cr_assert_eq(dagger_call_open(imports, 0, 0), 0);
    cr_assert_eq(dagger_call_open(imports, 8, 7), 1);
    cr_assert_eq(dagger_call_open(imports, 7, 0), (uint32_t)DAGGER_BADURL);
    cr_assert_eq(dagger_call_open(imports, 0, 8), (uint32_t)DAGGER_BADURL);
    memset(memory.data, 'a', 65536);
    cr_assert_eq(dagger_call_open(imports, 0, 0), (uint32_t)DAGGER_BADURL);
    cr_assert_eq(dagger_call_open(imports, 0, 65536), (uint32_t)DAGGER_BADURL);
    cr_assert_eq(dagger_call_open(imports, 65000, 0), (uint32_t)DAGGER_FAULT);
}

Test(calls, lengths_over_31_bits_are_shortened)
{
    cr_assert_eq(wasm_rt_grow_memory(&memory, 49151), 1); /* 3 GiB */
    cr_assert_eq(open_text("null://"), 0);
    cr_assert_eq(dagger_call_write(imports, 0, 0, 0x7fffffff), 0x7fffffff);
    cr_assert_eq(dagger_call_write(imports, 0, 0, 0x80000000), 0x7fffffff);
    cr_assert_eq(dagger_call_write(imports, 0, 0, 0xbfffffff), 0x7fffffff);
    cr_assert_eq(dagger_call_write(imports, 0, 0, 0xc0000001), (uint32_t)DAGGER_FAULT);
}

Test(calls, the_guest_runs_again_after_each_call)
{
    dagger_runtime.in_guest = true;
    cr_assert_eq(open_text("null://"), 0);
    cr_assert(dagger_runtime.in_guest);
    dagger_call_read(imports, 0, 65535, 2);
    cr_assert(dagger_runtime.in_guest);
    dagger_call_write(imports, 0, 65535, 2);
    cr_assert(dagger_runtime.in_guest);
    dagger_call_flush(imports, 0);
    dagger_call_close(imports, 0);
    cr_assert(dagger_runtime.in_guest);
}
