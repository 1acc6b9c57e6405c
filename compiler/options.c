#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"

static const uint64_t default_wasm2c_seconds = 600;
static const uint64_t default_wasm2c_bytes = (uint64_t)8 << 30;

static char *shown(const char *text)
{
    static char buffer[400];
    return text_escape(buffer, sizeof buffer, text, strlen(text));
}

static void usage_note(void)
{
    diag_note("daggercc --help lists the options");
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

static void unknown_option(const char *word)
{
    size_t name_len = strcspn(word, "=");
    char name[64] = "";
    if (name_len < sizeof name)
        memcpy(name, word, name_len);
    const char *nearest = NULL;
    size_t best = 3;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        size_t far = distance(name, option_rows[i].name);
        if (far < best && far < strlen(option_rows[i].name)) {
            best = far;
            nearest = option_rows[i].name;
        }
    }
    diag_error("unknown option '%s'", shown(word));
    if (nearest != NULL)
        diag_note("did you mean %s?", nearest);
    else
        usage_note();
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

int options_parse_size(const char *text, uint64_t *bytes)
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
    diag_error("%s: '%s' is not %s", row->name, shown(value), expected);
    return -1;
}

static int set_size(const struct option_row *row, const char *value, uint64_t *bytes)
{
    if (options_parse_size(value, bytes) != 0 || *bytes == 0)
        return bad_value(row, value, "a size such as 65536, 64MiB or 1G");
    return 0;
}

static int set_number(const struct option_row *row, const char *value, uint64_t most,
                      uint64_t *number)
{
    if (value[strspn(value, "0123456789")] != 0 || options_parse_size(value, number) != 0 ||
        *number == 0 || *number > most)
        return bad_value(row, value, "a number over 0 that is not too large");
    return 0;
}

static enum emit emit_kind(const char *value)
{
    return strcmp(value, "exe") == 0 ? EMIT_EXE : strcmp(value, "obj") == 0 ? EMIT_OBJ : EMIT_C;
}

static int set_jobs(struct options *options, const char *value)
{
    uint64_t number;
    if (set_number(&option_rows[OPTION_JOBS], value, 1024, &number) != 0)
        return -1;
    options->jobs = (unsigned)number;
    return 0;
}

static int apply(struct options *options, enum option_id id, const char *value)
{
    const struct option_row *row = &option_rows[id];
    switch (id) {
    case OPTION_OUTPUT:
        options->output = value;
        return 0;
    case OPTION_EMIT:
        options->emit = emit_kind(value);
        return 0;
    case OPTION_OBJECT:
        options->emit = EMIT_OBJ;
        return 0;
    case OPTION_ASSEMBLY:
        options->emit = EMIT_ASSEMBLY;
        return 0;
    case OPTION_STATIC:
        options->is_static = true;
        return 0;
    case OPTION_STRIP:
        options->strip = true;
        return 0;
    case OPTION_LEVEL:
        options->level = value;
        return 0;
    case OPTION_DEBUG:
        options->debug = true;
        return 0;
    case OPTION_MARCH:
        options->march = value;
        return 0;
    case OPTION_MEMORY:
        options->memory = value[0] == 'f'   ? MEMORY_FIXED
                          : value[0] == 'g' ? MEMORY_GUARD
                                            : MEMORY_CHECKED;
        return 0;
    case OPTION_RELAXED_LOADS:
        options->relaxed_loads = true;
        return 0;
    case OPTION_PROFILE_GENERATE:
        options->profile_generate = true;
        options->profile_generate_dir = value;
        return 0;
    case OPTION_PROFILE_USE:
        options->profile_use = value;
        return 0;
    case OPTION_ENTRY:
        options->entry = value;
        return 0;
    case OPTION_MAX_MEMORY:
        return set_size(row, value, &options->max_memory);
    case OPTION_CC:
        options->cc = value;
        return 0;
    case OPTION_COMPILER:
        args_add(&options->compiler_args, value);
        return 0;
    case OPTION_LINKER:
        args_add_format(&options->linker_args, "-Wl,%s", value);
        return 0;
    case OPTION_WASM2C:
        options->wasm2c = value;
        return 0;
    case OPTION_WASM2C_TIME:
        return set_number(row, value, UINT32_MAX, &options->wasm2c_seconds);
    case OPTION_WASM2C_MEMORY:
        return set_size(row, value, &options->wasm2c_bytes);
    case OPTION_JOBS:
        return set_jobs(options, value);
    case OPTION_SAVE_TEMPS:
        options->save_temps = true;
        options->save_temps_dir = value;
        return 0;
    case OPTION_PRINT_IMPORTS:
        options->print_imports = true;
        return 0;
    case OPTION_VERBOSE:
        options->verbose = true;
        return 0;
    case OPTION_DRY_RUN:
        options->dry_run = true;
        return 0;
    case OPTION_VERSION:
        options->version = true;
        return 0;
    case OPTION_HELP:
        options->help = true;
        return 0;
    case OPTION_COUNT:
        break;
    }
    return -1;
}

