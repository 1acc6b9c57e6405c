/* The stack of a guest that was compiled, as a list of its functions. */
#ifndef DAGGER_RT_BACKTRACE_H
#define DAGGER_RT_BACKTRACE_H

#include "arch.h"
#include "frames.h"

/* Adds the guest's frames, innermost first; host code between them is not shown. `registers`, a
 * struct dagger_registers, says where the guest was. */
void dagger_backtrace(struct dagger_frames *frames, const void *registers);

#endif
