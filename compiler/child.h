/* Starting one child process; run.h is the way in. */
#ifndef DAGGER_COMPILER_CHILD_H
#define DAGGER_COMPILER_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct child_request {
    char **argv;     /* argv[0]: path */
    const char *dir; /* working directory and TMPDIR; NULL: as ours */
    bool keep_stdout, deep_stack;
    bool pinned;                      /* nothing of the environment may change what tools write */
    uint64_t cpu_seconds, data_bytes; /* 0: no limit */
    const sigset_t *mask;             /* signals blocked in the child */
};

/* Returns 0 and the process (leader of its own group) and the reading end of its output, which does
 * not block; or an errno value. */
int child_start(const struct child_request *request, pid_t *pid, int *output);

#endif
