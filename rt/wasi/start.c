/* What a guest of WASI finds when its executable starts. */
#include <stdio.h>
#include <stdlib.h>

#include "inherited.h"
#include "policy.h"
#include "report.h"
#include "wasi.h"

static void give_directory(struct w2c_dagger *imports, const char *given, size_t len)
{
    char *host;
    const char *why = wasi_give_directory(imports, given, len, &host);
    if (why)
        dagger_fail(DAGGER_STATUS_USAGE, "directory \"%e\": %s", host ? host : given, why);
    free(host);
}

/* One that policy refuses has its number all the same, and no rights. */
static void give_standard(struct w2c_dagger *imports, int fd)
{
    static const char *const urls[] = {"stdin://", "stdout://", "stderr://"};
    bool permitted = dagger_policy_permits(&imports->process.host, urls[fd]);
    if (wasi_give_standard(imports, fd, permitted))
        dagger_fail(DAGGER_STATUS_FAILED, "can't open the standard streams");
    struct wasi_fd *given = dagger_process_slot(&imports->process, (uint32_t)fd)->attached;
    if (!permitted)
        given->base = 0;
}

static void give_all_standard(struct w2c_dagger *imports)
{
    for (int fd = 0; fd < 3; fd++)
        give_standard(imports, fd);
}

static void give_directories(struct w2c_dagger *imports, const char *const *directories)
{
    const char *given = getenv("DAGGER_DIRS");
    if (given) {
        for (size_t len; *given; given += len + (given[len] == ',')) {
            len = strcspn(given, ",");
            if (len)
                give_directory(imports, given, len);
        }
        return;
    }
    if (*directories) {
        for (; *directories; directories++)
            give_directory(imports, *directories, strlen(*directories));
        return;
    }
    /* It may be one that was removed: a guest that needs none runs there, too. */
    const char *root = imports->process.host.root;
    if (dagger_policy_permits_directory(&imports->process.host, "/", true))
        wasi_give_root(imports, root ? root : ".");
}

void dagger_wasi_prepare(struct w2c_dagger *imports, const char *const *directories)
{
    give_all_standard(imports);
    give_directories(imports, directories);
}

/* ---- Sockets ----------------------------------------------------------------------------------
 */

static bool give_socket(struct w2c_dagger *imports, size_t index)
{
    struct dagger_slice name;
    struct dagger_stream *stream;
    uint32_t number;
    if (!dagger_inherited_name(index, &name) ||
        !dagger_policy_permits_name(&imports->process.host, "listen", name))
        return false;
    int error = dagger_inherited_listener(index, &imports->process.host, &stream);
    if (error)
        dagger_fail(DAGGER_STATUS_FAILED, "can't use the sockets of LISTEN_FDS: %s",
                    strerror(-error));
    if (wasi_add(imports, stream, WASI_RIGHTS_ALL, WASI_RIGHTS_ALL, &number))
        dagger_fail(DAGGER_STATUS_FAILED, "can't use the sockets of LISTEN_FDS: too many streams");
    return true;
}

/* The guest's own number of them takes the place of whatever was let through; 0: there is none. */
static void tell_number(struct dagger_host *host, unsigned number)
{
    static char variable[sizeof "LISTEN_FDS=" + 10];
    size_t count = 0, len = (size_t)snprintf(variable, sizeof variable, "LISTEN_FDS=%u", number),
           name_len = strcspn(variable, "=") + 1;
    while (host->environment && host->environment[count])
        count++;
    const char **list = calloc(count + 2, sizeof *list);
    if (!list || len >= sizeof variable)
        dagger_fail(DAGGER_STATUS_FAILED, "no memory for the environment");
    size_t kept = 0;
    if (number)
        list[kept++] = variable;
    for (size_t i = 0; i < count; i++)
        if (strncmp(host->environment[i], variable, name_len) != 0)
            list[kept++] = host->environment[i];
    host->environment = list;
}

void dagger_wasi_prepare_sockets(struct w2c_dagger *imports, const char *const *directories)
{
    unsigned number = 0;
    give_all_standard(imports);
    for (size_t i = 0; i < dagger_inherited_count(); i++)
        number += give_socket(imports, i);
    tell_number(&imports->process.host, number);
    give_directories(imports, directories);
}
