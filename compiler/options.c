#include "options.h"

#include <string.h>

#include "diag.h"

static const uint64_t default_wasm2c_seconds = 600;
static const uint64_t default_wasm2c_bytes = (uint64_t)8 << 30;

static enum emit emit_kind(const char *value)
{
    return strcmp(value, "exe") == 0   ? EMIT_EXE
           : strcmp(value, "obj") == 0 ? EMIT_OBJ
           : strcmp(value, "c") == 0   ? EMIT_C
                                       : EMIT_ARCHIVE;
}

static int set_jobs(struct options *options, const char *value)
{
    uint64_t number;
    if (option_number(&options_line.rows[OPTION_JOBS], value, 1024, &number) != 0)
        return -1;
    options->jobs = (unsigned)number;
    return 0;
}

int options_apply(void *all, size_t id, const char *value)
{
    struct options *options = all;
    const struct option_row *row = &options_line.rows[id];
    switch ((enum option_id)id) {
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
    case OPTION_TARGET:
        options->target = target_find(row->name, value);
        return options->target != NULL ? 0 : -1;
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
    case OPTION_INVOKE:
        options->entry = value;
        options->invoke = id == OPTION_INVOKE;
        return 0;
    case OPTION_DIR:
        args_add(&options->directories, value);
        return option_directory(row, value);
    case OPTION_ENV:
        args_add(&options->environment, value);
        return option_variable(row, value);
    case OPTION_ALLOW_UNDEFINED:
        options->allow_undefined = true;
        return 0;
    case OPTION_MAX_MEMORY:
        return option_size(row, value, &options->max_memory);
    case OPTION_FUEL:
        return option_number(row, value, INT64_MAX, &options->fuel);
    case OPTION_MAX_TABLE:
        return option_number(row, value, UINT32_MAX, &options->limits.table);
    case OPTION_MAX_STREAMS:
        return option_number(row, value, UINT32_MAX, &options->limits.streams);
    case OPTION_MAX_STREAM_BYTES:
        return option_size(row, value, &options->limits.stream_bytes);
    case OPTION_MAX_CPU_TIME:
        return option_seconds(row, value, &options->limits.cpu_time);
    case OPTION_MAX_TIME:
        return option_seconds(row, value, &options->limits.time);
    case OPTION_POLICY:
        return policy_read(&options->policy, value);
    case OPTION_ALLOW:
        return policy_allow(&options->policy, row->name, value);
    case OPTION_DENY:
        return policy_deny(&options->policy, row->name, value);
    case OPTION_REPRODUCIBLE:
        options->reproducible = true;
        return 0;
    case OPTION_INSPECT:
        options->inspect = true;
        options->inspect_json = value != NULL && value[0] == 'j';
        return 0;
    case OPTION_DENY_PRIVATE:
        options->deny_private = true;
        return 0;
    case OPTION_SANDBOX:
        options->sandbox = value[0] == 't'   ? SANDBOX_TRY
                           : value[0] == 'r' ? SANDBOX_REQUIRE
                                             : SANDBOX_OFF;
        return 0;
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
        return option_number(row, value, UINT32_MAX, &options->wasm2c_seconds);
    case OPTION_WASM2C_MEMORY:
        return option_size(row, value, &options->wasm2c_bytes);
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

static int take_input(struct options *options, const char *name)
{
    if (options->input != NULL) {
        diag_error("more than one input: '%s'", text_shown(name));
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

static int check_limits(const struct options *options)
{
    static const struct dagger_limits none;
    const struct dagger_limits *limits = &options->limits;
    if (options->emit == EMIT_ARCHIVE) {
        if (limits->cpu_time == 0 && limits->time == 0)
            return 0;
        diag_error("--max-cpu-time and --max-time are for executables");
        diag_note("a program measures the time of its threads itself; --fuel ends its guest");
        return -1;
    }
    if (options->fuel == 0 && memcmp(limits, &none, sizeof none) == 0)
        return 0;
    diag_error("--fuel and all limits but --max-memory are for executables and archives");
    return -1;
}

static int check_guest(const struct options *options)
{
    bool given = options->invoke || options->directories.count > 0 ||
                 options->environment.count > 0 || options->deny_private ||
                 options->sandbox != SANDBOX_TRY;
    if (options->emit == EMIT_EXE)
        return 0;
    if (given)
        diag_error("--invoke, --dir, --env, --deny-private and --sandbox are for executables");
    else if (policy_has_rules(&options->policy))
        diag_error("--policy, --allow and --deny are for executables");
    else
        return check_limits(options);
    return -1;
}

/* The limits of a policy are those of other options; the lower one holds. */
static void take_limits(struct options *options)
{
    uint64_t most = options->policy.pages * 65536, fuel = options->policy.fuel;
    if (most != 0 && (options->max_memory == 0 || most < options->max_memory))
        options->max_memory = most;
    if (fuel != 0 && (options->fuel == 0 || fuel < options->fuel))
        options->fuel = fuel;
}

static int check_reproducible(const struct options *options)
{
    const char *native =
        options->march != NULL && strcmp(options->march, "native") == 0 ? "-march=native" : NULL;
    for (size_t i = 0; i < options->compiler_args.count; i++)
        if (strstr(options->compiler_args.items[i], "=native") != NULL)
            native = options->compiler_args.items[i];
    if (!options->reproducible || native == NULL)
        return 0;
    diag_error("--reproducible: '%s' depends on this machine", text_shown(native));
    diag_note("name the processor, such as -march=x86-64-v3");
    return -1;
}

static int check_profile(const struct options *options)
{
    if (options->profile_generate && options->sandbox == SANDBOX_REQUIRE) {
        diag_error("--profile-generate and --sandbox=require exclude each other");
        diag_note("the profile is written at the end, where the sandbox lets nothing be written");
        return -1;
    }
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
            result = command_line_option(&options_line, options, argv, &i);
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
    take_limits(options);
    if (check_profile(options) != 0 || check_guest(options) != 0 ||
        check_reproducible(options) != 0)
        return -1;
    return 0;
}

void options_release(struct options *options)
{
    args_release(&options->compiler_args);
    args_release(&options->linker_args);
    args_release(&options->directories);
    args_release(&options->environment);
    policy_release(&options->policy);
}
