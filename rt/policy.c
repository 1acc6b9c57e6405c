#include "policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reply.h"
#include "report.h"
#include "rules.h"
#include "runtime.h"

/* Both must let a URL in. */
enum source { COMPILED, ENVIRONMENT, SOURCES };

static struct {
    struct dagger_rules rules[SOURCES];
    bool told;
    char room[DAGGER_TARGET_ROOM(DAGGER_URL_MAX)]; /* of the target that is looked at */
} policy;

static void tell(const struct dagger_url *url, enum source source, const struct dagger_rule *by)
{
    struct dagger_report report;
    dagger_report_begin(&report);
    dagger_report_text(&report, "refused \"");
    dagger_report_escaped(&report, url->whole.data, url->whole.len);
    if (by) {
        dagger_report_text(&report, source == COMPILED ? "\": policy: deny " : "\": DAGGER_DENY: ");
        dagger_report_escaped(&report, by->text.data, by->text.len);
    } else {
        dagger_report_text(&report, source == COMPILED ? "\": policy: nothing allows it"
                                                       : "\": DAGGER_ALLOW: nothing allows it");
    }
    dagger_report_text(&report, "\n");
    dagger_report_end(&report);
}

static bool permits(const struct dagger_url *url, bool whole)
{
    struct dagger_target target;
    dagger_target_init(&target, url, policy.room, false);
    for (enum source source = COMPILED; source < SOURCES; source++) {
        const struct dagger_rule *by;
        if (dagger_rules_permit(&policy.rules[source], &target, whole, &by))
            continue;
        if (policy.told)
            tell(url, source, by);
        return false;
    }
    return true;
}

static bool allowed(const struct dagger_host *host, const struct dagger_url *url)
{
    (void)host;
    return permits(url, false);
}

bool dagger_policy_permits(const struct dagger_host *host, const char *url)
{
    struct dagger_url parsed;
    return !host->allowed ||
           (!dagger_url_parse(&parsed, url, strlen(url)) && permits(&parsed, false));
}

/* A name as a part of a URL, of which `len` bytes are there before; `plain`: characters that stand
 * for themselves. Returns the length, or 0 if there is no room. */
static size_t add_encoded(char url[DAGGER_URL_MAX], size_t len, struct dagger_slice name,
                          const char *plain)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.data[i];
        if (len + 3 > DAGGER_URL_MAX)
            return 0;
        if (c && strchr(plain, c)) {
            url[len++] = (char)c;
            continue;
        }
        url[len++] = '%';
        url[len++] = digits[c >> 4];
        url[len++] = digits[c & 15];
    }
    return len;
}
#define IN_NAMES "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

bool dagger_policy_permits_name(const struct dagger_host *host, const char *scheme,
                                struct dagger_slice name)
{
    struct dagger_url parsed;
    char url[DAGGER_URL_MAX];
    if (!host->allowed)
        return true;
    size_t len = (size_t)snprintf(url, sizeof url, "%s://", scheme);
    len = add_encoded(url, len, name, IN_NAMES);
    return len && !dagger_url_parse(&parsed, url, len) && permits(&parsed, false);
}

bool dagger_policy_permits_directory(const struct dagger_host *host, const char *name, bool writes)
{
    static const char head[] = "file:///";
    const char *mode = writes ? "?mode=rw" : "?mode=r";
    struct dagger_url parsed;
    char url[DAGGER_URL_MAX + sizeof "?mode=rw"];
    if (!host->allowed)
        return true;
    memcpy(url, head, sizeof head - 1);
    name += strspn(name, "/");
    size_t len =
        add_encoded(url, sizeof head - 1, (struct dagger_slice){name, strlen(name)}, IN_NAMES "/");
    memcpy(url + len, mode, strlen(mode));
    return len && !dagger_url_parse(&parsed, url, len + strlen(mode)) && permits(&parsed, true);
}

typedef const char *add_function(struct dagger_rules *rules, struct dagger_slice text);

static void add(enum source source, add_function *to, const char *from, const char *text,
                size_t len)
{
    const char *why = to(&policy.rules[source], (struct dagger_slice){text, len});
    if (!why)
        return;
    char *shown = strndup(text, len);
    dagger_fail(DAGGER_STATUS_USAGE, "%s: \"%e\": %s", from, shown ? shown : "", why);
}

static void add_each(add_function *to, const char *const *patterns)
{
    for (; *patterns; patterns++)
        add(COMPILED, to, "policy", *patterns, strlen(*patterns));
}

/* Patterns with blanks or commas between them; one that has a comma itself has it as "%2C". */
static bool add_variable(add_function *to, const char *name)
{
    static const char between[] = " \t\n,";
    const char *text = getenv(name);
    if (!text)
        return false;
    while (*(text += strspn(text, between))) {
        size_t len = strcspn(text, between);
        add(ENVIRONMENT, to, name, text, len);
        text += len;
    }
    return true;
}

/* deny URL; allow URL, and last: else everything, or nothing. */
static void tell_rules(struct dagger_reply *reply, const char *source,
                       const struct dagger_rules *rules)
{
    const struct dagger_rule *lists[] = {rules->deny, rules->allow};
    for (size_t i = 0; i < 2; i++)
        for (const struct dagger_rule *rule = lists[i]; rule; rule = rule->next) {
            dagger_reply_text(reply, source);
            dagger_reply_text(reply, i ? " allow " : " deny ");
            dagger_reply_slice(reply, rule->text);
            dagger_reply_text(reply, "\n");
        }
    dagger_reply_text(reply, source);
    dagger_reply_text(reply, rules->only_allowed ? " nothing else\n" : " everything else\n");
}

static void tell_all(struct dagger_reply *reply)
{
    tell_rules(reply, "compiled", &policy.rules[COMPILED]);
    tell_rules(reply, "environment", &policy.rules[ENVIRONMENT]);
}

void dagger_policy_begin(const struct dagger_policy *compiled, bool told, struct dagger_host *host)
{
    if (compiled && compiled->allow) {
        policy.rules[COMPILED].only_allowed = true;
        add_each(dagger_rules_allow, compiled->allow);
    }
    if (compiled)
        add_each(dagger_rules_deny, compiled->deny);
    bool narrowed = add_variable(dagger_rules_deny, "DAGGER_DENY");
    if (add_variable(dagger_rules_allow, "DAGGER_ALLOW"))
        narrowed = policy.rules[ENVIRONMENT].only_allowed = true;
    policy.told = told;
    if (compiled || narrowed) {
        host->allowed = allowed;
        host->rules = tell_all;
    }
    for (enum source source = COMPILED; source < SOURCES; source++)
        host->no_links |= dagger_rules_name_files(&policy.rules[source]);
}
