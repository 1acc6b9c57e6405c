/* What the guest may open: the policy that it was compiled with, and what DAGGER_ALLOW and
 * DAGGER_DENY take away from that. docs/policy.md.
 */
#ifndef DAGGER_RT_POLICY_H
#define DAGGER_RT_POLICY_H

#include <stdbool.h>

#include "dagger/start.h"
#include "stream.h"

/* Reads both variables and has `host` ask the policy, if there is any. `policy`: as struct
 * dagger_guest has it; NULL: none. `told`: say on standard error what is refused, and by which
 * rule. A pattern that is none ends the process with a message and status 2. */
void dagger_policy_begin(const struct dagger_policy *policy, bool told, struct dagger_host *host);

/* The same as dagger_host.allowed, for a URL that is not opened. True where nobody is to be asked.
 */
bool dagger_policy_permits(const struct dagger_host *host, const char *url);

/* The same for SCHEME://NAME, `name` being any bytes. */
bool dagger_policy_permits_name(const struct dagger_host *host, const char *scheme,
                                struct dagger_slice name);

/* May the guest have the directory that it calls `name`, with all that is beneath it? */
bool dagger_policy_permits_directory(const struct dagger_host *host, const char *name, bool writes);

#endif
