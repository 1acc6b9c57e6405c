#include "environment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "report.h"
#include "runtime.h"
#include "watch.h"

enum { MILLISECONDS_MAX = 2000000000 };

int dagger_environment_seconds(const char *text)
{
    int64_t milliseconds = 0;
    int digits = 0;
    for (; *text >= '0' && *text <= '9'; text++, digits++) {
        milliseconds = milliseconds * 10 + (*text - '0') * 1000;
        if (milliseconds > MILLISECONDS_MAX)
            return -1;
    }
    if (*text == '.') {
        text++;
        for (int unit = 100; *text >= '0' && *text <= '9'; text++, digits++, unit /= 10)
            milliseconds += (*text - '0') * unit;
    }
    if (*text != '\0' || digits == 0 || milliseconds == 0 || milliseconds > MILLISECONDS_MAX)
        return -1;
    return (int)milliseconds;
}

static int timeout(const char *name)
{
    const char *text = getenv(name);
    if (!text)
        return 0;
    int milliseconds = dagger_environment_seconds(text);
    if (milliseconds < 0)
        dagger_fail(DAGGER_STATUS_USAGE,
                    "%s: expected seconds between 0.001 and 2000000, found \"%e\"", name, text);
    return milliseconds;
}

void dagger_environment_read(struct dagger_host *host)
{
    *host = (struct dagger_host){
        .root = getenv("DAGGER_ROOT"),
        .ca_file = getenv("SSL_CERT_FILE"),
        .connect_timeout_ms = timeout("DAGGER_CONNECT_TIMEOUT"),
        .idle_timeout_ms = timeout("DAGGER_IDLE_TIMEOUT"),
    };
    struct stat root;
    if (host->root && *host->root && stat(host->root, &root) != 0)
        dagger_fail(DAGGER_STATUS_USAGE, "DAGGER_ROOT: \"%e\": %s", host->root, strerror(errno));
    if (host->root && *host->root && !S_ISDIR(root.st_mode))
        dagger_fail(DAGGER_STATUS_USAGE, "DAGGER_ROOT: \"%e\" is not a directory", host->root);
    if (host->root && *host->root == '\0')
        dagger_fail(DAGGER_STATUS_USAGE,
                    "DAGGER_ROOT: expected a directory, found \"\"; unset it for the working "
                    "directory");
    if (host->ca_file && *host->ca_file == '\0')
        host->ca_file = NULL; /* as other programs that know this variable take it */
}

static bool flag(const char *name)
{
    const char *text = getenv(name);
    return text && *text && strcmp(text, "0") != 0;
}

uint8_t dagger_environment_watched(void)
{
    return (uint8_t)((flag("DAGGER_STATS") ? DAGGER_WATCH_STATS : 0) |
                     (flag("DAGGER_TRACE") ? DAGGER_WATCH_TRACE : 0));
}
