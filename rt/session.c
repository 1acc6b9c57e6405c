#include "session.h"

#include <signal.h>

#include "environment.h"
#include "report.h"
#include "runtime.h"
#include "watch.h"

void dagger_session_begin(const char *program)
{
    dagger_runtime.program = program;
    struct dagger_host host;
    dagger_environment_read(&host);
    dagger_runtime.imports.watched = dagger_environment_watched();
    if (dagger_runtime.imports.watched)
        dagger_watch_begin();
    dagger_process_init(&dagger_runtime.imports.process, &host);
    signal(SIGPIPE, SIG_IGN); /* a write tells by its result: PIPE, */
    signal(SIGXFSZ, SIG_IGN); /* or NOSPACE where the file may not grow further */
}

int dagger_session_end(int status)
{
    int error = dagger_process_end(&dagger_runtime.imports.process, DAGGER_END_NORMAL);
    dagger_report_undelivered(error);
    dagger_watch_end();
    return error && status == 0 ? DAGGER_STATUS_FAILED : status;
}
