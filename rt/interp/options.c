#include "options.h"

#include <string.h>

#include "diag.h"

static const struct option_row rows[DAGGER_OPTION_COUNT] = {
#define X(id, ...) OPTION_ROW(DAGGER_OPTION, __VA_ARGS__),
    DAGGER_OPTIONS(X)
#undef X
};

static const char *const groups[DAGGER_OPTION_GROUP_COUNT] = {
#define X(id, title) title,
    DAGGER_OPTION_GROUPS(X)
#undef X
};

static int apply(void *all, size_t id, const char *value)
{
    struct dagger_options *options = all;
    const struct option_row *row = &rows[id];
    switch ((enum dagger_option)id) {
    case DAGGER_OPTION_ENTRY:
    case DAGGER_OPTION_INVOKE:
        options->entry = value;
        options->invoke = id == DAGGER_OPTION_INVOKE;
        return 0;
    case DAGGER_OPTION_DIR:
        args_add(&options->directories, value);
        return option_directory(row, value);
    case DAGGER_OPTION_ENV:
        args_add(&options->environment, value);
        return option_variable(row, value);
    case DAGGER_OPTION_ALLOW_UNDEFINED:
        options->allow_undefined = true;
        return 0;
    case DAGGER_OPTION_MAX_MEMORY:
        return option_size(row, value, &options->limits.memory);
    case DAGGER_OPTION_DENY_PRIVATE:
        options->deny_private = true;
        return 0;
    case DAGGER_OPTION_SANDBOX:
        options->sandbox = value[0] != 'o';
        options->sandbox_required = value[0] == 'r';
        return 0;
    case DAGGER_OPTION_FUEL:
        return option_number(row, value, INT64_MAX, &options->fuel);
    case DAGGER_OPTION_MAX_TABLE:
        return option_number(row, value, UINT32_MAX, &options->limits.table);
    case DAGGER_OPTION_MAX_STREAMS:
        return option_number(row, value, UINT32_MAX, &options->limits.streams);
    case DAGGER_OPTION_MAX_STREAM_BYTES:
        return option_size(row, value, &options->limits.stream_bytes);
    case DAGGER_OPTION_MAX_CPU_TIME:
        return option_seconds(row, value, &options->limits.cpu_time);
    case DAGGER_OPTION_MAX_TIME:
        return option_seconds(row, value, &options->limits.time);
    case DAGGER_OPTION_POLICY:
        return policy_read(&options->policy, value);
    case DAGGER_OPTION_ALLOW:
        return policy_allow(&options->policy, row->name, value);
    case DAGGER_OPTION_DENY:
        return policy_deny(&options->policy, row->name, value);
    case DAGGER_OPTION_STATS:
        options->stats = true;
        return 0;
    case DAGGER_OPTION_TRACE:
        options->trace = true;
        return 0;
    case DAGGER_OPTION_VERSION:
        options->version = true;
        return 0;
    case DAGGER_OPTION_HELP:
        options->help = true;
        return 0;
    case DAGGER_OPTION_COUNT:
        break;
    }
    return -1;
}

const struct command_line dagger_command_line = {
    .program = "dagger",
    .rows = rows,
    .count = DAGGER_OPTION_COUNT,
    .groups = groups,
    .group_count = DAGGER_OPTION_GROUP_COUNT,
    .apply = apply,
};

/* The limits of a policy are those of other options; the lower one holds. */
static void take_limits(struct dagger_options *options)
{
    uint64_t most = options->policy.pages * 65536, fuel = options->policy.fuel;
    if (most != 0 && (options->limits.memory == 0 || most < options->limits.memory))
        options->limits.memory = most;
    if (fuel != 0 && (options->fuel == 0 || fuel < options->fuel))
        options->fuel = fuel;
}

int dagger_options_parse(struct dagger_options *options, char **argv)
{
    *options = (struct dagger_options){.sandbox = true};
    int i = 1;
    for (; argv[0] != NULL && argv[i] != NULL && argv[i][0] == '-' && argv[i][1] != 0; i++) {
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        if (command_line_option(&dagger_command_line, options, argv, &i) != 0)
            return -1;
    }
    options->input = argv[0] != NULL ? argv[i] : NULL;
    options->arguments = (const char *const *)argv + i + (options->input != NULL);
    if (options->help || options->version)
        return 0;
    if (options->input == NULL || *options->input == 0) {
        diag_error(options->input == NULL ? "no input" : "the input's name is empty");
        diag_note("usage: dagger [OPTION]... MODULE.wasm, or MODULE.wat, or - for standard input");
        return -1;
    }
    take_limits(options);
    return 0;
}

void dagger_options_print_help(FILE *out)
{
    fputs("usage: dagger [OPTION]... MODULE [ARGUMENT]...\n"
          "Interprets a WebAssembly module (.wasm, .wat, or - for standard input): it runs\n"
          "as the executable that daggercc makes of it.\n",
          out);
    command_line_help(&dagger_command_line, out);
    fputs("\nExamples:\n"
          "  dagger app.wasm                    run it\n"
          "  dagger --stats app.wasm            and say what it did\n"
          "  dagger --fuel=1000000 app.wat      but not for long\n",
          out);
}
