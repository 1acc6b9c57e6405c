/* Function names by index, for backtraces. */
#ifndef DAGGER_COMPILER_MODULE_NAMES_H
#define DAGGER_COMPILER_MODULE_NAMES_H

#include "module.h"

/* One for each function of the module, imported ones first; len 0: it has none. At most 200 bytes
 * each, UTF-8 never cut in a sequence. They point into the module's bytes; the array is freed with
 * free(). */
struct module_text *module_names(const struct module *module);

#endif
