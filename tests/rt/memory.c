#include "rt/memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "death.h"
#include "rt/runtime.h"

#define GIB (UINT64_C(1) << 30)

static wasm_rt_memory_t memory;

Test(memory, begins_as_zeros_and_can_be_written_to_its_last_byte)
{
    dagger_memory_allocate(&memory, 2, 10, false, 65536);
    cr_assert_eq(memory.size, 131072);
    cr_assert_eq(memory.pages, 2);
    for (size_t i = 0; i < memory.size; i++)
        cr_assert_eq(memory.data[i], 0);
    memory.data[memory.size - 1] = 7;
}

Test(memory, guard_mode_reserves_all_that_an_access_can_reach)
{
    dagger_memory_allocate(&memory, 0, 65536, false, 65536);
    cr_assert_geq((uint64_t)(memory.data_end - memory.data), 8 * GIB + 16);
}

Test(memory, grows_in_place)
{
    dagger_memory_allocate(&memory, 1, 100, false, 65536);
    uint8_t *before = memory.data;
    memory.data[65535] = 1;
    cr_assert_eq(wasm_rt_grow_memory(&memory, 0), 1);
    cr_assert_eq(wasm_rt_grow_memory(&memory, 99), 1);
    cr_assert_eq(memory.data, before);
    cr_assert_eq(memory.pages, 100);
    cr_assert_eq(memory.size, 6553600);
    cr_assert_eq(memory.data[65535], 1);
    cr_assert_eq(memory.data[65536], 0);
    cr_assert_eq(memory.data[6553599], 0);
}

Test(memory, does_not_grow_beyond_its_maximum)
{
    dagger_memory_allocate(&memory, 1, 3, false, 65536);
    cr_assert_eq(wasm_rt_grow_memory(&memory, 3), UINT64_MAX);
    cr_assert_eq(wasm_rt_grow_memory(&memory, UINT64_MAX), UINT64_MAX);
    cr_assert_eq(wasm_rt_grow_memory(&memory, UINT32_MAX), UINT64_MAX);
    cr_assert_eq(memory.pages, 1);
    cr_assert_eq(wasm_rt_grow_memory(&memory, 2), 1);
    cr_assert_eq(wasm_rt_grow_memory(&memory, 1), UINT64_MAX);
}

Test(memory, grows_to_four_gib_and_no_further)
{
    dagger_memory_allocate(&memory, 1, 65536, false, 65536);
    cr_assert_eq(wasm_rt_grow_memory(&memory, 65535), 1);
    cr_assert_eq(memory.size, 4 * GIB);
    memory.data[4 * GIB - 1] = 1;
    cr_assert_eq(wasm_rt_grow_memory(&memory, 1), UINT64_MAX);
}

Test(memory, has_one_limit_for_all_memories)
{
    static wasm_rt_memory_t other;
    dagger_memory_setup(DAGGER_MEMORY_GUARD, 10 * 65536);
    dagger_memory_allocate(&memory, 2, 65536, false, 65536);
    dagger_memory_allocate(&other, 3, 65536, false, 65536);
    cr_assert_eq(wasm_rt_grow_memory(&memory, 6), UINT64_MAX);
    cr_assert_eq(wasm_rt_grow_memory(&memory, 5), 2);
    cr_assert_eq(wasm_rt_grow_memory(&other, 1), UINT64_MAX);
    wasm_rt_free_memory(&memory);
    cr_assert_eq(wasm_rt_grow_memory(&other, 7), 3);
}

Test(memory, small_pages_are_counted_in_bytes)
{
    dagger_memory_setup(DAGGER_MEMORY_CHECKED, 0);
    dagger_memory_allocate(&memory, 5, 100000, false, 1);
    cr_assert_eq(memory.size, 5);
    cr_assert_eq(wasm_rt_grow_memory(&memory, 99995), 5);
    memory.data[99999] = 1;
    cr_assert_eq(wasm_rt_grow_memory(&memory, 1), UINT64_MAX);
}

Test(memory, checked_mode_reserves_up_to_the_maximum)
{
    dagger_memory_setup(DAGGER_MEMORY_CHECKED, 0);
    dagger_memory_allocate(&memory, 1, 16, false, 65536);
    cr_assert_eq(memory.data_end - memory.data, 16 * 65536);
    uint8_t *before = memory.data;
    cr_assert_eq(wasm_rt_grow_memory(&memory, 15), 1);
    cr_assert_eq(memory.data, before);
}

