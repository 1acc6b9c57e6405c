/* The command line of daggercc: its table of options, and what they come to. */
#ifndef DAGGER_COMPILER_OPTIONS_H
#define DAGGER_COMPILER_OPTIONS_H

#include <dagger/guest_limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "args.h"
#include "command_line.h"
#include "guest_options.h"
#include "policy_file.h"
#include "target.h"

#define OPTION_GROUPS(X)                                                                           \
    X(OUTPUT, "Output")                                                                            \
    X(CODE, "Code")                                                                                \
    X(GUEST, "Guest")                                                                              \
    X(TOOLS, "Tools")                                                                              \
    X(HELP, "Information")

/* X(identifier, name, argument kind, argument's name, values or NULL for free text, what completes
 * it, group, one line for --help, what the manual adds to it) */
#define OPTIONS(X)                                                                                 \
    X(OUTPUT, "-o", FOLLOWS, "FILE", NULL, FILE, OUTPUT,                                           \
      "name of the output; - is standard output",                                                  \
      "Without it the name is the input's without its ending, in the working directory, and "      \
      "ends as the kind of output does: app, app.o, app.s, app.c.")                                \
    X(EMIT, "--emit", EQUALS, "KIND", "exe|obj|archive|c", NOTHING, OUTPUT,                        \
      "executable, object, archive with a header, or C",                                           \
      "Anything but an executable keeps all exports of the module, needs no entry point, and is "  \
      "meant to be built into another program. archive is the easiest to use: libNAME.a, which "   \
      "has all that it needs, and the header NAME.h beside it, with a function for each of the "   \
      "module's. Traps are results of these. An object or C source is wasm2c's, for programs "     \
      "that bring their own runtime.")                                                             \
    X(OBJECT, "-c", NONE, NULL, NULL, NOTHING, OUTPUT, "", "The same as --emit=obj.")              \
    X(ASSEMBLY, "-S", NONE, NULL, NULL, NOTHING, OUTPUT, "", "Writes assembly instead.")           \
    X(STATIC, "-static", NONE, NULL, NULL, NOTHING, OUTPUT,                                        \
      "need no shared library when run (no http, no tcp)",                                         \
      "The executable is a static-PIE. Opening an http(s):// or tcp:// stream gives UNAVAIL in "   \
      "it.")                                                                                       \
    X(STRIP, "-s", NONE, NULL, NULL, NOTHING, OUTPUT, "leave the symbol table out",                \
      "Backtraces of traps keep their function names.")                                            \
    X(LEVEL, "-O", JOINED, "LEVEL", "0|1|2|3|s", NOTHING, CODE, "optimise so much (default: -O2)", \
      "")                                                                                          \
    X(DEBUG, "-g", NONE, NULL, NULL, NOTHING, CODE, "name guest functions for gdb and perf",       \
      "Symbols carry the guest's own function names, made plain, and the executable gets debug "   \
      "information.")                                                                              \
    X(MARCH, "-march=", JOINED, "CPU", NULL, NOTHING, CODE,                                        \
      "use the instructions of CPU (native: of this one)",                                         \
      "Handed to the C compiler. Without it an executable runs on every x86-64 processor, but "    \
      "one "                                                                                       \
      "of a module with SIMD needs SSE 4.2 (x86-64-v2), as other engines do; -march=x86-64 takes " \
      "that back. An executable says so when the processor it is started on lacks what it needs.") \
    X(TARGET, "--target", EQUALS, "TRIPLE", NULL, NOTHING, CODE,                                   \
      "for another machine, such as aarch64-linux-gnu",                                            \
      "The C compiler is TRIPLE-gcc then, whatever CC says, unless --cc names another; clang is "  \
      "told the target. The runtime for it is built by scripts/target: docs/cross.md. There "      \
      "are" TARGETS(TARGET_NAME) ".")                                                              \
    X(MEMORY, "--memory", EQUALS, "HOW", "fixed|guard|checked", NOTHING, CODE,                     \
      "bounds by guard pages or by checks",                                                        \
      "guard reserves 8 GiB of address space a memory and costs nothing an access. fixed, the "    \
      "default for x86-64 and modules with one memory, does so at an address known when the "      \
      "guest is compiled, which makes accesses shorter. checked compares each address and suits "  \
      "places where address space is limited.")                                                    \
    X(RELAXED_LOADS, "--relaxed-loads", NONE, NULL, NULL, NOTHING, CODE, "",                       \
      "A load out of bounds whose value nothing depends on need not trap then, which lets the C "  \
      "compiler use vector instructions for loops that the guest has without. Memory stays as "    \
      "well guarded: what is left out reads nothing.")                                             \
    X(PROFILE_GENERATE, "--profile-generate", OPTIONAL, "DIR", NULL, FOLDER, CODE,                 \
      "have runs counted, in APP.profile or DIR",                                                  \
      "Each time the executable ends, by returning or by a trap, it adds to a profile: how often " \
      "each part of the guest ran. The profile is a folder, beside the executable if DIR is not "  \
      "given; DAGGER_PROFILE in the executable's environment names another. Compile with "         \
      "--profile-use, everything else the same, when it has run on what is typical.")              \
    X(PROFILE_USE, "--profile-use", EQUALS, "DIR", NULL, FOLDER, CODE,                             \
      "optimise for what such runs counted",                                                       \
      "DIR is the folder they wrote. A profile of another module, of other options or of another " \
      "C compiler is refused. With clang, llvm-profdata of the same version is needed.")           \
    GUEST_ENTRY_OPTIONS(X)                                                                         \
    X(DIR, "--dir", EQUALS, "HOST[::GUEST]", NULL, FOLDER, GUEST,                                  \
      "folder a WASI guest may use; ::ro behind: read",                                            \
      "May be given more than once. HOST is found from where the executable is started, and is "   \
      "called GUEST in it, or HOST too. With ::ro behind GUEST nothing in it can be changed. "     \
      "Without any, it is the working directory, called /. DAGGER_DIRS in the executable's "       \
      "environment takes the place of all of them.")                                               \
    X(ENV, "--env", EQUALS, "NAME[=VALUE]", NULL, NOTHING, GUEST,                                  \
      "variable that the guest may see, or gets",                                                  \
      "May be given more than once. Without VALUE it is that of the executable's environment; "    \
      "NAME may be * for all of them. A guest sees no others, but those that DAGGER_ENV names in " \
      "the executable's environment, with commas between.")                                        \
    GUEST_IMPORT_OPTIONS(X)                                                                        \
    X(MAX_MEMORY, "--max-memory", EQUALS, "SIZE", NULL, NOTHING, GUEST,                            \
      "most memory the guest may have, such as 64MiB",                                             \
      "A number of bytes, or with K, M or G (KiB, MiB, GiB) behind it. Growing beyond it fails "   \
      "in the guest.")                                                                             \
    X(FUEL, "--fuel", EQUALS, "N", NULL, NOTHING, GUEST, "end the guest after N instructions",     \
      "Counted are the module's own instructions, the same whatever compiles or runs them. The "   \
      "guest takes some time more for it. DAGGER_FUEL in the executable's environment makes it "   \
      "less.")                                                                                     \
    X(MAX_TABLE, "--max-table", EQUALS, "N", NULL, NOTHING, GUEST, "",                             \
      "Elements that all its tables may have. Growing beyond it fails in the guest.")              \
    GUEST_LIMIT_OPTIONS(X)                                                                         \
    X(POLICY, "--policy", EQUALS, "FILE", NULL, FILE, GUEST, "let it open what FILE allows only",  \
      "FILE says which URLs the guest may open, by patterns, and how much memory it may have; "    \
      "docs/policy.md has the format. Once it allows anything, all else is refused but the "       \
      "standard streams and log. "                                                                 \
      "DAGGER_ALLOW and DAGGER_DENY in the executable's environment can only take away from it.")  \
    GUEST_URL_OPTIONS(X)                                                                           \
    X(REPRODUCIBLE, "--reproducible", NONE, NULL, NULL, NOTHING, CODE, "",                         \
      "The same module, options and tools give the same bytes, for whoever compiles, where and "   \
      "when: what of the environment could change that is kept from the tools, and what depends "  \
      "on this machine (-march=native) is refused.")                                               \
    X(DENY_PRIVATE, "--deny-private", NONE, NULL, NULL, NOTHING, GUEST, "",                        \
      "Connections go to public addresses only: not to this machine, its network or the cloud "    \
      "that runs it, whatever name leads there. The guest gets PERM. DAGGER_DENY_PRIVATE=1 in "    \
      "the executable's environment says the same.")                                               \
    X(SANDBOX, "--sandbox", EQUALS, "HOW", "try|require|off", NOTHING, GUEST, "",                  \
      "What the guest does not need the process gives up before the guest starts: system calls, "  \
      "files outside of its folders, sockets if it has no network. try, the default, does what "   \
      "the kernel can; require ends with a message where it can't. DAGGER_SANDBOX=require in the " \
      "executable's environment stands over try. Executables of --profile-generate have none.")    \
    X(CC, "--cc", EQUALS, "COMMAND", NULL, COMMAND, TOOLS, "C compiler, may have arguments (CC)",  \
      "")                                                                                          \
    X(COMPILER, "-Wc,", JOINED, "ARG", NULL, NOTHING, TOOLS, "hand ARG to the C compiler", "")     \
    X(LINKER, "-Wl,", JOINED, "ARG", NULL, NOTHING, TOOLS, "hand ARG to the linker", "")           \
    X(WASM2C, "--wasm2c", EQUALS, "FILE", NULL, COMMAND, TOOLS, "",                                \
      "The wasm2c to use. Without it: DAGGER_WASM2C, the one on PATH if its version is "           \
      "supported, then the one installed with "                                                    \
      "daggercc.")                                                                                 \
    X(WASM2C_TIME, "--wasm2c-time", EQUALS, "SECONDS", NULL, NOTHING, TOOLS, "",                   \
      "Processor time, 600 if it is not given.")                                                   \
    X(WASM2C_MEMORY, "--wasm2c-memory", EQUALS, "SIZE", NULL, NOTHING, TOOLS, "",                  \
      "Address space for its data, 8GiB if it is not given.")                                      \
    X(JOBS, "-j", FOLLOWS, "N", NULL, NOTHING, TOOLS, "",                                          \
      "Compiles so many parts at once; without it one a processor. The output does not depend on " \
      "it.")                                                                                       \
    X(SAVE_TEMPS, "--save-temps", OPTIONAL, "DIR", NULL, FOLDER, TOOLS, "",                        \
      "Intermediate files are kept, in OUTPUT.temps or DIR.")                                      \
    X(INSPECT, "--inspect", OPTIONAL, "HOW", "text|json", NOTHING, HELP,                           \
      "show what executable MODULE was made of and may",                                           \
      "The hash of its module, versions, options, policy, features, folders and variables. "       \
      "DAGGER_INSPECT=1 in an executable's environment, or json, has itself print the same.")      \
    X(PRINT_IMPORTS, "--print-imports", NONE, NULL, NULL, NOTHING, HELP,                           \
      "list what the module imports, and stop", "")                                                \
    X(VERBOSE, "-v", NONE, NULL, NULL, NOTHING, HELP, "print each command before it runs", "")     \
    X(DRY_RUN, "-###", NONE, NULL, NULL, NOTHING, HELP, "",                                        \
      "Prints the commands and runs none of them, but asks wasm2c for its version.")               \
    X(VERSION, "--version", NONE, NULL, NULL, NOTHING, HELP, "print version and folders", "")      \
    X(HELP, "--help", NONE, NULL, NULL, NOTHING, HELP, "print this", "")

