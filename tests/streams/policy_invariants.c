#include "policy_invariants.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pattern.h"

static void hold(bool what, const char *name)
{
    if (what)
        return;
    fprintf(stderr, "does not hold: %s\n", name);
    abort();
}

enum { QUESTIONS = DAGGER_DENIES_ANY + 1 };

static void ask(const struct dagger_pattern *pattern, const struct dagger_target *target,
                bool answers[QUESTIONS])
{
    for (int question = 0; question < QUESTIONS; question++)
        answers[question] = dagger_pattern_matches(pattern, target, (enum dagger_question)question);
}

static void ask_both(const struct dagger_pattern *pattern, const struct dagger_pattern *again,
                     const char *text, size_t len)
{
    bool answers[QUESTIONS], same[QUESTIONS];
    struct dagger_url *url = malloc(sizeof *url);
    char *room = malloc(DAGGER_TARGET_ROOM(len));
    struct dagger_target target;
    hold(url && room, "memory");
    if (dagger_url_parse(url, text, len) == 0) {
        dagger_target_init(&target, url, room, false);
        ask(pattern, &target, answers);
        ask(again, &target, same);
        hold(memcmp(answers, same, sizeof same) == 0, "a pattern's text means the same");
        hold(!answers[DAGGER_ALLOWS] || answers[DAGGER_DENIES], "what allows could deny");
        hold(!answers[DAGGER_ALLOWS_WHOLE] || answers[DAGGER_ALLOWS], "the whole has its top");
        hold(!answers[DAGGER_DENIES] || answers[DAGGER_DENIES_ANY], "all is more than one");
        hold(!target.has_userinfo || !answers[DAGGER_ALLOWS], "no user is allowed");
    }
    free(room);
    free(url);
}

void policy_invariants(const uint8_t *bytes, size_t len)
{
    const char *given = (const char *)bytes, *why = NULL;
    const char *newline = len ? memchr(given, '\n', len) : NULL;
    size_t pattern_len = newline ? (size_t)(newline - given) : len;
    struct dagger_pattern *pattern = dagger_pattern_new(given, pattern_len, &why);
    hold(!pattern == !!why, "either a pattern or a reason");
    if (!pattern)
        return;
    char *text = malloc(DAGGER_PATTERN_TEXT_ROOM(pattern_len)), *second = NULL;
    hold(text != NULL, "memory");
    dagger_pattern_text(pattern, text);
    size_t text_len = strlen(text);
    hold(text_len < DAGGER_PATTERN_TEXT_ROOM(pattern_len), "the text fits");
    struct dagger_pattern *again = dagger_pattern_new(text, text_len, &why);
    if (again) {
        second = malloc(DAGGER_PATTERN_TEXT_ROOM(text_len));
        hold(second != NULL, "memory");
        dagger_pattern_text(again, second);
        hold(strcmp(text, second) == 0, "the text of a text is the same");
        if (newline)
            ask_both(pattern, again, newline + 1, len - pattern_len - 1);
    } else {
        hold(text_len > DAGGER_URL_MAX, "a pattern's text is a pattern");
    }
    free(again);
    free(second);
    free(text);
    free(pattern);
}
