/* The command line of dagger: its table of options, and what they come to. */
#ifndef DAGGER_RT_INTERP_OPTIONS_H
#define DAGGER_RT_INTERP_OPTIONS_H

#include <dagger/guest_limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "args.h"
#include "command_line.h"
#include "guest_options.h"
#include "policy_file.h"

#define DAGGER_OPTION_GROUPS(X)                                                                    \
    X(GUEST, "Guest")                                                                              \
    X(WATCH, "Watching")                                                                           \
    X(HELP, "Information")

/* X(identifier, then what OPTION_ROW takes) */
#define DAGGER_OPTIONS(X)                                                                          \
    GUEST_ENTRY_OPTIONS(X)                                                                         \
    X(DIR, "--dir", EQUALS, "HOST[::GUEST]", NULL, FOLDER, GUEST,                                  \
      "folder a WASI guest may use; ::ro behind: read",                                            \
      "May be given more than once. The guest finds HOST under the name GUEST, or HOST too. With " \
      "::ro behind GUEST nothing in it can be changed. Without any, it is the working directory, " \
      "called /. DAGGER_DIRS in the environment takes the place of all of them.")                  \
    X(ENV, "--env", EQUALS, "NAME[=VALUE]", NULL, NOTHING, GUEST,                                  \
      "variable that the guest may see, or gets",                                                  \
      "May be given more than once; NAME may be * for all of the environment. A guest sees no "    \
      "others, but those that DAGGER_ENV names, with commas between.")                             \
    GUEST_IMPORT_OPTIONS(X)                                                                        \
    X(MAX_MEMORY, "--max-memory", EQUALS, "SIZE", NULL, NOTHING, GUEST,                            \
      "most memory the guest may have, such as 64MiB",                                             \
      "A number of bytes, or with K, M or G (KiB, MiB, GiB) behind it. Growing beyond it fails "   \
      "in the guest. For modules with one memory.")                                                \
    X(DENY_PRIVATE, "--deny-private", NONE, NULL, NULL, NOTHING, GUEST, "",                        \
      "Connections go to public addresses only: not to this machine, its network or the cloud "    \
      "that runs it, whatever name leads there. The guest gets PERM. DAGGER_DENY_PRIVATE=1 in "    \
      "the environment says the same.")                                                            \
    X(SANDBOX, "--sandbox", EQUALS, "HOW", "try|require|off", NOTHING, GUEST, "",                  \
      "What the guest does not need the process gives up before the guest starts: system calls, "  \
      "files outside of its folders, sockets if it has no network. try, the default, does what "   \
      "the kernel can; require ends with a message where it can't. DAGGER_SANDBOX=require in the " \
      "environment stands over try.")                                                              \
    X(FUEL, "--fuel", EQUALS, "N", NULL, NOTHING, GUEST, "end the guest after N instructions",     \
      "Counted are the module's own instructions, as in executables of daggercc --fuel. "          \
      "DAGGER_FUEL in the environment makes it less.")                                             \
    X(MAX_TABLE, "--max-table", EQUALS, "N", NULL, NOTHING, GUEST, "",                             \
      "Elements that all its tables may have. Growing beyond it fails in the guest. For modules "  \
      "with one table.")                                                                           \
    GUEST_LIMIT_OPTIONS(X)                                                                         \
    X(POLICY, "--policy", EQUALS, "FILE", NULL, FILE, GUEST, "let it open what FILE allows only",  \
      "FILE says which URLs the guest may open, by patterns, and how much memory it may have; "    \
      "docs/policy.md has the format. Once it allows anything, all else is refused but the "       \
      "standard streams and log.")                                                                 \
    GUEST_URL_OPTIONS(X)                                                                           \
    X(STATS, "--stats", NONE, NULL, NULL, NOTHING, WATCH,                                          \
      "say at the end what the guest did and took",                                                \
      "The same as DAGGER_STATS=1, which executables know, too.")                                  \
    X(TRACE, "--trace", NONE, NULL, NULL, NOTHING, WATCH, "print each call, one a line",           \
      "The same as DAGGER_TRACE=1, which executables know, too.")                                  \
    X(VERSION, "--version", NONE, NULL, NULL, NOTHING, HELP, "print version and engine", "")       \
    X(HELP, "--help", NONE, NULL, NULL, NOTHING, HELP, "print this", "")

enum dagger_option_group {
#define X(id, title) DAGGER_OPTION_GROUP_##id,
    DAGGER_OPTION_GROUPS(X)
#undef X
        DAGGER_OPTION_GROUP_COUNT
};

enum dagger_option {
#define X(id, ...) DAGGER_OPTION_##id,
    DAGGER_OPTIONS(X)
#undef X
        DAGGER_OPTION_COUNT
};

extern const struct command_line dagger_command_line;

/* Strings are borrowed from argv. */
struct dagger_options {
    bool help, version;           /* instead of running */
    const char *input;            /* "-": standard input */
    const char *const *arguments; /* of the guest: what follows the module; ends with NULL */
    const char *entry;            /* NULL: default */
    bool invoke;                  /* `entry` is what --invoke names */
    struct args directories, environment; /* each --dir and --env as it was given */
    bool allow_undefined;
    bool deny_private;
    bool sandbox, sandbox_required;
    uint64_t fuel; /* instructions, 0: not counted */
    struct dagger_limits limits;
    struct policy policy;
    bool stats, trace;
};

/* Reads argv: options, the module, and the guest's arguments. Returns 0, or -1 after a message
 * (exit status 2). */
int dagger_options_parse(struct dagger_options *options, char **argv);

/* --help, at most 80 columns wide. */
void dagger_options_print_help(FILE *out);

#endif
