/* run_report(): what to say of a child that failed. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "diag.h"
#include "run.h"

enum { LINES_SHOWN = 30, LINE_LENGTH = 500 };

/* Takes colour sequences (ESC [ ... m) out of a line; returns its new length. */
static size_t without_colours(char *line, size_t len)
{
    size_t kept = 0;
    for (size_t i = 0; i < len; i++) {
        size_t end = i + 2;
        if (line[i] == '\033' && i + 1 < len && line[i + 1] == '[') {
            while (end < len && strchr("0123456789;", line[end]) != NULL && line[end] != 0)
                end++;
            if (end < len && line[end] == 'm') {
                i = end;
                continue;
            }
        }
        line[kept++] = line[i];
    }
    return kept;
}

/* Prints the child's words, each line escaped by itself and marked as not ours. */
static void print_output(const struct run_job *job)
{
    char *at = job->output, *end = at + job->output_len;
    int lines = 0;
    for (; at < end && lines < LINES_SHOWN; lines++) {
        char *newline = memchr(at, '\n', (size_t)(end - at));
        char *stop = newline != NULL ? newline : end;
        char shown[LINE_LENGTH];
        size_t len = without_colours(at, (size_t)(stop - at));
        fprintf(stderr, "  %s: %s\n", job->name, text_escape(shown, sizeof shown, at, len));
        at = newline != NULL ? newline + 1 : end;
    }
    size_t left = (size_t)(end - at) + job->output_lost;
    if (left > 0)
        fprintf(stderr, "  %s: ... %zu more bytes\n", job->name, left);
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
    if (job->data_bytes > 0)
        diag_note("if it ran out of memory, --wasm2c-memory=SIZE allows more");
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
}
