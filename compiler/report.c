/* run_report(): what to say of a child that failed. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "diag.h"
#include "run.h"

void run_drop_colours(struct run_job *job)
{
    size_t kept = 0;
    for (size_t i = 0; i < job->output_len; i++) {
        size_t end = i + 2;
        if (job->output[i] == '\033' && i + 1 < job->output_len && job->output[i + 1] == '[') {
            while (end < job->output_len && memchr("0123456789;", job->output[end], 11) != NULL)
                end++;
            if (end < job->output_len && job->output[end] == 'm') {
                i = end;
                continue;
            }
        }
        job->output[kept++] = job->output[i];
    }
    job->output_len = kept;
}

/* Prints the child's words, each line marked as not ours. */
static void print_output(const struct run_job *job)
{
    if (job->output_len == 0)
        return;
    size_t left = text_print_lines(stderr, job->name, job->output, job->output_len);
    if (left + job->output_lost > 0)
        fprintf(stderr, "  %s: ... %zu more bytes\n", job->name, left + job->output_lost);
}

static void report_signal(const struct run_job *job)
{
    if (job->status == SIGXCPU || (job->status == SIGKILL && job->cpu_seconds > 0)) {
        diag_error("%s was stopped after %llu s of processor time", job->name,
                   (unsigned long long)job->cpu_seconds);
        diag_note("--wasm2c-time=SECONDS allows more");
        return;
    }
    diag_error("%s was ended by signal %d (%s)", job->name, job->status, strsignal(job->status));
}

/* A tool at its limit says so in its own words, if at all. */
static bool may_lack_memory(const struct run_job *job)
{
    static const char *const words[] = {"memory", "bad_alloc"};
    bool said = job->verdict == RUN_SIGNALLED && job->status != SIGXCPU;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        said = said || (job->output_len > 0 &&
                        memmem(job->output, job->output_len, words[i], strlen(words[i])) != NULL);
    return said && job->data_bytes > 0;
}

void run_report(const struct run_job *job)
{
    switch (job->verdict) {
    case RUN_NOT_RUN:
    case RUN_INTERRUPTED:
        return;
    case RUN_NOT_STARTED:
        diag_error("can't run %s: %s", job->name, strerror(job->status));
        return;
    case RUN_EXITED:
        if (job->status == 0)
            return;
        diag_error("%s failed with exit status %d", job->name, job->status);
        break;
    case RUN_SIGNALLED:
        report_signal(job);
        break;
    }
    print_output(job);
    if (may_lack_memory(job))
        diag_note("if it ran out of memory, --wasm2c-memory=SIZE allows more");
}
