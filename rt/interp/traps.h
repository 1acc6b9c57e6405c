/* wabt's words for traps, as ours. */
#ifndef DAGGER_RT_INTERP_TRAPS_H
#define DAGGER_RT_INTERP_TRAPS_H

#include "trap.h"

/* What a message of wabt's interpreter means; DAGGER_TRAP_NONE if it is unknown. */
enum dagger_trap interp_trap(const char *message);

#endif
