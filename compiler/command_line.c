#include "command_line.h"

#include <dagger/guest_limits.h>
#include <stdbool.h>
#include <string.h>

#include "diag.h"

/* "--cc=COMMAND", "-o FILE", "-O0|1|2|3|s" */
void option_format(const struct option_row *row, char *out, size_t cap)
{
    const char *argument = row->values != NULL ? row->values : row->metavar;
    switch (row->argument) {
    case ARGUMENT_NONE:
        snprintf(out, cap, "%s", row->name);
        return;
    case ARGUMENT_FOLLOWS:
        snprintf(out, cap, "%s %s", row->name, argument);
        return;
    case ARGUMENT_JOINED:
        snprintf(out, cap, "%s%s", row->name, argument);
        return;
    case ARGUMENT_EQUALS:
        snprintf(out, cap, "%s=%s", row->name, argument);
        return;
    case ARGUMENT_OPTIONAL:
        snprintf(out, cap, "%s[=%s]", row->name, argument);
        return;
    }
}

/* Levenshtein's distance, for short words; anything long is far from everything. */
static size_t distance(const char *a, const char *b)
{
    enum { MOST = 40 };
    size_t row[MOST + 1], a_len = strlen(a), b_len = strlen(b);
    if (a_len > MOST || b_len > MOST)
        return MOST;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            size_t shorter = row[j - 1] < row[j] ? row[j - 1] : row[j];
            diagonal = row[j];
            row[j] = replaced < shorter + 1 ? replaced : shorter + 1;
        }
    }
    return row[b_len];
}

static void unknown_option(const struct command_line *line, const char *word)
{
    size_t name_len = strcspn(word, "=");
    char name[64] = "";
    if (name_len < sizeof name)
        memcpy(name, word, name_len);
    const char *nearest = NULL;
    size_t best = 3;
    for (size_t i = 0; i < line->count; i++) {
        size_t far = distance(name, line->rows[i].name);
        if (far < best && far < strlen(line->rows[i].name)) {
            best = far;
            nearest = line->rows[i].name;
        }
    }
    diag_error("unknown option '%s'", text_shown(word));
    if (nearest != NULL)
        diag_note("did you mean %s?", nearest);
    else
        diag_note("%s --help lists the options", line->program);
}

/* Does `word` spell this row? Then `*value` is the joined argument, or NULL if there is none. */
static bool spells(const struct option_row *row, const char *word, const char **value)
{
    size_t len = strlen(row->name);
    *value = NULL;
    if (strncmp(word, row->name, len) != 0)
        return false;
    const char *rest = word + len;
    switch (row->argument) {
    case ARGUMENT_NONE:
        return *rest == 0;
    case ARGUMENT_FOLLOWS:
        *value = *rest != 0 ? rest : NULL;
        return true;
    case ARGUMENT_JOINED:
        *value = rest;
        return true;
    case ARGUMENT_EQUALS:
    case ARGUMENT_OPTIONAL:
        *value = *rest == '=' ? rest + 1 : NULL;
        return *rest == '=' || *rest == 0;
    }
    return false;
}

static bool is_one_of(const char *value, const char *values)
{
    size_t len = strlen(value);
    for (const char *at = values; *at != 0; at += strcspn(at, "|"), at += *at == '|')
        if (strcspn(at, "|") == len && memcmp(at, value, len) == 0)
            return true;
    return false;
}

int option_parse_size(const char *text, uint64_t *bytes)
{
    static const char *const endings[][3] = {
        {"K", "KB", "KiB"}, {"M", "MB", "MiB"}, {"G", "GB", "GiB"}};
    if (*text < '0' || *text > '9')
        return -1;
    uint64_t number = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, (uint64_t)(*text - '0'), &number))
            return -1;
    unsigned shift = *text == 0 ? 0 : 64;
    for (unsigned i = 0; i < 3; i++)
        for (unsigned j = 0; j < 3; j++)
            if (strcmp(text, endings[i][j]) == 0)
                shift = 10 * (i + 1);
    if (shift == 64 || (shift > 0 && number >> (64 - shift) != 0))
        return -1;
    *bytes = number << shift;
    return 0;
}