Test(memory, checked_mode_takes_what_address_space_there_is_and_leaves_some, .disabled = SANITIZED)
{
    dagger_memory_setup(DAGGER_MEMORY_CHECKED, 0);
    limit_resource(RLIMIT_AS, 512 << 20);
    dagger_memory_allocate(&memory, 1, 65536, false, 65536);
    cr_assert_gt(memory.max_pages, 500);
    cr_assert_lt(memory.max_pages, 8192);
    cr_assert_eq(wasm_rt_grow_memory(&memory, memory.max_pages - 1), 1);
    memory.data[memory.size - 1] = 1;
    cr_assert_eq(wasm_rt_grow_memory(&memory, 1), UINT64_MAX);
    void *for_others = malloc(64 << 20);
    cr_assert_not_null(for_others);
    free(for_others);
}

/* RLIMIT_DATA counts pages as they become writable: mprotect fails. */
Test(memory, grow_fails_when_the_host_has_no_memory, .disabled = SANITIZED)
{
    dagger_memory_allocate(&memory, 1, 65536, false, 65536);
    limit_resource(RLIMIT_DATA, 256 << 20);
    cr_assert_eq(wasm_rt_grow_memory(&memory, 16384), UINT64_MAX);
    cr_assert_eq(memory.pages, 1);
    cr_assert_eq(memory.size, 65536);
    cr_assert_eq(wasm_rt_grow_memory(&memory, 16), 1);
}

static void allocate_without_address_space(void)
{
    limit_resource(RLIMIT_AS, UINT64_C(2) << 30);
    dagger_runtime.program = "/some/where/app";
    dagger_memory_allocate(&memory, 1, 65536, false, 65536);
}

Test(memory, guard_mode_without_address_space_says_what_to_do, .disabled = SANITIZED)
{
    struct death death = death_of(allocate_without_address_space);
    cr_assert_eq(death.status, 1);
    cr_assert_str_eq(death.text,
                     "app: error: can't reserve 8 GiB of address space for the guest's memory: "
                     "Cannot allocate memory; raise the limit (ulimit -v) or compile with "
                     "--memory=checked\n");
}

static void allocate_more_than_allowed(void)
{
    dagger_runtime.program = "app";
    dagger_memory_setup(DAGGER_MEMORY_GUARD, 65536 * 3);
    dagger_memory_allocate(&memory, 4, 65536, false, 65536);
}

Test(memory, more_than_allowed_at_the_start_is_an_error)
{
    struct death death = death_of(allocate_more_than_allowed);
    cr_assert_eq(death.status, 1);
    cr_assert_str_eq(death.text,
                     "app: error: the guest's memory begins with 4 pages of 65536 bytes, more than "
                     "the 196608 bytes allowed; compile with a larger --max-memory\n");
}

static void allocate_without_memory(void)
{
    dagger_runtime.program = "app";
    limit_resource(RLIMIT_DATA, 16 << 20);
    dagger_memory_allocate(&memory, 1024, 65536, false, 65536);
}

Test(memory, failing_first_allocation_is_an_error, .disabled = SANITIZED)
{
    struct death death = death_of(allocate_without_memory);
    cr_assert_eq(death.status, 1);
    cr_assert_str_eq(death.text, "app: error: can't get 67108864 bytes for the guest's memory: "
                                 "Cannot allocate memory\n");
}

Test(memory, knows_which_addresses_are_out_of_bounds)
{
    static wasm_rt_memory_t other;
    dagger_memory_allocate(&memory, 1, 10, false, 65536);
    dagger_memory_allocate(&other, 0, 10, false, 65536);
    uintptr_t data = (uintptr_t)memory.data;
    cr_assert_not(dagger_memory_is_out_of_bounds(data));
    cr_assert_not(dagger_memory_is_out_of_bounds(data + 65535));
    cr_assert(dagger_memory_is_out_of_bounds(data + 65536));
    cr_assert(dagger_memory_is_out_of_bounds((uintptr_t)memory.data_end - 1));
    cr_assert(dagger_memory_is_out_of_bounds((uintptr_t)other.data));
    cr_assert_not(dagger_memory_is_out_of_bounds(0));
    cr_assert_not(dagger_memory_is_out_of_bounds((uintptr_t)&other));
    wasm_rt_grow_memory(&memory, 1);
    cr_assert_not(dagger_memory_is_out_of_bounds(data + 65536));
    wasm_rt_free_memory(&memory);
    cr_assert_not(dagger_memory_is_out_of_bounds(data + 131072));
}
