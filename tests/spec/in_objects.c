/* A program of modules that were compiled to objects: their instances are its own. */
#include <stddef.h>

#include "harness.h"

static void instantiate(void *instance, struct w2c_dagger *imports)
{
    (void)instance, (void)imports;
    spectest_instantiate();
}

static int32_t entry(void *instance)
{
    (void)instance;
    commands();
    return 0;
}

int main(int argc, char **argv)
{
    static const struct dagger_guest guest = {
        .size = sizeof(struct dagger_guest),
        .instantiate = instantiate,
        .entry = entry,
        .memory_mode = WASM_RT_MEMCHECK_BOUNDS_CHECK ? DAGGER_MEMORY_CHECKED : DAGGER_MEMORY_GUARD,
    };
    return take_messages() ? dagger_start(&guest, argc, argv) : 3;
}
