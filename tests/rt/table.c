#include <criterion/criterion.h>

#include "death.h"
#include "rt/include/dagger/wasm-rt-exceptions.h"
#include "rt/runtime.h"

static wasm_rt_funcref_table_t functions;
static wasm_rt_externref_table_t externals;
static wasm_rt_exnref_table_t exceptions;

Test(table, begins_with_null_references)
{
    wasm_rt_allocate_funcref_table(&functions, 3, 10);
    wasm_rt_allocate_externref_table(&externals, 4, 10);
    wasm_rt_allocate_exnref_table(&exceptions, 5, 10);
    cr_assert_eq(functions.size, 3);
    cr_assert_eq(externals.size, 4);
    cr_assert_eq(exceptions.size, 5);
    for (int i = 0; i < 3; i++) {
        cr_assert_null(functions.data[i].func);
        cr_assert_null(functions.data[i].func_type);
        cr_assert_null(externals.data[i]);
        cr_assert_null(exceptions.data[i].tag);
    }
    wasm_rt_free_funcref_table(&functions);
    wasm_rt_free_externref_table(&externals);
    wasm_rt_free_exnref_table(&exceptions);
}

Test(table, may_be_empty)
{
    wasm_rt_allocate_externref_table(&externals, 0, 0);
    cr_assert_eq(wasm_rt_grow_externref_table(&externals, 0, NULL), 0);
    cr_assert_eq(wasm_rt_grow_externref_table(&externals, 1, NULL), UINT32_MAX);
    wasm_rt_free_externref_table(&externals);
}

Test(table, grows_with_the_value_given)
{
    int thing;
    wasm_rt_allocate_externref_table(&externals, 1, UINT32_MAX);
    for (uint32_t i = 1; i < 1000; i++)
        cr_assert_eq(wasm_rt_grow_externref_table(&externals, 1, &thing), i);
    cr_assert_null(externals.data[0]);
    cr_assert_eq(externals.data[1], &thing);
    cr_assert_eq(externals.data[999], &thing);
    cr_assert_eq(externals.size, 1000);
    wasm_rt_free_externref_table(&externals);
}

Test(table, does_not_grow_beyond_its_maximum)
{
    wasm_rt_allocate_funcref_table(&functions, 2, 5);
    cr_assert_eq(wasm_rt_grow_funcref_table(&functions, 4, wasm_rt_funcref_null_value), UINT32_MAX);
    cr_assert_eq(wasm_rt_grow_funcref_table(&functions, UINT32_MAX, wasm_rt_funcref_null_value),
                 UINT32_MAX);
    cr_assert_eq(functions.size, 2);
    cr_assert_eq(wasm_rt_grow_funcref_table(&functions, 3, wasm_rt_funcref_null_value), 2);
    cr_assert_eq(functions.size, 5);
    wasm_rt_free_funcref_table(&functions);
}

Test(table, has_at_most_ten_million_elements)
{
    wasm_rt_allocate_externref_table(&externals, 0, UINT32_MAX);
    cr_assert_eq(wasm_rt_grow_externref_table(&externals, 10000001, NULL), UINT32_MAX);
    cr_assert_eq(wasm_rt_grow_externref_table(&externals, 10000000, NULL), 0);
    cr_assert_eq(wasm_rt_grow_externref_table(&externals, 1, NULL), UINT32_MAX);
    wasm_rt_free_externref_table(&externals);
}

Test(table, all_tables_share_a_limit_in_bytes)
{
    static wasm_rt_exnref_table_t other;
    wasm_rt_allocate_exnref_table(&exceptions, 3000000, UINT32_MAX);
    wasm_rt_allocate_exnref_table(&other, 0, UINT32_MAX);
    cr_assert_eq(wasm_rt_grow_exnref_table(&other, 1200000, (wasm_rt_exnref_t){0}), UINT32_MAX);
    wasm_rt_free_exnref_table(&exceptions);
    cr_assert_eq(wasm_rt_grow_exnref_table(&other, 1000, (wasm_rt_exnref_t){0}), 0);
    wasm_rt_free_exnref_table(&other);
}

Test(table, grow_fails_when_the_host_has_no_memory, .disabled = SANITIZED)
{
    wasm_rt_allocate_funcref_table(&functions, 10, UINT32_MAX);
    limit_resource(RLIMIT_AS, 128 << 20);
    cr_assert_eq(wasm_rt_grow_funcref_table(&functions, 9000000, wasm_rt_funcref_null_value),
                 UINT32_MAX);
    cr_assert_eq(functions.size, 10);
    cr_assert_null(functions.data[9].func);
    wasm_rt_free_funcref_table(&functions);
}

static void allocate_too_many(void)
{
    dagger_runtime.program = "app";
    wasm_rt_allocate_funcref_table(&functions, 10000001, UINT32_MAX);
}

Test(table, too_many_elements_at_the_start_are_an_error)
{
    struct death death = death_of(allocate_too_many);
    cr_assert_eq(death.status, 1);
    cr_assert_str_eq(death.text,
                     "app: error: the guest has a table of 10000001 elements, more than "
                     "the 10000000 supported\n");
}

static void allocate_without_memory(void)
{
    dagger_runtime.program = "app";
    limit_resource(RLIMIT_AS, 128 << 20);
    wasm_rt_allocate_funcref_table(&functions, 9000000, UINT32_MAX);
}

Test(table, failing_first_allocation_is_an_error, .disabled = SANITIZED)
{
    struct death death = death_of(allocate_without_memory);
    cr_assert_eq(death.status, 1);
    cr_assert_str_eq(death.text, "app: error: can't get memory for a table of 9000000 elements: "
                                 "Cannot allocate memory\n");
}
