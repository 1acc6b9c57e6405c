#include "session.h"

#include <signal.h>

#include "environment.h"
#include "report.h"
#include "runtime.h"

void dagger_session_begin(const char *program)
{
    dagger_runtime.program = program;
    struct dagger_host host;
    dagger_environment_read(&host);
    dagger_process_init(&dagger_runtime.imports.process, &host);
    signal(SIGPIPE, SIG_IGN); /* a write tells by its result: PIPE, */
    signal(SIGXFSZ, SIG_IGN); /* or NOSPACE where the file may not grow further */
}

int dagger_session_end(int status)
{
    int error = dagger_process_end(&dagger_runtime.imports.process, DAGGER_END_NORMAL);
    dagger_report_undelivered(error);
    return error && status == 0 ? DAGGER_STATUS_FAILED : status;
}
