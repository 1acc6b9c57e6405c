/* What of the host a module can make its process need, by what it imports and may open. */
#ifndef DAGGER_COMPILER_NEEDS_H
#define DAGGER_COMPILER_NEEDS_H

#include <dagger/needs.h>

#include "module.h"
#include "policy_file.h"

/* Does the module import the function, by its name in <dagger/imports.h>? */
bool needs_call(const struct module *module, const char *name);

/* `without_network`: in a process that has no http(s), no tcp and no gopher(s). Lists of ports are
 * from malloc(). */
struct dagger_needs needs_of_module(const struct module *module, const struct policy *policy,
                                    bool without_network);

#endif
