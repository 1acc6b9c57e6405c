/* The way of a module: read and check, translate, compile, link, deliver. */
#ifndef DAGGER_COMPILER_DRIVER_H
#define DAGGER_COMPILER_DRIVER_H

#include "options.h"

/* Does what the options ask for. Returns 0, or -1 after a message. */
int driver_run(const struct options *options);

#endif
