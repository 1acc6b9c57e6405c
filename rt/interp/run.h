/* The guest's life in the engine. */
#ifndef DAGGER_RT_INTERP_RUN_H
#define DAGGER_RT_INTERP_RUN_H

#include "load.h"

/* What the engine calls for the guest. */
extern const struct engine_host run_host;

/* Runs a loaded guest and returns the exit status of the process; does not return after a trap.
 * `program`: the guest's name, for it and for messages. */
int run_guest(const struct loaded *loaded, const char *program,
              const struct dagger_options *options);

#endif
