/* Limits: reading them, and ending a guest whose time is over. */
#ifndef DAGGER_RT_GUEST_LIMITS_H
#define DAGGER_RT_GUEST_LIMITS_H

#include "dagger/guest_limits.h"
#include "trap.h"

/* Makes limits narrower as the environment says. A bad value ends the process with a message and
 * status 2. */
void dagger_limits_read(struct dagger_limits *limits);

/* Time runs from here on, by dagger_runtime.limits. When it is over, guest code is ended where it
 * is, as by a fault; host code by its system call, which a stream then takes for TIMEOUT, and when
 * it returns. If that takes a second, the process ends without delivering anything. */
void dagger_limits_start(void);

/* The limit of time that is exceeded; DAGGER_TRAP_NONE: none. */
enum dagger_trap dagger_limits_exceeded(void);

/* Host code that is about to return to the guest: ends it here if its time is over. */
void dagger_limits_settle(void);

/* The guest has ended, and its streams are delivered: for two seconds more if its time was over. */
void dagger_limits_deliver(void);

#endif
