/* What of the host a module can make its process need, by what it imports and may open. */
#ifndef DAGGER_COMPILER_NEEDS_H
#define DAGGER_COMPILER_NEEDS_H

#include <dagger/needs.h>

#include "module.h"
#include "policy_file.h"

/* `without_network`: in a process that has no http(s) and no tcp. */
struct dagger_needs needs_of_module(const struct module *module, const struct policy *policy,
                                    bool without_network);

#endif
