#include "policy_file.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"
#include "input.h"
#include "pattern.h"

/* ---- Patterns ---------------------------------------------------------------------------------
 */

/* Adds it, normalised, or says why not. */
static const char *add(struct args *list, const char *text, size_t len)
{
    const char *why;
    struct dagger_pattern *pattern = dagger_pattern_new(text, len, &why);
    if (pattern == NULL)
        return why != NULL ? why : "no memory";
    char *normal = alloc_zeroed(DAGGER_PATTERN_TEXT_ROOM(len));
    dagger_pattern_text(pattern, normal);
    args_add(list, normal);
    free(normal);
    free(pattern);
    return NULL;
}

static int add_option(struct args *list, const char *option, const char *text)
{
    const char *why = add(list, text, strlen(text));
    if (why == NULL)
        return 0;
    diag_error("%s: '%s': %s", option, text_shown(text), why);
    return -1;
}

int policy_allow(struct policy *policy, const char *option, const char *pattern)
{
    policy->only_allowed = true;
    return add_option(&policy->allow, option, pattern);
}

int policy_deny(struct policy *policy, const char *option, const char *pattern)
{
    return add_option(&policy->deny, option, pattern);
}

bool policy_has_rules(const struct policy *policy)
{
    return policy->only_allowed || policy->deny.count > 0;
}

void policy_release(struct policy *policy)
{
    args_release(&policy->allow);
    args_release(&policy->deny);
    *policy = (struct policy){0};
}

/* ---- Files ------------------------------------------------------------------------------------
 */

struct word {
    const char *text;
    size_t len;
};

struct policy_parser {
    struct policy *policy;
    const char *name; /* of the file */
    unsigned line, opened;
    const char *at, *end; /* of what is left of the line */
    struct args *list;    /* whose parenthesis is open, or NULL */
};

static int complain(const struct policy_parser *parser, struct word word, const char *what)
{
    char file[400], shown[400];
    text_escape(file, sizeof file, parser->name, strlen(parser->name));
    text_escape(shown, sizeof shown, word.text, word.len);
    if (word.len > 0)
        diag_error("%s:%u: '%s': %s", file, parser->line, shown, what);
    else
        diag_error("%s:%u: %s", file, parser->line, what);
    return -1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool word_is(struct word word, const char *text)
{
    return word.len == strlen(text) && memcmp(word.text, text, word.len) == 0;
}

/* The next word of the line, of length 0 at its end. A parenthesis at a word's start is one. */
static struct word next_word(struct policy_parser *parser)
{
    while (parser->at < parser->end && is_blank(*parser->at))
        parser->at++;
    struct word word = {parser->at, 0};
    size_t left = (size_t)(parser->end - parser->at);
    if (left >= 2 && memcmp(parser->at, "##", 2) == 0)
        parser->at = parser->end;
    else if (left > 0 && (*parser->at == '(' || *parser->at == ')'))
        word.len = 1;
    else
        while (word.len < left && !is_blank(word.text[word.len]))
            word.len++;
    parser->at += word.len;
    return word;
}

/* Patterns up to the end of the line or of the list. */
static int read_patterns(struct policy_parser *parser, struct args *list)
{
    for (struct word word; (word = next_word(parser)).len > 0;) {
        if (parser->list != NULL && word_is(word, ")")) {
            parser->list = NULL;
            word = next_word(parser);
            return word.len > 0 ? complain(parser, word, "expected the end of the line") : 0;
        }
        const char *why = add(list, word.text, word.len);
        if (why != NULL)
            return complain(parser, word, why);
    }
    return 0;
}

/* "(" and a list, or patterns on this line. */
static int read_list(struct policy_parser *parser, struct args *list)
{
    const char *before = parser->at;
    struct word word = next_word(parser);
    if (word.len == 0)
        return complain(parser, word, "expected '(' or a URL pattern");
    if (word_is(word, "(")) {
        parser->list = list;
        parser->opened = parser->line;
    } else {
        parser->at = before;
    }
    return read_patterns(parser, list);
}

static int read_limit(struct policy_parser *parser, uint64_t most, uint64_t *limit)
{
    struct word word = next_word(parser), rest = next_word(parser);
    uint64_t number = 0;
    bool fits = word.len > 0;
    for (size_t i = 0; i < word.len && fits; i++)
        fits = word.text[i] >= '0' && word.text[i] <= '9' &&
               !__builtin_mul_overflow(number, 10, &number) &&
               !__builtin_add_overflow(number, (uint64_t)(word.text[i] - '0'), &number);
    if (!fits || number == 0 || number > most)
        return complain(parser, word, "expected a number over 0 that is not too large");
    if (rest.len > 0)
        return complain(parser, rest, "expected the end of the line");
    if (*limit != 0)
        return complain(parser, word, "the limit is given twice");
    *limit = number;
    return 0;
}

static int read_line(struct policy_parser *parser)
{
    static const uint64_t most_pages = UINT64_C(1) << 48; /* all of 64-bit memory */
    struct policy *policy = parser->policy;
    if (parser->list != NULL)
        return read_patterns(parser, parser->list);
    struct word key = next_word(parser);
    if (key.len == 0)
        return 0;
    if (word_is(key, "allow")) {
        policy->only_allowed = true;
        return read_list(parser, &policy->allow);
    }
    if (word_is(key, "disallow"))
        return read_list(parser, &policy->deny);
    if (word_is(key, "ram-page-limit"))
        return read_limit(parser, most_pages - 1, &policy->pages);
    if (word_is(key, "gas-limit"))
        return read_limit(parser, UINT64_MAX - 1, &policy->fuel);
    return complain(parser, key,
                    "unknown; expected allow, disallow, ram-page-limit, gas-limit or '##'");
}

int policy_read_text(struct policy *policy, const char *name, const char *text, size_t len)
{
    struct policy_parser parser = {.policy = policy, .name = name};
    while (len > 0) {
        const char *newline = memchr(text, '\n', len);
        size_t line = newline != NULL ? (size_t)(newline - text) : len;
        parser.line++;
        parser.at = text;
        parser.end = text + line;
        if (read_line(&parser) != 0)
            return -1;
        line += newline != NULL;
        text += line;
        len -= line;
    }
    if (parser.list == NULL)
        return 0;
    parser.line = parser.opened;
    return complain(&parser, (struct word){NULL, 0}, "expected ')' for the '(' of this line");
}

int policy_read(struct policy *policy, const char *name)
{
    struct input file;
    int result = input_read(&file, name);
    if (result == 0)
        result = policy_read_text(policy, name, (const char *)file.bytes, file.size);
    input_release(&file);
    return result;
}
