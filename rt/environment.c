#include "environment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inherited.h"
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

static bool flag(const char *name)
{
    const char *text = getenv(name);
    return text && *text && strcmp(text, "0") != 0;
}

void dagger_environment_read(struct dagger_host *host)
{
    *host = (struct dagger_host){
        .root = getenv("DAGGER_ROOT"),
        .ca_file = getenv("SSL_CERT_FILE"),
        .connect_timeout_ms = timeout("DAGGER_CONNECT_TIMEOUT"),
        .idle_timeout_ms = timeout("DAGGER_IDLE_TIMEOUT"),
        .deny_private = flag("DAGGER_DENY_PRIVATE"),
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
    const char *wrong = dagger_inherited_begin();
    if (wrong)
        dagger_fail(DAGGER_STATUS_USAGE,
                    "%s: not as sd_listen_fds(3) says, of up to %u sockets: \"%e\"", wrong,
                    (uint64_t)DAGGER_INHERITED_MAX, getenv(wrong) ? getenv(wrong) : "");
    if (host->ca_file && *host->ca_file == '\0')
        host->ca_file = NULL; /* as other programs that know this variable take it */
}

uint8_t dagger_environment_watched(void)
{
    return (uint8_t)((flag("DAGGER_STATS") ? DAGGER_WATCH_STATS : 0) |
                     (flag("DAGGER_TRACE") ? DAGGER_WATCH_TRACE : 0));
}

bool dagger_environment_sandbox_required(void)
{
    const char *text = getenv("DAGGER_SANDBOX");
    if (!text || !*text || strcmp(text, "try") == 0)
        return false;
    if (strcmp(text, "require") != 0)
        dagger_fail(DAGGER_STATUS_USAGE,
                    "DAGGER_SANDBOX: expected try or require, found \"%e\"; compile with "
                    "--sandbox=off for none",
                    text);
    return true;
}

void dagger_environment_without_sandbox(void)
{
    if (dagger_environment_sandbox_required())
        dagger_fail(DAGGER_STATUS_FAILED, "DAGGER_SANDBOX: a sandbox is required, and left out by "
                                          "--sandbox=off or --profile-generate");
}

/* A decimal number from 1 on, or -1. */
static int64_t number(const char *text)
{
    int64_t value = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *text - '0', &value))
            return -1;
    return *text == '\0' && value > 0 ? value : -1;
}

uint64_t dagger_environment_fuel(uint64_t most)
{
    const char *text = getenv("DAGGER_FUEL");
    if (!text)
        return most;
    int64_t wanted = number(text);
    if (wanted < 0)
        dagger_fail(DAGGER_STATUS_USAGE, "DAGGER_FUEL: expected a number over 0, found \"%e\"",
                    text);
    if (most == 0)
        dagger_fail(DAGGER_STATUS_USAGE,
                    "DAGGER_FUEL: this guest does not count; compile or run it with --fuel=N");
    return (uint64_t)wanted < most ? (uint64_t)wanted : most;
}

/* ---- What is let through ----------------------------------------------------------------------
 */

struct list {
    const char **items;
    size_t count;
};

static size_t name_length(const char *variable)
{
    return strcspn(variable, "=");
}

/* The first one of a name stays. */
static void add(struct list *list, const char *variable)
{
    size_t len = name_length(variable);
    for (size_t i = 0; i < list->count; i++)
        if (name_length(list->items[i]) == len && memcmp(list->items[i], variable, len) == 0)
            return;
    list->items[list->count++] = variable;
}

/* Those of the process's variables that are called `name`, `len` bytes. */
static void add_named(struct list *list, const char *name, size_t len)
{
    bool all = len == 1 && *name == '*';
    for (char **variable = environ; *variable; variable++)
        if (all || (name_length(*variable) == len && memcmp(*variable, name, len) == 0))
            add(list, *variable);
}

const char *const *dagger_environment_let_through(const char *const *allowed)
{
    static const char *const none[] = {NULL};
    const char *names = getenv("DAGGER_ENV");
    size_t most = 1;
    if (!names && !*allowed)
        return none;
    for (char **variable = environ; *variable; variable++)
        most++;
    for (const char *const *each = allowed; *each; each++)
        most++;
    struct list list = {calloc(most, sizeof *list.items), 0};
    if (!list.items)
        dagger_fail(DAGGER_STATUS_FAILED, "no memory for the environment");
    while (names && *names) {
        size_t len = strcspn(names, ",");
        add_named(&list, names, len);
        names += len + (names[len] == ',');
    }
    for (; *allowed; allowed++)
        if ((*allowed)[name_length(*allowed)] == '=')
            add(&list, *allowed);
        else
            add_named(&list, *allowed, strlen(*allowed));
    return list.items;
}
