/* run_report(): what to say of a child that failed. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "diag.h"
#include "run.h"

enum { LINES_SHOWN = 30, LINE_LENGTH = 500 };

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

/* A line of the child's words: quotes as they are, which tools use a lot, all else escaped. */
static void print_line(const char *line, size_t len)
{
    if (len > LINE_LENGTH)
        len = LINE_LENGTH;
    for (size_t i = 0; i < len;) {
        char shown[LINE_LENGTH * 8];
        size_t plain = 0;
        while (i + plain < len && memchr("'\"\\", line[i + plain], 3) == NULL)
            plain++;
        fputs(text_escape(shown, sizeof shown, line + i, plain), stderr);
        i += plain;
        if (i < len)
            fputc(line[i++], stderr);
    }
}

/* Prints the child's words, each line marked as not ours. */
static void print_output(const struct run_job *job)
{
    if (job->output_len == 0)
        return;
    const char *at = job->output, *end = at + job->output_len;
    for (int lines = 0; at < end && lines < LINES_SHOWN; lines++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline != NULL ? newline : end;
        fprintf(stderr, "  %s: ", job->name);
        print_line(at, (size_t)(stop - at));
        fputc('\n', stderr);
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
