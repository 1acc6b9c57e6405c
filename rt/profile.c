#include "dagger/profile.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"

static const char ending[] = ".profile";

/* Room for one that is too long, so that the kernel says so. */
enum { PATH_ROOM = PATH_MAX + 1 };

/* The folder that is meant, in `path`; an empty path if it can't be told. */
static void find_folder(const struct dagger_profile *profile, char path[PATH_ROOM])
{
    const char *wanted = getenv("DAGGER_PROFILE");
    if (!wanted || !*wanted)
        wanted = profile->folder;
    path[0] = 0;
    if (wanted) {
        snprintf(path, PATH_ROOM, "%s", wanted);
        return;
    }
    ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - sizeof(ending));
    if (len > 0)
        memcpy(path + len, ending, sizeof(ending));
}

/* Goes into a folder, which is made if it is not there. */
static bool enter(const char *path)
{
    return (mkdir(path, 0777) == 0 || errno == EEXIST) && chdir(path) == 0;
}

void dagger_profile_end(const struct dagger_profile *profile)
{
    char path[PATH_ROOM];
    find_folder(profile, path);
    if (enter(path) && enter(profile->name) && access(".", W_OK | X_OK) == 0) {
        profile->write();
        return;
    }
    const char *why = strerror(errno);
    struct dagger_report report;
    dagger_report_begin(&report);
    dagger_report_text(&report, "warning: the profile was not written to \"");
    dagger_report_escaped(&report, path, strlen(path));
    dagger_report_text(&report, "\": ");
    dagger_report_text(&report, why);
    dagger_report_text(&report, "; DAGGER_PROFILE names another folder\n");
    dagger_report_end(&report);
}
