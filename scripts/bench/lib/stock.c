/* The main program of a module of the suite that wasm2c translated and nobody changed.
 *
 * With -DSTOCK_WABT it runs on wabt's own runtime, otherwise on Dagger's, with the memory between
 * guard pages in both.
 */
#include "guest.h"

#include <stdio.h>

static w2c_guest guest;

static int32_t run(void *instance)
{
    uint32_t sum = w2c_guest_run(instance);
    return printf(SUITE_NAME " 0x%08lx\n", (unsigned long)sum) < 0 || sum != STOCK_EXPECTED;
}

#ifdef STOCK_WABT

int main(void)
{
    wasm_rt_init();
    wasm2c_guest_instantiate(&guest);
    return run(&guest);
}

#else
#include "functions.h"
#include "start.h"

/* Nothing but the mark of the table: a trap has no names to show. */
__attribute__((section(DAGGER_FUNCTIONS_SECTION), used, aligned(4)))
const unsigned char dagger_guest_functions[8] = {0x44, 0x41, 0x47, 0x46};

static void instantiate(void *instance, struct w2c_dagger *imports)
{
    (void)imports;
    wasm2c_guest_instantiate(instance);
}

static wasm_rt_memory_t *memory(void *instance)
{
    return w2c_guest_memory(instance);
}

int main(int argc, char **argv)
{
    static const struct dagger_guest start = {
        .size = sizeof start,
        .instance = &guest,
        .instantiate = instantiate,
        .entry = run,
        .memory = memory,
        .memory_mode = DAGGER_MEMORY_GUARD,
    };
    return dagger_start(&start, argc, argv);
}

#endif
