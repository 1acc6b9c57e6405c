/* What the process gives up before the guest's first instruction, so that an error of the runtime
 * is not the host's loss: docs/sandbox.md.
 *
 *   sandbox.c        the order of it, and what is told
 *   sandbox_files.c  Landlock: paths and ports
 *   sandbox_calls.c  seccomp: system calls
 *   sandbox_check.h  seccomp: those whose arguments count
 *
 * The functions of these return 0 or a negative errno value.
 */
#ifndef DAGGER_RT_SANDBOX_H
#define DAGGER_RT_SANDBOX_H

#include "dagger/needs.h"
#include "process.h"

/* Beneath the root and the pre-opened directories of the process what `needs` says, and what
 * libcurl reads if there is a network; nothing else of the file system can be opened, changed or
 * run. Sets `version` to that of the kernel's Landlock. -ENOSYS and -EOPNOTSUPP: the kernel has
 * none, or one that knows too little. */
int dagger_sandbox_files(const struct dagger_needs *needs, const struct dagger_process *process,
                         int *version);

/* The system calls that a process with these needs makes. What none has any business with kills it,
 * others fail. */
int dagger_sandbox_calls(const struct dagger_needs *needs);

#endif
