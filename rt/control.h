/* What a guest may ask of its own process by control://, and tell it to do. */
#ifndef DAGGER_RT_CONTROL_H
#define DAGGER_RT_CONTROL_H

#include "stream.h"

/* For struct dagger_host.control of a struct dagger_process. */
int dagger_process_control(const struct dagger_host *host, struct dagger_slice command,
                           struct dagger_reply *reply);

#endif
