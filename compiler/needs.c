#include "needs.h"

#include <string.h>

#include "imports.h"

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void add(struct dagger_needs *needs, const char *call)
{
    if (strcmp(call, "open") == 0)
        needs->root_read = needs->root_write = needs->network = true;
    else if (begins(call, "wasi_path_") || begins(call, "wasi_unstable_path_") ||
             strcmp(call, "wasi_fd_readdir") == 0)
        needs->directories = true;
}

struct dagger_needs needs_of_module(const struct module *module, bool without_network)
{
    struct dagger_needs needs = {0};
    for (uint32_t i = 0; i < module->import_count; i++)
        if (import_is_call(module, &module->imports[i]))
            add(&needs, call_of_import(&module->imports[i])->name);
    needs.network = needs.network && !without_network;
    return needs;
}
