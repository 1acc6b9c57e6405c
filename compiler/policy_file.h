/* Policy as it is given to the tools: by files and by URL patterns of the command line.
 * docs/policy.md has the format, which is that of the project that Dagger takes its name from.
 */
#ifndef DAGGER_COMPILER_POLICY_FILE_H
#define DAGGER_COMPILER_POLICY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "args.h"

struct policy {
    bool only_allowed;       /* there is a list of what is allowed; it may be empty */
    struct args allow, deny; /* patterns, normalised */
    uint64_t pages;          /* ram-page-limit, of 64 KiB; 0: none */
    uint64_t fuel;           /* gas-limit; 0: none */
};

/* Adds a pattern. Returns 0, or -1 after a message; `option` is the one that it was given by. */
int policy_allow(struct policy *policy, const char *option, const char *pattern);
int policy_deny(struct policy *policy, const char *option, const char *pattern);

/* Adds what a file says. Returns 0, or -1 after a message that names file and line. */
int policy_read(struct policy *policy, const char *name);

/* The same for text in memory. */
int policy_read_text(struct policy *policy, const char *name, const char *text, size_t len);

/* Is there anything to be asked when a URL is opened? */
bool policy_has_rules(const struct policy *policy);

void policy_release(struct policy *policy);

#endif
