/* The process around a guest, whoever runs it: what happens before its first instruction and after
 * its last one. Its end by a trap is in trap.h. */
#ifndef DAGGER_RT_SESSION_H
#define DAGGER_RT_SESSION_H

struct dagger_policy;

/* `argv`: the program's name, for messages, and the guest's arguments; borrowed. `environment`:
 * "NAME" and "NAME=VALUE" as struct dagger_guest has them, what the guest may see of it; `policy`
 * is as there, too. Reads the
 * environment, makes the process that the five calls work on, and has writes tell by their results
 * what signals would. A bad value in the environment ends the process with a message and status 2.
 */
void dagger_session_begin(const char *const *argv, const char *const *environment,
                          const struct dagger_policy *policy);

/* The guest has returned: delivers its streams. Returns the exit status: `status`, or 1 after a
 * message when that is 0 and not all could be delivered. Ends the process if it used more fuel than
 * it had. */
int dagger_session_end(int status);

/* The same from within the guest: ends the process. */
_Noreturn void dagger_session_exit(int status);

#endif