/* Applies the option argv[*i]; moves on past an argument that stands on its own. */
static int parse_option(struct options *options, char **argv, int *i)
{
    const char *word = argv[*i], *value = NULL;
    size_t id = 0;
    while (id < OPTION_COUNT && !spells(&option_rows[id], word, &value))
        id++;
    if (id == OPTION_COUNT) {
        unknown_option(word);
        return -1;
    }
    const struct option_row *row = &option_rows[id];
    bool wants = row->argument == ARGUMENT_FOLLOWS || row->argument == ARGUMENT_EQUALS;
    if (wants && value == NULL)
        value = argv[*i + 1] != NULL ? argv[++*i] : "";
    bool may_lack = row->argument == ARGUMENT_NONE || row->argument == ARGUMENT_OPTIONAL;
    if (!(may_lack && value == NULL) && *value == 0) {
        diag_error("%s needs an argument: %s", row->name, row->metavar);
        return -1;
    }
    if (row->values != NULL && !is_one_of(value, row->values)) {
        diag_error("%s: '%s' is not one of %s", row->name, shown(value), row->values);
        return -1;
    }
    return apply(options, (enum option_id)id, value);
}

static int take_input(struct options *options, const char *name)
{
    if (options->input != NULL) {
        diag_error("more than one input: '%s'", shown(name));
        diag_note("a guest is one module; link its parts first");
        return -1;
    }
    if (*name == 0) {
        diag_error("the input's name is empty");
        return -1;
    }
    options->input = name;
    return 0;
}

static int check_profile(const struct options *options)
{
    if (options->profile_generate && options->profile_use != NULL) {
        diag_error("--profile-generate and --profile-use exclude each other");
        diag_note("compile with the first, run the executable, then compile with the second");
        return -1;
    }
    if ((options->profile_generate || options->profile_use != NULL) && options->emit != EMIT_EXE) {
        diag_error("--profile-generate and --profile-use are for executables");
        return -1;
    }
    return 0;
}

int options_parse(struct options *options, int argc, char **argv)
{
    *options = (struct options){
        .wasm2c_seconds = default_wasm2c_seconds,
        .wasm2c_bytes = default_wasm2c_bytes,
    };
    bool ended = false;
    for (int i = 1; i < argc; i++) {
        int result = 0;
        if (!ended && strcmp(argv[i], "--") == 0)
            ended = true;
        else if (!ended && argv[i][0] == '-' && argv[i][1] != 0)
            result = parse_option(options, argv, &i);
        else
            result = take_input(options, argv[i]);
        if (result != 0)
            return -1;
    }
    if (options->input == NULL && !options->help && !options->version) {
        diag_error("no input");
        diag_note(
            "usage: daggercc [OPTION]... MODULE.wasm, or MODULE.wat, or - for standard input");
        return -1;
    }
    return check_profile(options);
}

void options_release(struct options *options)
{
    args_release(&options->compiler_args);
    args_release(&options->linker_args);
}
