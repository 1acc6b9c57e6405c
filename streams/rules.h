/* Policy: which URLs may be opened. Rules come from several sources; a URL must be let in by each
 * of them, so that one more source can only narrow what the others allow.
 */
#ifndef DAGGER_STREAMS_RULES_H
#define DAGGER_STREAMS_RULES_H

#include "pattern.h"

struct dagger_rule {
    struct dagger_rule *next;
    struct dagger_pattern *pattern;
    struct dagger_slice text; /* as it was given; borrowed */
};

/* The rules of one source. All zero: everything is let in. */
struct dagger_rules {
    struct dagger_rule *allow, *deny;
    bool only_allowed; /* what no rule of `allow` matches is refused, but the standard streams and
                          log */
};

/* Adds a pattern. `text` is borrowed. Returns NULL, or what is wrong with it. */
const char *dagger_rules_allow(struct dagger_rules *rules, struct dagger_slice text);
const char *dagger_rules_deny(struct dagger_rules *rules, struct dagger_slice text);

/* Does one of the rules name a path of files? */
bool dagger_rules_name_files(const struct dagger_rules *rules);

/* Frees all rules; what is left lets everything in. */
void dagger_rules_release(struct dagger_rules *rules);

/* Are these let in? `whole`: the target is a directory, and all that is beneath it is asked for. If
 * not, `*by` is the rule that denies it, or NULL if none allows it. */
bool dagger_rules_permit(const struct dagger_rules *rules, const struct dagger_target *target,
                         bool whole, const struct dagger_rule **by);

#endif
