/* Each trap is a result, after which the instance goes on. */
#include "traps.h"

#include "check.h"

static void values(struct dagger_instance *traps)
{
    int32_t i = 0;
    int64_t j = 0;
    float f = 0;
    double d = 0;
    CHECK(traps_add(traps, INT32_MAX, 1, &i) == 0 && i == INT32_MIN);
    CHECK(traps_add(traps, 1, 2, NULL) == 0);
    CHECK(traps_many(traps, -1, INT64_MIN, 0.5f, 1e300, &i, &j, &f, &d) == 0);
    CHECK(i == -1 && j == INT64_MIN && f == 0.5f && d == 1e300);
    CHECK(traps_many(traps, 3, 4, 5, 6, NULL, &j, NULL, NULL) == 0 && j == 4);
    CHECK(traps_free(traps, 3, &i) == 0 && i == 3);
    CHECK(traps_export_17(traps, &i) == 0 && i == 7);
    CHECK(traps___new(traps, &i) == 0 && i == 8);
    CHECK(traps_export_19(traps, &i) == 0 && i == 9);
    CHECK(traps_get_count(traps, &j) == 0 && j == 5);
    CHECK(traps_set_count(traps, -6) == 0 && traps_get_count(traps, &j) == 0 && j == -6);
    CHECK(traps_get_ratio(traps, &f) == 0 && f == 1.5f);
}

static void each(struct dagger_instance *traps)
{
    static const char bounds[] = "out of bounds memory access";
    int32_t i = 11;
    CHECK(traps_load(traps, 65532, &i) == 0 && i == 0);
    i = 11;
    CHECK_RESULT(traps_load(traps, 65533, &i), DAGGER_RESULT_OUT_OF_BOUNDS, bounds);
    CHECK_RESULT(traps_load(traps, -1, &i), DAGGER_RESULT_OUT_OF_BOUNDS, bounds);
    CHECK_RESULT(traps_store(traps, 65536, 1), DAGGER_RESULT_OUT_OF_BOUNDS, bounds);
    CHECK_RESULT(traps_fill(traps, 65000, 1000), DAGGER_RESULT_OUT_OF_BOUNDS, bounds);
    CHECK_RESULT(traps_divide(traps, 1, 0, &i), DAGGER_RESULT_DIVIDE_BY_ZERO, "integer divide");
    CHECK_RESULT(traps_divide(traps, INT32_MIN, -1, &i), DAGGER_RESULT_INTEGER_OVERFLOW,
                 "integer overflow");
    CHECK_RESULT(traps_truncate(traps, 1e10, &i), DAGGER_RESULT_INTEGER_OVERFLOW, "integer over");
    CHECK_RESULT(traps_truncate(traps, __builtin_nan(""), &i), DAGGER_RESULT_INVALID_CONVERSION,
                 "invalid conversion to integer");
    CHECK_RESULT(traps_unreachable(traps), DAGGER_RESULT_UNREACHABLE, "unreachable");
    CHECK_RESULT(traps_indirect(traps), DAGGER_RESULT_CALL_INDIRECT, "undefined element");
    CHECK_RESULT(traps_element(traps), DAGGER_RESULT_TABLE_OUT_OF_BOUNDS,
                 "out of bounds table access");
    CHECK_RESULT(traps_recurse(traps, -1, &i), DAGGER_RESULT_STACK_EXHAUSTED,
                 "call stack exhausted");
    CHECK(i == 11);
    CHECK(traps_recurse(traps, 10000, &i) == 0 && i == 10000);
    CHECK(strcmp(dagger_result_text(DAGGER_RESULT_UNREACHABLE), "unreachable") == 0);
    CHECK(strcmp(dagger_result_text(0), "ok") == 0);
    CHECK(strcmp(dagger_result_text(-5), "unknown reason") == 0);
    CHECK(strcmp(dagger_result_text(9999), "unknown reason") == 0);
}

static void memory(struct dagger_instance *traps)
{
    char text[8] = "";
    int32_t before = 0;
    uint32_t pages = 0;
    CHECK(dagger_memory_size(traps) == 65536);
    CHECK(dagger_memory_write(traps, 65529, "library", 7) == 0);
    CHECK(dagger_memory_read(traps, 65529, text, 7) == 0 && strcmp(text, "library") == 0);
    CHECK_RESULT(dagger_memory_write(traps, 65530, "LIBRARY", 7), DAGGER_RESULT_OUT_OF_BOUNDS,
                 "out of bounds memory access");
    CHECK(dagger_memory_read(traps, 65530, text, 7) == DAGGER_RESULT_OUT_OF_BOUNDS);
    CHECK(dagger_memory_read(traps, UINT32_MAX, text, 7) == DAGGER_RESULT_OUT_OF_BOUNDS);
    CHECK(dagger_memory_read(traps, 1, text, SIZE_MAX) == DAGGER_RESULT_OUT_OF_BOUNDS);
    CHECK(dagger_memory_read(traps, 65536, NULL, 0) == 0);
    CHECK(dagger_memory_read(traps, 65537, NULL, 0) == DAGGER_RESULT_OUT_OF_BOUNDS);
    CHECK(strcmp(text, "library") == 0);
    char *at = dagger_memory_at(traps, 65529, 7);
    CHECK(at && memcmp(at, "library", 7) == 0);
    CHECK(!dagger_memory_at(traps, 65529, 8));
    CHECK(traps_grow(traps, 1, &before) == 0 && before == 1);
    CHECK(dagger_memory_at(traps, 65529, 8) == at);
    CHECK(dagger_memory_grow(traps, 1, &pages) == 0 && pages == 2);
    CHECK(dagger_memory_size(traps) == 3 * 65536);
    CHECK_RESULT(dagger_memory_grow(traps, 2, &pages), DAGGER_RESULT_FAILED,
                 "the memory can't grow by 2 pages");
    CHECK(traps_grow(traps, 2, &before) == 0 && before == -1);
    CHECK(traps_load(traps, 3 * 65536 - 4, &before) == 0);
    CHECK(traps_load(traps, 3 * 65536, &before) == DAGGER_RESULT_OUT_OF_BOUNDS);
}

int main(void)
{
    struct dagger_instance *traps;
    CHECK(dagger_instance_new(&traps_module, NULL, &traps) == 0);
    for (int i = 0; i < 3; i++) {
        values(traps);
        each(traps);
        CHECK(traps_set_count(traps, 5) == 0);
    }
    memory(traps);
    CHECK(dagger_instance_free(traps) == 0);
    CHECK(dagger_instance_free(NULL) == 0);
    return 0;
}
