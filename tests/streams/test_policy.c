/* Policy, by tables. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy_invariants.h"
#include "policy_rows.h"
#include "rules.h"
#include "stream.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void read_rules(struct dagger_rules *rules, const char *text)
{
    *rules = (struct dagger_rules){0};
    while (*text) {
        struct dagger_slice pattern = {text + 1, strcspn(text + 1, " ")};
        const char *why =
            *text == '+' ? dagger_rules_allow(rules, pattern) : dagger_rules_deny(rules, pattern);
        cr_assert_null(why, "%s: %s", text, why);
        text = pattern.data + pattern.len;
        text += *text == ' ';
    }
}

static void check(const struct policy_row *row, bool whole)
{
    static struct dagger_url url;
    static char room[DAGGER_TARGET_ROOM(DAGGER_URL_MAX)];
    struct dagger_target target;
    struct dagger_rules rules;
    const struct dagger_rule *by;
    read_rules(&rules, row->rules);
    cr_assert_eq(dagger_url_parse(&url, row->url, strlen(row->url)), 0, "%s", row->url);
    dagger_target_init(&target, &url, room, false);
    cr_expect_eq(dagger_rules_permit(&rules, &target, whole, &by), row->permitted, "%s: %s",
                 row->rules, row->url);
    dagger_rules_release(&rules);
}

Test(policy, rows)
{
    cr_assert_geq(COUNT(policy_rows), 120);
    for (size_t i = 0; i < COUNT(policy_rows); i++)
        check(&policy_rows[i], false);
}

Test(policy, directories)
{
    for (size_t i = 0; i < COUNT(directory_rows); i++)
        check(&directory_rows[i], true);
}

static void text_of(const char *given, char *text)
{
    const char *why;
    struct dagger_pattern *pattern = dagger_pattern_new(given, strlen(given), &why);
    cr_assert_not_null(pattern, "%s: %s", given, why);
    dagger_pattern_text(pattern, text);
    free(pattern);
}

Test(policy, patterns)
{
    for (size_t i = 0; i < COUNT(pattern_rows); i++) {
        const struct pattern_row *row = &pattern_rows[i];
        const char *why = NULL;
        if (row->text) {
            char text[300], again[600];
            text_of(row->pattern, text);
            cr_expect_str_eq(text, row->text);
            text_of(text, again);
            cr_expect_str_eq(again, text);
        } else {
            cr_expect_null(dagger_pattern_new(row->pattern, strlen(row->pattern), &why), "%s",
                           row->pattern);
            cr_expect_not_null(why, "%s", row->pattern);
        }
    }
}

/* Each row's patterns mean the same as their texts. */
Test(policy, texts_mean_the_same)
{
    for (size_t i = 0; i < COUNT(policy_rows); i++) {
        static char rules[1000];
        size_t len = 0;
        for (const char *at = policy_rows[i].rules; *at;) {
            char given[100], text[500];
            size_t given_len = strcspn(at + 1, " ");
            memcpy(given, at + 1, given_len);
            given[given_len] = '\0';
            text_of(given, text);
            len += (size_t)snprintf(rules + len, sizeof rules - len, "%s%c%s", len ? " " : "", *at,
                                    text);
            at += 1 + given_len;
            at += *at == ' ';
        }
        rules[len] = '\0';
        check(&(struct policy_row){rules, policy_rows[i].url, policy_rows[i].permitted}, false);
    }
}

/* Each pattern of the rows with each of their URLs. */
Test(policy, invariants)
{
    for (size_t i = 0; i < COUNT(pattern_rows); i++)
        for (size_t j = 0; j < COUNT(policy_rows); j++) {
            char input[300];
            int len = snprintf(input, sizeof input, "%s\n%s", pattern_rows[i].pattern,
                               policy_rows[j].url);
            policy_invariants((const uint8_t *)input, (size_t)len);
        }
}

Test(policy, longest_patterns)
{
    static char url[DAGGER_URL_MAX + 3], text[DAGGER_PATTERN_TEXT_ROOM(DAGGER_URL_MAX)];
    const char *why;
    memset(url, '!', sizeof url);
    memcpy(url, "file:///", 8);
    cr_expect_null(dagger_pattern_new(url, DAGGER_URL_MAX + 1, &why));
    cr_expect_not_null(why);
    for (size_t i = 8; i + 2 < DAGGER_URL_MAX; i += 3)
        memcpy(url + i, "%2a", 3);
    url[DAGGER_URL_MAX] = '\0';
    text_of(url, text);
    memset(url + 8, '$', DAGGER_URL_MAX - 8);
    text_of(url, text);
    cr_expect_eq(strlen(text), 8 + 3 * (DAGGER_URL_MAX - 9) + 1);
}

Test(policy, names_the_rule)
{
    static const char deny[] = "https://a.com/x";
    static struct dagger_url url;
    static char room[DAGGER_TARGET_ROOM(DAGGER_URL_MAX)];
    struct dagger_rules rules = {0};
    struct dagger_target target;
    const struct dagger_rule *by = NULL;
    cr_assert_null(dagger_rules_deny(&rules, (struct dagger_slice){deny, strlen(deny)}));
    cr_assert_eq(dagger_url_parse(&url, "https://a.com/x/y", 17), 0);
    dagger_target_init(&target, &url, room, false);
    cr_expect_not(dagger_rules_permit(&rules, &target, false, &by));
    cr_assert_not_null(by);
    cr_expect_eq(by->text.data, deny);
    rules.only_allowed = true;
    cr_assert_eq(dagger_url_parse(&url, "https://b.com/", 14), 0);
    dagger_target_init(&target, &url, room, false);
    cr_expect_not(dagger_rules_permit(&rules, &target, false, &by));
    cr_expect_null(by);
    dagger_rules_release(&rules);
}

/* Both tables have the same schemes. */
Test(policy, schemes)
{
    size_t i = 0;
    for (; dagger_schemes[i].name; i++)
        cr_expect_str_eq(dagger_target_schemes[i].name, dagger_schemes[i].name);
    cr_expect_null(dagger_target_schemes[i].name);
}
