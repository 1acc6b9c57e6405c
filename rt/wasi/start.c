/* What a guest of WASI finds when its executable starts. */
#include <stdlib.h>

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

void dagger_wasi_prepare(struct w2c_dagger *imports, const char *const *directories)
{
    for (int fd = 0; fd < 3; fd++)
        give_standard(imports, fd);
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
