#include "rt/include/dagger/wasm-rt-exceptions.h"

#include <criterion/criterion.h>

#include "death.h"
#include "rt/runtime.h"

static const int tag_a, tag_b;

Test(exceptions, keeps_tag_and_values)
{
    const uint64_t values[2] = {1, 2};
    wasm_rt_load_exception(&tag_a, sizeof(values), values);
    cr_assert_eq(wasm_rt_exception_tag(), &tag_a);
    cr_assert_eq(wasm_rt_exception_size(), 16);
    cr_assert_arr_eq(wasm_rt_exception(), values, sizeof(values));
    wasm_rt_load_exception(&tag_b, 0, NULL);
    cr_assert_eq(wasm_rt_exception_tag(), &tag_b);
    cr_assert_eq(wasm_rt_exception_size(), 0);
}

Test(exceptions, can_be_loaded_from_itself)
{
    const uint32_t value = 42;
    wasm_rt_load_exception(&tag_a, sizeof(value), &value);
    wasm_rt_load_exception(&tag_a, wasm_rt_exception_size(), wasm_rt_exception());
    cr_assert_arr_eq(wasm_rt_exception(), &value, sizeof(value));
}

Test(exceptions, throw_reaches_the_unwind_target)
{
    WASM_RT_UNWIND_TARGET target;
    volatile int thrown = 0;
    cr_assert_null(wasm_rt_get_unwind_target());
    if (wasm_rt_try(target) == 0) {
        wasm_rt_set_unwind_target(&target);
        cr_assert_eq(wasm_rt_get_unwind_target(), &target);
        wasm_rt_load_exception(&tag_b, 0, NULL);
        wasm_rt_throw();
    } else {
        thrown = 1;
    }
    cr_assert_eq(thrown, 1);
    cr_assert_eq(wasm_rt_exception_tag(), &tag_b);
}

Test(exceptions, the_largest_fits)
{
    char values[WASM_EXN_MAX_SIZE];
    memset(values, 'v', sizeof(values));
    wasm_rt_load_exception(&tag_a, sizeof(values), values);
    cr_assert_arr_eq(wasm_rt_exception(), values, sizeof(values));
}

static void load_too_large(void)
{
    static const char values[WASM_EXN_MAX_SIZE + 1];
    dagger_runtime.program = "app";
    wasm_rt_load_exception(&tag_a, sizeof(values), values);
}

Test(exceptions, a_larger_one_ends_the_process)
{
    struct death death = death_of(load_too_large);
    cr_assert_eq(death.status, 1);
    cr_assert_str_eq(death.text, "app: error: the guest threw an exception of 257 bytes, more than "
                                 "the 256 supported\n");
}

static void throw_without_target(void)
{
    dagger_runtime.program = "app";
    wasm_rt_load_exception(&tag_a, 0, NULL);
    wasm_rt_throw();
}

Test(exceptions, uncaught_is_a_trap)
{
    struct death death = death_of(throw_without_target);
    cr_assert_eq(death.status, 134);
    cr_assert_str_eq(death.text, "app: trap: uncaught exception\n");
}
