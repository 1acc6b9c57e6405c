/* Fuel: how many instructions the guest may run. The code itself counts; docs/limits.md. */
#ifndef DAGGER_RT_FUEL_H
#define DAGGER_RT_FUEL_H

#include <stdbool.h>
#include <stdint.h>

/* Fuel is counted, and there is none left. */
bool dagger_fuel_is_out(void);

/* The guest has returned. What it used too much since the last time it looked ends it now: out of
 * fuel. */
void dagger_fuel_settle(void);

/* What was used; only if it is counted. */
uint64_t dagger_fuel_used(void);

#endif
