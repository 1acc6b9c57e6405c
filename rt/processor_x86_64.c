#include <stdbool.h>

#include "dagger/start.h"

/* Of each level, what compilers use by themselves. Each is linked where a guest needs it only. */

static bool is_v2(void)
{
    return __builtin_cpu_supports("ssse3") && __builtin_cpu_supports("sse4.2") &&
           __builtin_cpu_supports("popcnt");
}

static bool is_v3(void)
{
    return is_v2() && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("fma");
}

static bool is_v4(void)
{
    return is_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}

const struct dagger_processor dagger_x86_64_v2 = {"x86-64-v2", is_v2};
const struct dagger_processor dagger_x86_64_v3 = {"x86-64-v3", is_v3};
const struct dagger_processor dagger_x86_64_v4 = {"x86-64-v4", is_v4};
