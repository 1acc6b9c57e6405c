/* What an executable tells about itself: <dagger/about.h>. */
#ifndef DAGGER_COMPILER_ABOUT_H
#define DAGGER_COMPILER_ABOUT_H

#include "compile.h"
#include "input.h"
#include "module.h"

/* The JSON that goes into an executable, allocated. Nothing in it depends on where, when or by whom
 * it is made. `wasm2c`: a version. `compiler` has been identified, and its memory mode chosen. */
char *about_make(const struct compiler *compiler, const struct module *module,
                 const struct input *binary, const char *wasm2c);

/* --inspect: prints what the executable `path` tells. Returns 0, or -1 after a message. */
int about_print(const char *path, bool json);

#endif
