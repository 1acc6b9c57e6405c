/* The environment variables of an executable: docs/abi.md. */
#ifndef DAGGER_RT_ENVIRONMENT_H
#define DAGGER_RT_ENVIRONMENT_H

#include "stream.h"

/* Begins inherited.h, and fills `host` from DAGGER_ROOT, DAGGER_CONNECT_TIMEOUT,
 * DAGGER_IDLE_TIMEOUT, DAGGER_DENY_PRIVATE and SSL_CERT_FILE. A bad value ends the process with a
 * message and status 2. */
void dagger_environment_read(struct dagger_host *host);

/* DAGGER_WATCH_STATS, DAGGER_WATCH_TRACE or both, as DAGGER_STATS and DAGGER_TRACE say: "0",
 * empty and unset are off. */
uint8_t dagger_environment_watched(void);

/* Whether DAGGER_SANDBOX says "require". Another word than that and "try" ends the process with a
 * message and status 2: what was compiled in can't be taken back. */
bool dagger_environment_sandbox_required(void);

/* Where there is no sandbox: ends the process with a message and status 1 if one is required. */
void dagger_environment_without_sandbox(void);

/* Instructions that the guest may run: `most`, or fewer if DAGGER_FUEL says so. 0: they are not
 * counted, and then DAGGER_FUEL is a bad value. */
uint64_t dagger_environment_fuel(uint64_t most);

/* The variables that the guest may see, "NAME=VALUE" each, each name once: of the process's
 * environment those that DAGGER_ENV names ("NAME,NAME") and those that are in `allowed` ("NAME");
 * others have their value there ("NAME=VALUE"). The name "*" stands for all. Ends with NULL; lives
 * as long as the process. */
const char *const *dagger_environment_let_through(const char *const *allowed);

/* Seconds, "10" or "0.25", between 0.001 and 2,000,000, as milliseconds; -1 if `text` is not that.
 */
int dagger_environment_seconds(const char *text);

#endif
