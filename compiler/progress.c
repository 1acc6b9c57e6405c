#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_MS = 1000, EVERY_MS = 250 };

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool has_terminal(void)
{
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
}

struct progress progress_start(const char *doing, size_t total)
{
    return (struct progress){
        .doing = doing != NULL && has_terminal() ? doing : NULL,
        .total = total,
        .started_ms = now_ms(),
    };
}

int progress_timeout(const struct progress *progress)
{
    return progress->doing != NULL ? EVERY_MS : -1;
}

void progress_show(struct progress *progress, size_t done)
{
    int64_t elapsed = now_ms() - progress->started_ms;
    if (progress->doing == NULL || elapsed < FIRST_MS || elapsed - progress->shown_ms < EVERY_MS)
        return;
    progress->shown_ms = elapsed;
    int seconds = (int)(elapsed / 1000);
    if (progress->total > 1)
        fprintf(stderr, "\r%s: %zu of %zu done, %d s\033[K", progress->doing, done, progress->total,
                seconds);
    else
        fprintf(stderr, "\r%s: %d s\033[K", progress->doing, seconds);
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->shown_ms > 0)
        fputs("\r\033[K", stderr);
    progress->shown_ms = 0;
}