enum option_group {
#define X(id, title) OPTION_GROUP_##id,
    OPTION_GROUPS(X)
#undef X
        OPTION_GROUP_COUNT
};

enum option_id {
#define X(id, ...) OPTION_##id,
    OPTIONS(X)
#undef X
        OPTION_COUNT
};

extern const struct command_line options_line;

/* How accesses to linear memory are kept in bounds. */
enum memory_mode { MEMORY_DEFAULT, MEMORY_FIXED, MEMORY_GUARD, MEMORY_CHECKED };

enum sandbox { SANDBOX_TRY, SANDBOX_REQUIRE, SANDBOX_OFF };

enum emit { EMIT_EXE, EMIT_OBJ, EMIT_ARCHIVE, EMIT_C, EMIT_ASSEMBLY };

/* What is asked for. Strings are borrowed from argv, but for the two vectors. */
struct options {
    bool help, version, print_imports, inspect; /* instead of compiling */
    bool inspect_json;
    const char *input;  /* "-": standard input */
    const char *output; /* NULL: default; "-": standard output */
    enum emit emit;
    const char *level;           /* what follows -O; NULL: not given */
    const char *march;           /* NULL: not given */
    const struct target *target; /* NULL: this machine */
    bool debug, is_static, strip;
    enum memory_mode memory;
    bool relaxed_loads;
    bool profile_generate;
    const char *profile_generate_dir; /* NULL: beside the executable */
    const char *profile_use;          /* a folder; NULL: not given */
    const char *entry;                /* NULL: default */
    bool invoke;                      /* `entry` is what --invoke names */
    struct args directories;          /* each --dir as it was given */
    struct args environment;          /* each --env */
    bool allow_undefined;
    uint64_t max_memory;         /* bytes, 0: what the module says */
    uint64_t fuel;               /* instructions, 0: not counted */
    struct dagger_limits limits; /* but for `memory` */
    struct policy policy;
    bool reproducible;
    bool deny_private;
    enum sandbox sandbox;
    const char *cc, *wasm2c;
    struct args compiler_args, linker_args;
    uint64_t wasm2c_seconds, wasm2c_bytes;
    unsigned jobs; /* 0: one a processor */
    bool save_temps;
    const char *save_temps_dir; /* NULL: default */
    bool verbose, dry_run;
};

/* Reads argv. Returns 0, or -1 after a message (exit status 2). */
int options_parse(struct options *options, int argc, char **argv);
void options_release(struct options *options);

/* Applies one option of the table: struct command_line has the terms. */
int options_apply(void *options, size_t id, const char *value);

/* --help, at most 80 columns wide. */
void options_print_help(FILE *out);

#endif
