#include "session.h"

#include <signal.h>
#include <unistd.h>

#include "environment.h"
#include "fuel.h"
#include "guest_limits.h"
#include "policy.h"
#include "report.h"
#include "runtime.h"
#include "watch.h"

void dagger_session_begin(const char *const *argv, const char *const *environment,
                          const struct dagger_policy *policy)
{
    dagger_runtime.program = argv[0];
    static const char *const none[] = {NULL};
    struct dagger_host host;
    dagger_environment_read(&host);
    host.arguments = argv;
    host.environment = dagger_environment_let_through(environment ? environment : none);
    dagger_runtime.imports.watched = dagger_environment_watched();
    if (dagger_runtime.imports.watched)
        dagger_watch_begin();
    dagger_policy_begin(policy, dagger_runtime.imports.watched & DAGGER_WATCH_TRACE, &host);
    struct dagger_process *process = &dagger_runtime.imports.process;
    dagger_process_init(process, &host);
    const struct dagger_limits *limits = &dagger_runtime.limits;
    if (limits->streams && limits->streams < process->limit)
        process->limit = (size_t)limits->streams;
    process->stream_bytes = limits->stream_bytes;
    signal(SIGPIPE, SIG_IGN); /* a write tells by its result: PIPE, */
    signal(SIGXFSZ, SIG_IGN); /* or NOSPACE where the file may not grow further */
}

int dagger_session_end(int status)
{
    dagger_fuel_settle();
    if (dagger_limits_exceeded())
        dagger_trap_end(dagger_limits_exceeded(), dagger_no_frames, NULL);
    /* A guest that failed did not get to the end of what it left open. */
    int error = dagger_process_end(&dagger_runtime.imports.process,
                                   status == 0 ? DAGGER_END_NORMAL : DAGGER_END_TRAP);
    dagger_report_undelivered(error);
    if (dagger_limits_exceeded()) /* meanwhile */
        dagger_trap_end(dagger_limits_exceeded(), dagger_no_frames, NULL);
    dagger_watch_end();
    return error && status == 0 ? DAGGER_STATUS_FAILED : status;
}

_Noreturn void dagger_session_exit(int status)
{
    status = dagger_session_end(status);
    if (dagger_runtime.ended)
        dagger_runtime.ended();
    _exit(status);
}