static int bad_value(const struct option_row *row, const char *value, const char *expected)
{
    diag_error("%s: '%s' is not %s", row->name, text_shown(value), expected);
    return -1;
}

int option_size(const struct option_row *row, const char *value, uint64_t *bytes)
{
    if (option_parse_size(value, bytes) != 0 || *bytes == 0)
        return bad_value(row, value, "a size such as 65536, 64MiB or 1G");
    return 0;
}

int option_number(const struct option_row *row, const char *value, uint64_t most, uint64_t *number)
{
    if (value[strspn(value, "0123456789")] != 0 || option_parse_size(value, number) != 0 ||
        *number == 0 || *number > most)
        return bad_value(row, value, "a number over 0 that is not too large");
    return 0;
}

int option_seconds(const struct option_row *row, const char *value, uint64_t *milliseconds)
{
    size_t whole = strspn(value, "0123456789"), part = 0;
    uint64_t result = 0;
    for (size_t i = 0; i < whole && result <= DAGGER_LIMIT_MILLISECONDS; i++)
        result = result * 10 + (uint64_t)(value[i] - '0') * 1000;
    if (value[whole] == '.')
        part = 1 + strspn(value + whole + 1, "0123456789");
    for (size_t i = 1, unit = 100; i < part; i++, unit /= 10)
        result += (uint64_t)(value[whole + i] - '0') * unit;
    *milliseconds = result;
    if (whole == 0 || value[whole + part] != 0 || result == 0 || result > DAGGER_LIMIT_MILLISECONDS)
        return bad_value(row, value, "seconds between 0.001 and 2000000");
    return 0;
}

int option_directory(const struct option_row *row, const char *value)
{
    const char *guest = strstr(value, "::"), *how = guest != NULL ? strstr(guest + 2, "::") : NULL;
    bool named = guest == NULL || (guest[2] != 0 && how != guest + 2);
    if (guest == value || !named || (how != NULL && strcmp(how, "::ro") != 0))
        return bad_value(row, value, "HOST, HOST::GUEST or HOST::GUEST::ro");
    return 0;
}

int option_variable(const struct option_row *row, const char *value)
{
    return *value == '=' ? bad_value(row, value, "NAME or NAME=VALUE") : 0;
}

int command_line_option(const struct command_line *line, void *options, char **argv, int *i)
{
    const char *word = argv[*i], *value = NULL;
    size_t id = 0;
    while (id < line->count && !spells(&line->rows[id], word, &value))
        id++;
    if (id == line->count) {
        unknown_option(line, word);
        return -1;
    }
    const struct option_row *row = &line->rows[id];
    bool wants = row->argument == ARGUMENT_FOLLOWS || row->argument == ARGUMENT_EQUALS;
    if (wants && value == NULL)
        value = argv[*i + 1] != NULL ? argv[++*i] : "";
    bool may_lack = row->argument == ARGUMENT_NONE || row->argument == ARGUMENT_OPTIONAL;
    if (!(may_lack && value == NULL) && *value == 0) {
        diag_error("%s needs an argument: %s", row->name, row->metavar);
        return -1;
    }
    if (row->values != NULL && value != NULL && !is_one_of(value, row->values)) {
        diag_error("%s: '%s' is not one of %s", row->name, text_shown(value), row->values);
        return -1;
    }
    return line->apply(options, id, value);
}

void command_line_help(const struct command_line *line, FILE *out)
{
    for (size_t group = 0; group < line->group_count; group++) {
        fprintf(out, "%s:\n", line->groups[group]);
        for (size_t i = 0; i < line->count; i++) {
            char left[64];
            if (line->rows[i].group != group || *line->rows[i].help == 0)
                continue;
            option_format(&line->rows[i], left, sizeof left);
            fprintf(out, "  %-24s %s\n", left, line->rows[i].help);
        }
    }
}
