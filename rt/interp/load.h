/* From a file to a module that the engine has taken. */
#ifndef DAGGER_RT_INTERP_LOAD_H
#define DAGGER_RT_INTERP_LOAD_H

#include "engine.h"
#include "input.h"
#include "module.h"
#include "options.h"

struct loaded {
    struct input input;
    struct module module;
    struct module_text *names; /* by function index */
};

/* Reads, checks and hands to the engine what options->input names. Returns 0, or -1 after a
 * message. */
int load(struct loaded *loaded, const struct dagger_options *options,
         const struct engine_host *host);

#endif
