#include "inspect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dagger/about.h"
#include "report.h"
#include "runtime.h"

static _Noreturn void print(const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(STDOUT_FILENO, text, len);
        if (n < 0 && errno != EINTR)
            dagger_fail(DAGGER_STATUS_FAILED, "can't write standard output: %s", strerror(errno));
        if (n > 0) {
            text += n;
            len -= (size_t)n;
        }
    }
    _exit(0);
}

void dagger_inspect(const char *about)
{
    const char *how = getenv("DAGGER_INSPECT");
    if (!how || !*how || strcmp(how, "0") == 0)
        return;
    bool json = strcmp(how, "json") == 0;
    if (!json && strcmp(how, "1") != 0)
        dagger_fail(DAGGER_STATUS_USAGE, "DAGGER_INSPECT: expected 1 or json, found \"%e\"", how);
    if (json)
        print(about, strlen(about));
    char *text = malloc(strlen(about) + 1);
    if (!text)
        dagger_fail(DAGGER_STATUS_FAILED, "no memory");
    print(text, dagger_about_text(about, text));
}
