/* URL patterns, by which policy allows and denies: docs/policy.md has their syntax. Components
 * match whole, never by a part of their text.
 */
#ifndef DAGGER_STREAMS_PATTERN_H
#define DAGGER_STREAMS_PATTERN_H

#include "target.h"

struct dagger_pattern {
    struct dagger_target target;
    bool any_host;   /* the scheme alone was given */
    bool subdomains; /* of target.host: "*.HOST" */
    bool any_port;
    bool exact; /* "$" at the end: nothing beneath the path, and no other query */
    char room[];
};

/* Returns a new pattern, to be freed by free(), or NULL: `*why` says what is wrong with it, or is
 * NULL where memory is missing. `len` bytes of `text`, which need not live on. */
struct dagger_pattern *dagger_pattern_new(const char *text, size_t len, const char **why);

/* What a pattern is asked. To deny takes less than to allow: one of a path's readings, one of a
 * file's uses, and whatever user is named. Both of `whole` ask for all that is beneath a directory:
 * is all of it let in, is any of it kept out? */
enum dagger_question { DAGGER_ALLOWS, DAGGER_ALLOWS_WHOLE, DAGGER_DENIES, DAGGER_DENIES_ANY };

bool dagger_pattern_matches(const struct dagger_pattern *pattern,
                            const struct dagger_target *target, enum dagger_question question);

/* Writes the pattern as text, normalised, with a NUL: a pattern that means the same, and whose own
 * text it is. `out` has DAGGER_PATTERN_TEXT_ROOM(len) bytes. */
void dagger_pattern_text(const struct dagger_pattern *pattern, char *out);
#define DAGGER_PATTERN_TEXT_ROOM(len) (3 * (len) + 128)

#endif
