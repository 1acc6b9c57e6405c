#include "fuel.h"

#include "runtime.h"
#include "trap.h"

bool dagger_fuel_is_out(void)
{
    const struct dagger_fuel *fuel = &dagger_runtime.fuel;
    return fuel->given && fuel->left() < 0;
}

void dagger_fuel_settle(void)
{
    if (dagger_fuel_is_out())
        dagger_trap_end(DAGGER_TRAP_OUT_OF_FUEL, dagger_no_frames, NULL);
}

uint64_t dagger_fuel_used(void)
{
    return dagger_runtime.fuel.given - (uint64_t)dagger_runtime.fuel.left();
}
