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

/* What is not allowed is not needed. Patterns are normalised: a scheme comes first, a mode last. */
static void narrow(struct dagger_needs *needs, const struct policy *policy)
{
    static const char *const networks[] = {"http:", "https:", "tcp:", "tcp+tls:"};
    bool reads = false, writes = false, connects = false;

    if (!policy->only_allowed)
        return;
    for (size_t i = 0; i < policy->allow.count; i++) {
        const char *pattern = policy->allow.items[i];
        bool is_file = begins(pattern, "file:");

        reads = reads || is_file;
        writes = writes || (is_file && strstr(pattern, "?mode=r") == NULL);
        for (size_t j = 0; j < sizeof networks / sizeof *networks; j++)
            connects = connects || begins(pattern, networks[j]);
    }
    needs->root_read = needs->root_read && reads;
    needs->root_write = needs->root_write && writes;
    needs->network = needs->network && connects;
}

struct dagger_needs needs_of_module(const struct module *module, const struct policy *policy,
                                    bool without_network)
{
    struct dagger_needs needs = {0};
    for (uint32_t i = 0; i < module->import_count; i++)
        if (import_is_call(module, &module->imports[i]))
            add(&needs, call_of_import(&module->imports[i])->name);
    needs.network = needs.network && !without_network;
    narrow(&needs, policy);
    return needs;
}
