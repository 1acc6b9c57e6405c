#include "rules.h"

#include <stdlib.h>

static const char *add(struct dagger_rule **list, struct dagger_slice text)
{
    static const char no_memory[] = "no memory";
    const char *why;
    struct dagger_rule *rule = malloc(sizeof *rule);
    if (!rule)
        return no_memory;
    *rule = (struct dagger_rule){*list, dagger_pattern_new(text.data, text.len, &why), text};
    if (!rule->pattern) {
        free(rule);
        return why ? why : no_memory;
    }
    *list = rule;
    return NULL;
}

const char *dagger_rules_allow(struct dagger_rules *rules, struct dagger_slice text)
{
    rules->only_allowed = true;
    return add(&rules->allow, text);
}

const char *dagger_rules_deny(struct dagger_rules *rules, struct dagger_slice text)
{
    return add(&rules->deny, text);
}

static bool names_file(const struct dagger_rule *rule)
{
    for (; rule; rule = rule->next) {
        const struct dagger_target *target = &rule->pattern->target;
        if (target->scheme->shape == DAGGER_SHAPE_FILE &&
            (target->path[0].len || rule->pattern->exact))
            return true;
    }
    return false;
}

bool dagger_rules_name_files(const struct dagger_rules *rules)
{
    return names_file(rules->allow) || names_file(rules->deny);
}

static void release(struct dagger_rule *rule)
{
    while (rule) {
        struct dagger_rule *next = rule->next;
        free(rule->pattern);
        free(rule);
        rule = next;
    }
}

void dagger_rules_release(struct dagger_rules *rules)
{
    release(rules->allow);
    release(rules->deny);
    *rules = (struct dagger_rules){0};
}

static const struct dagger_rule *find(const struct dagger_rule *rule,
                                      const struct dagger_target *target,
                                      enum dagger_question question)
{
    while (rule && !dagger_pattern_matches(rule->pattern, target, question))
        rule = rule->next;
    return rule;
}

bool dagger_rules_permit(const struct dagger_rules *rules, const struct dagger_target *target,
                         bool whole, const struct dagger_rule **by)
{
    *by = find(rules->deny, target, whole ? DAGGER_DENIES_ANY : DAGGER_DENIES);
    if (*by)
        return false;
    if (!rules->only_allowed ||
        (target->scheme && target->scheme->shape == DAGGER_SHAPE_STANDARD && !target->has_userinfo))
        return true;
    return find(rules->allow, target, whole ? DAGGER_ALLOWS_WHOLE : DAGGER_ALLOWS) != NULL;
}
