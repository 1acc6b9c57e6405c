/* Limits of instances, of a module with --fuel=1000000 and the limits that the tests' script gives.
 */
#include "check.h"
#include "counter.h"
#include "limited.h"

enum { START = 4, NEXT = 5, OPEN = 3 }; /* instructions, of the start and of _initialize the same */

static uint64_t left_of(struct dagger_instance *guest)
{
    uint64_t left = 99;
    CHECK(dagger_fuel_left(guest, &left) == 0);
    return left;
}

static void fuel(void)
{
    struct dagger_instance *a, *b;
    struct dagger_options options = {.fuel = 2 * START + NEXT};
    int32_t n = 99;
    CHECK(dagger_instance_new(&limited_module, NULL, &a) == 0);
    CHECK(left_of(a) == 1000000 - 2 * START);
    CHECK(dagger_instance_new(&limited_module, &options, &b) == 0);
    CHECK(left_of(b) == NEXT);

    /* Just enough; then nothing runs until there is more. */
    CHECK(limited_next(b, &n) == 0 && n == 12 && left_of(b) == 0);
    n = 99;
    CHECK_RESULT(limited_next(b, &n), DAGGER_RESULT_OUT_OF_FUEL, "out of fuel");
    CHECK(n == 99 && left_of(b) == 0);
    CHECK(limited_next(b, &n) == DAGGER_RESULT_OUT_OF_FUEL && n == 99);
    CHECK(dagger_fuel_add(b, 0) == 0);
    CHECK(limited_next(b, &n) == DAGGER_RESULT_OUT_OF_FUEL && n == 99);
    CHECK(dagger_fuel_add(b, NEXT) == 0 && left_of(b) == NEXT);
    CHECK(limited_next(b, &n) == 0 && n == 14 && left_of(b) == 0);

    /* The other instance has its own; what never ends ends, by loops and by calls. */
    CHECK(left_of(a) == 1000000 - 2 * START);
    CHECK(limited_forever(a) == DAGGER_RESULT_OUT_OF_FUEL);
    CHECK(limited_trap(a) == DAGGER_RESULT_OUT_OF_FUEL);
    CHECK(dagger_fuel_set(a, 1000) == 0 && left_of(a) == 1000);
    CHECK(limited_down(a) == DAGGER_RESULT_OUT_OF_FUEL);
    CHECK(dagger_fuel_set(a, INT64_MAX) == 0 && dagger_fuel_add(a, UINT64_MAX) == 0);
    CHECK(left_of(a) == INT64_MAX);
    CHECK(limited_down(a) == DAGGER_RESULT_STACK_EXHAUSTED);
    CHECK(limited_trap(a) == DAGGER_RESULT_UNREACHABLE);
    CHECK(limited_next(a, &n) == 0 && n == 12);
    CHECK(dagger_instance_free(a) == 0 && dagger_instance_free(b) == 0);
}

static void bad_fuel(void)
{
    static const char counts[] = "the module does not count instructions; compile it with --fuel";
    struct dagger_instance *guest;
    struct dagger_options options = {.fuel = 2 * START - 1};
    uint64_t left = 7;
    CHECK_RESULT(dagger_instance_new(&limited_module, &options, &guest), DAGGER_RESULT_OUT_OF_FUEL,
                 "out of fuel");
    CHECK(guest == NULL);
    options.fuel = (uint64_t)INT64_MAX + 1;
    CHECK_RESULT(dagger_instance_new(&limited_module, &options, &guest), DAGGER_RESULT_FAILED,
                 "more fuel than 9223372036854775807");
    options.fuel = 1;
    CHECK_RESULT(dagger_instance_new(&counter_module, &options, &guest), DAGGER_RESULT_FAILED,
                 counts);
    CHECK(dagger_instance_new(&counter_module, NULL, &guest) == 0);
    CHECK_RESULT(dagger_fuel_left(guest, &left), DAGGER_RESULT_FAILED, counts);
    CHECK_RESULT(dagger_fuel_set(guest, 1), DAGGER_RESULT_FAILED, counts);
    CHECK_RESULT(dagger_fuel_add(guest, 1), DAGGER_RESULT_FAILED, counts);
    CHECK(left == 7 && dagger_instance_free(guest) == 0);
    CHECK(dagger_instance_new(&limited_module, NULL, &guest) == 0);
    CHECK_RESULT(dagger_fuel_set(guest, UINT64_MAX), DAGGER_RESULT_FAILED, "more fuel than");
    CHECK(left_of(guest) == 1000000 - 2 * START && dagger_instance_free(guest) == 0);
}

/* Fuel within a call: what the guest goes on with is what was set. */
static struct dagger_instance *caller;
static bool set_fuel(void *fuel, const char *url)
{
    (void)url;
    CHECK(left_of(caller) == 1000 - OPEN);
    CHECK(dagger_fuel_set(caller, *(uint64_t *)fuel) == 0);
    return true;
}

static void fuel_within_a_call(void)
{
    uint64_t given = 50;
    struct dagger_options options = {.allowed = set_fuel, .context = &given};
    int32_t sd = -99;
    CHECK(dagger_instance_new(&limited_module, &options, &caller) == 0);
    CHECK(dagger_fuel_set(caller, 1000) == 0);
    CHECK(limited_open(caller, &sd) == 0 && sd == 0 && left_of(caller) == 50);
    CHECK(dagger_instance_free(caller) == 0);
}

/* As the module was compiled: 3 pages, 10 elements, 3 streams of 100 bytes; options narrow that. */
static void others(const struct dagger_options *options, int pages, int elements, int streams,
                   int bytes)
{
    struct dagger_instance *guest;
    int32_t n;
    CHECK(dagger_instance_new(&limited_module, options, &guest) == 0);
    CHECK(limited_grow(guest, pages, &n) == 0 && n == -1);
    CHECK(limited_grow(guest, pages - 1, &n) == 0 && n == 1);
    CHECK(limited_grow_table(guest, elements - 1, &n) == 0 && n == -1);
    CHECK(limited_grow_table(guest, elements - 2, &n) == 0 && n == 2);
    for (int i = 0; i < streams; i++)
        CHECK(limited_open(guest, &n) == 0 && n == i);
    CHECK(limited_open(guest, &n) == 0 && n == -11);
    CHECK(limited_write(guest, 0, bytes + 1, &n) == 0 && n == bytes);
    CHECK(limited_write(guest, 0, 1, &n) == 0 && n == -15);
    CHECK(dagger_instance_free(guest) == 0);
}

int main(void)
{
    struct dagger_options narrower = {
        .max_memory = 131072, .max_table = 5, .max_streams = 2, .max_stream_bytes = 10};
    struct dagger_options wider = {
        .max_memory = 1 << 20, .max_table = 500, .max_streams = 20, .max_stream_bytes = 1000};
    struct dagger_options too_few = {.max_table = 1};
    struct dagger_instance *guest;
    fuel();
    bad_fuel();
    fuel_within_a_call();
    others(NULL, 3, 10, 3, 100);
    others(&narrower, 2, 5, 2, 10);
    others(&wider, 3, 10, 3, 100);
    CHECK_RESULT(dagger_instance_new(&limited_module, &too_few, &guest), DAGGER_RESULT_FAILED,
                 "the guest's tables begin with more than the 1 elements allowed");
    return 0;
}
