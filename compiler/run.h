/* Child processes: started from argument vectors without a shell, watched, and ended with us.
 *
 * Every child gets: standard input from /dev/null, LC_ALL=C, a process group of its own, TMPDIR and
 * working directory in the temporary folder, default signal handling. What it prints is held back
 * and shown only by run_report(), bounded and escaped: it may quote text of a hostile module.
 *
 * SIGINT, SIGTERM and SIGHUP are held back from run_setup() on and noticed while waiting. They end
 * the children's groups, and every run after that fails at once; the caller goes its normal way
 * out.
 */
#ifndef DAGGER_COMPILER_RUN_H
#define DAGGER_COMPILER_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "args.h"

enum run_verdict {
    RUN_NOT_RUN,     /* a job before it failed, or only printed */
    RUN_NOT_STARTED, /* status: errno */
    RUN_EXITED,      /* status: exit status */
    RUN_SIGNALLED,   /* status: signal number */
    RUN_INTERRUPTED, /* we were told to stop */
};

struct run_job {
    const char *name;     /* for messages: "wasm2c" */
    struct args argv;     /* argv[0] is a path, see run_find() */
    uint64_t cpu_seconds; /* processor time allowed; 0: no limit */
    uint64_t data_bytes;  /* writable private memory allowed (RLIMIT_DATA); 0: no limit */
    bool deep_stack;      /* start with as large a stack as the system allows */
    bool keep_stdout;     /* output is standard output alone; otherwise both are taken together */

    enum run_verdict verdict;
    int status;
    char *output;       /* allocated, not terminated; the first RUN_OUTPUT_MAX bytes */
    size_t output_len;  /* bytes */
    size_t output_lost; /* bytes that came after those */
};

#define RUN_OUTPUT_MAX 65536

struct run_settings {
    bool verbose;    /* print each command to standard error */
    bool dry_run;    /* print only */
    bool pinned;     /* children get nothing that could change what they write */
    const char *dir; /* where children run; NULL: here */
};

/* Holds signals back and remembers the settings (`dir` may be set later by run_set_dir). */
void run_setup(const struct run_settings *settings);
void run_set_dir(const char *dir);

/* The signal that told us to stop, or 0. Looks without waiting. */
int run_interrupted(void);

/* Ends this process by that signal, as its caller expects. */
void run_die_of_signal(void);

/* Waits until `fd` can be read (or written); false when told to stop. */
bool run_wait_fd(int fd, bool for_writing);

/* Finds a program as a shell would: a name with '/' from here, another on PATH. Returns its
 * absolute path, allocated, or NULL (errno). */
char *run_find(const char *name);

/* Runs the jobs, `at_once` at a time, until all are done or one fails; then the others are ended.
 * `doing` and the count are shown on a terminal when it takes more than a second. Returns 0 when
 * all exited with status 0, or -1. With dry_run it prints the commands and returns 0. */
int run_jobs(struct run_job *jobs, size_t count, unsigned at_once, const char *doing);

/* Runs one job with dry_run too, because what follows depends on it. run_ask() does not print it.
 */
int run_always(struct run_job *job);
int run_ask(struct run_job *job);

/* Prints why the job failed, and what it said. Nothing if it did not fail or was interrupted. */
void run_report(const struct run_job *job);

/* Takes colour sequences (ESC [ ... m), which some tools write even to pipes, out of the output. */
void run_drop_colours(struct run_job *job);

void run_job_release(struct run_job *job);

#endif
