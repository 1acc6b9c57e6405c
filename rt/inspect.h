/* DAGGER_INSPECT: an executable that tells about itself instead of running. */
#ifndef DAGGER_RT_INSPECT_H
#define DAGGER_RT_INSPECT_H

/* If the variable asks for it, prints `about` (struct dagger_guest has it) and ends the process:
 * status 0, 1 if it could not be printed, 2 for a value that is none. */
void dagger_inspect(const char *about);

#endif
