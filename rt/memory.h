/* Linear memories of the process: how they are mapped, and where a faulting address belongs. */
#ifndef DAGGER_RT_MEMORY_H
#define DAGGER_RT_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "dagger/start.h"

/* Decides how later memories are made. max_bytes: limit over all memories, 0: none. */
void dagger_memory_setup(enum dagger_memory_mode mode, uint64_t max_bytes);

/* Is `address` in a memory's reservation but beyond what the guest may use? Only reads the list of
 * memories: may be called from a signal handler. */
bool dagger_memory_is_out_of_bounds(uintptr_t address);

#endif
