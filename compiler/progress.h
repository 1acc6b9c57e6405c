/* One line on a terminal that says how far we are, for what takes more than a second; nothing where
 * standard error is not a terminal. */
#ifndef DAGGER_COMPILER_PROGRESS_H
#define DAGGER_COMPILER_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    const char *doing; /* NULL: show nothing */
    size_t total;
    int64_t started_ms;
    int64_t shown_ms; /* after the start, when it was last shown; 0: never */
};

struct progress progress_start(const char *doing, size_t total);
int progress_timeout(const struct progress *progress); /* for poll(): milliseconds or -1 */
void progress_show(struct progress *progress, size_t done);
void progress_end(struct progress *progress); /* takes the line away */

#endif
