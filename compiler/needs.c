#include "needs.h"

#include <pattern.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "imports.h"

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void add(struct dagger_needs *needs, const char *call)
{
    if (strcmp(call, "open") == 0)
        needs->root_read = needs->root_write = needs->network = needs->listen = needs->inherited =
            true;
    else if (begins(call, "wasi_path_") || begins(call, "wasi_unstable_path_") ||
             strcmp(call, "wasi_fd_readdir") == 0)
        needs->directories = true;
}

bool needs_call(const struct module *module, const char *name)
{
    for (uint32_t i = 0; i < module->import_count; i++)
        if (import_is_call(module, &module->imports[i]) &&
            strcmp(call_of_import(&module->imports[i])->name, name) == 0)
            return true;
    return false;
}

/* ---- Policy -----------------------------------------------------------------------------------
 */

struct ports {
    uint16_t *list; /* 0 behind the last */
    size_t count;
    bool any;
};

static void add_port(struct ports *ports, const struct dagger_pattern *pattern)
{
    ports->any = ports->any || pattern->any_host || pattern->any_port;
    if (!ports->any)
        ports->list[ports->count++] = (uint16_t)pattern->target.port;
}

static const uint16_t *list_of(struct ports *ports)
{
    if (!ports->any)
        return ports->list;
    free(ports->list);
    return NULL;
}

/* What is allowed, by one pattern after the other. */
struct allowed {
    bool reads, writes, connects, listens, inherits;
    struct ports ports, listen_ports;
};

static void add_pattern(struct allowed *allowed, const struct dagger_pattern *pattern)
{
    const char *scheme = pattern->target.scheme->name;
    switch (pattern->target.scheme->shape) {
    case DAGGER_SHAPE_FILE:
        allowed->reads = true; /* a file that is written is found first */
        allowed->writes = allowed->writes || (pattern->target.uses & DAGGER_USE_WRITE);
        break;
    case DAGGER_SHAPE_NETWORK:
    case DAGGER_SHAPE_WEB:
        if (strcmp(scheme, "tcp+listen") == 0) {
            allowed->listens = true;
            add_port(&allowed->listen_ports, pattern);
        } else {
            allowed->connects = true;
            add_port(&allowed->ports, pattern);
        }
        break;
    default:
        allowed->inherits = allowed->inherits || strcmp(scheme, "listen") == 0;
    }
}

/* What is not allowed is not needed. */
static void narrow(struct dagger_needs *needs, const struct policy *policy)
{
    struct allowed allowed = {0};

    if (!policy->only_allowed)
        return;
    allowed.ports.list = alloc_zeroed((policy->allow.count + 1) * sizeof *allowed.ports.list);
    allowed.listen_ports.list =
        alloc_zeroed((policy->allow.count + 1) * sizeof *allowed.listen_ports.list);
    for (size_t i = 0; i < policy->allow.count; i++) {
        const char *why, *text = policy->allow.items[i];
        struct dagger_pattern *pattern =
            alloc_checked(dagger_pattern_new(text, strlen(text), &why)); /* it was read before */
        add_pattern(&allowed, pattern);
        free(pattern);
    }
    needs->root_read = needs->root_read && allowed.reads;
    needs->root_write = needs->root_write && allowed.writes;
    needs->network = needs->network && allowed.connects;
    needs->listen = needs->listen && allowed.listens;
    needs->inherited = needs->inherited && allowed.inherits;
    needs->ports = list_of(&allowed.ports);
    needs->listen_ports = list_of(&allowed.listen_ports);
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
    needs.inherited = needs.inherited || needs_call(module, "wasi_sock_accept");
    return needs;
}
