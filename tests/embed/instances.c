/* Several instances of several modules in one program. */
#include "check.h"
#include "counter.h"
#include "traps.h"

int main(void)
{
    struct dagger_instance *a, *b, *traps;
    struct dagger_options options = {.max_memory = 2 * 65536};
    int32_t n = 0;
    CHECK(dagger_instance_new(&counter_module, NULL, &a) == 0);
    CHECK(dagger_instance_new(&counter_module, NULL, &b) == 0);
    CHECK(dagger_instance_new(&traps_module, &options, &traps) == 0);

    for (int i = 1; i <= 5; i++)
        CHECK(counter_next(a, &n) == 0 && n == i);
    CHECK(counter_next(b, &n) == 0 && n == 1);
    CHECK(dagger_memory_read(a, 16, &n, 4) == 0 && n == 5);
    CHECK(dagger_memory_read(b, 16, &n, 4) == 0 && n == 1);
    CHECK(counter_arm(a) == 0);
    CHECK(counter_fire(a, &n) == 0 && n == 1);
    CHECK(counter_fire(b, &n) == DAGGER_RESULT_CALL_INDIRECT);
    CHECK(counter_deep(b, 1, &n) == DAGGER_RESULT_STACK_EXHAUSTED);
    CHECK(counter_next(a, &n) == 0 && n == 6);

    CHECK_RESULT(counter_next(traps, &n), DAGGER_RESULT_WRONG_MODULE, "the instance is of another");
    int64_t count;
    CHECK_RESULT(traps_get_count(a, &count), DAGGER_RESULT_WRONG_MODULE, "the instance is of");
    CHECK(traps_grow(traps, 1, &n) == 0 && n == 1); /* as max_memory allows */
    CHECK(traps_grow(traps, 1, &n) == 0 && n == -1);

    CHECK(dagger_instance_free(a) == 0);
    CHECK(counter_next(b, &n) == 0 && n == 2);
    CHECK(dagger_instance_free(b) == 0);
    CHECK(traps_add(traps, 1, 1, &n) == 0 && n == 2);
    CHECK(dagger_instance_free(traps) == 0);

    /* A module of another version: nothing of it but its first words is read. */
    static const uint32_t other[] = {1000, 8};
    a = b;
    CHECK_RESULT(dagger_instance_new((const struct dagger_module *)other, NULL, &a),
                 DAGGER_RESULT_VERSION, "the module was compiled by another version of daggercc");
    CHECK(a == NULL);

    /* Each gives its address space back: of 8 GiB a memory there is enough for 16,000 at most. */
    for (int i = 0; i < 20000; i++) {
        CHECK(dagger_instance_new(&counter_module, NULL, &a) == 0);
        CHECK(i % 100 != 0 || (counter_next(a, &n) == 0 && n == 1));
        CHECK(dagger_instance_free(a) == 0);
    }
    return 0;
}
