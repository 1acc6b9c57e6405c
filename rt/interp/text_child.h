/* The text format, read by a child process with limits: its parser is not ours. */
#ifndef DAGGER_RT_INTERP_TEXT_CHILD_H
#define DAGGER_RT_INTERP_TEXT_CHILD_H

#include "input.h"

/* Replaces a module in the text format by its binary. `name`: for messages. Returns 0, or -1 after
 * a message. */
int text_child(struct input *input, const char *name);

#endif
