/* Watching a guest's calls: a line each as it is made (DAGGER_TRACE), and what they came to at the
 * end (DAGGER_STATS). Text of the guest is escaped.
 */
#ifndef DAGGER_RT_WATCH_H
#define DAGGER_RT_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct w2c_dagger;

/* In w2c_dagger.watched; 0: nobody watches, and the five calls look at nothing else. */
enum {
    DAGGER_WATCH_STATS = 1,
    DAGGER_WATCH_TRACE = 2,
    DAGGER_WATCH_LIMIT = 4 /* time is over */,
    DAGGER_WATCH_BUSY = 8 /* embedded guests: a call of this instance asks the program */
};

enum dagger_call {
    DAGGER_OPEN,
    DAGGER_CLOSE,
    DAGGER_READ,
    DAGGER_WRITE,
    DAGGER_FLUSH,
    DAGGER_CALLS
};

/* Makes the call. Arguments as the call's, in order. */
int32_t dagger_make_call(enum dagger_call call, uint32_t a, uint32_t b, uint32_t c);

/* Makes the call as if it were not watched, and tells of it. Arguments as the call's, in order. */
uint32_t dagger_watched_call(enum dagger_call call, uint32_t a, uint32_t b, uint32_t c);

/* Tells of a call of another import: its numbers, and what it returned, which `word` names; NULL:
 * it does not return. */
void dagger_watched_import(const char *name, unsigned count, const uint64_t *arguments,
                           uint32_t result, const char *word);

void dagger_watch_begin(void);

/* Whoever runs the guest in another way than as compiled code says so: a name, and how many
 * instructions it has run so far. */
void dagger_watch_engine(const char *name, const uint64_t *instructions);

/* Prints the stats if they are wanted: after the streams were delivered. */
void dagger_watch_end(void);

#endif
