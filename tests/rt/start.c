#include "dagger/start.h"

#include <criterion/criterion.h>

#include "death.h"

/* Guests that don't get as far as to be run. */

static bool never(void)
{
    return false;
}

static const struct dagger_processor unknown_processor = {"x86-64-v9", never};
static struct dagger_guest guest = {.size = sizeof guest};

static void start(void)
{
    char name[] = "app", *argv[] = {name, NULL};
    dagger_start(&guest, 1, argv);
}

static void expect_failure(const char *message)
{
    struct death death = death_of(start);
    cr_assert_eq(death.status, 1);
    cr_assert_not_null(strstr(death.text, message), "%s", death.text);
}

Test(start, processor_without_the_instructions, .timeout = 10)
{
    guest.processor = &unknown_processor;
    expect_failure("app: error: compiled for processors with all of x86-64-v9");
}

Test(start, another_runtime, .timeout = 10)
{
    guest.size--;
    expect_failure("app: error: the guest was compiled for another version of the runtime");
}
