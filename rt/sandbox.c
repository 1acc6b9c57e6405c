#include "sandbox.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "environment.h"
#include "inherited.h"
#include "report.h"
#include "runtime.h"
#include "watch.h"

/* In this order: the last one refuses what the others take. */
enum step { DESCRIPTORS, CORE_DUMPS, NO_NEW_PRIVILEGES, FILES, CALLS, STEPS };
static const char *const names[STEPS] = {"descriptors", "core dumps", "no_new_privs", "landlock",
                                         "seccomp"};

static int closed; /* what closing them gave */

void dagger_sandbox_begin(const struct dagger_sandbox *sandbox)
{
    dagger_inherited_begin();
    unsigned kept = dagger_inherited_keep(sandbox->needs.inherited);
    closed = syscall(SYS_close_range, 3U + kept, ~0U, 0U) == 0 ? 0 : -errno;
}

/* Of a process whose dumps go to a program the kernel takes no notice of a limit of 0, but one byte
 * is too little for it and for a file. */
static int end_core_dumps(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) != 0)
        return -errno;
    limit.rlim_max = limit.rlim_max < 1 ? limit.rlim_max : 1;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_CORE, &limit) == 0 ? 0 : -errno;
}

static int take_step(enum step step, const struct dagger_needs *needs, int *version)
{
    switch (step) {
    case DESCRIPTORS:
        return closed;
    case CORE_DUMPS:
        return end_core_dumps();
    case NO_NEW_PRIVILEGES:
        return prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0 ? 0 : -errno;
    case FILES:
        return dagger_sandbox_files(needs, &dagger_runtime.imports.process, version);
    default:
        return dagger_sandbox_calls(needs);
    }
}

/* sandbox: descriptors, core dumps, no_new_privs, landlock 7, seccomp; needs read write network */
static void tell(const struct dagger_needs *needs, const int errors[STEPS], int version)
{
    struct dagger_report report;
    dagger_report_begin(&report);
    const char *before = "sandbox: ";
    for (int step = 0; step < STEPS; step++, before = ", ") {
        dagger_report_format(&report, "%s%s%s", before, errors[step] ? "not " : "", names[step]);
        if (errors[step])
            dagger_report_format(&report, " (%s)", strerror(-errors[step]));
        else if (step == FILES)
            dagger_report_format(&report, " %u", (uint64_t)version);
    }
    bool any = needs->root_read || needs->root_write || needs->directories || needs->network ||
               needs->listen || needs->inherited;
    dagger_report_format(&report, "; needs%s%s%s%s%s%s%s\n", any ? "" : " nothing",
                         needs->root_read ? " read" : "", needs->root_write ? " write" : "",
                         needs->directories ? " directories" : "", needs->network ? " network" : "",
                         needs->listen ? " listen" : "", needs->inherited ? " inherited" : "");
    dagger_report_end(&report);
}

void dagger_sandbox_enter(const struct dagger_sandbox *sandbox)
{
    bool required = sandbox->required || dagger_environment_sandbox_required();
    bool told = dagger_runtime.imports.watched & DAGGER_WATCH_TRACE;
    int errors[STEPS], version = 0;
    for (enum step step = 0; step < STEPS; step++) {
        errors[step] = take_step(step, &sandbox->needs, &version);
        if (errors[step] && required)
            dagger_fail(DAGGER_STATUS_FAILED,
                        "the sandbox is required, and this host has no %s: %s", names[step],
                        strerror(-errors[step]));
    }
    if (told)
        tell(&sandbox->needs, errors, version);
}
