/* The lock that all instances' imports take before they touch streams, and the signals that are
 * held back meanwhile. Nothing may trap while it is held.
 */
#ifndef DAGGER_RT_EMBED_STREAMS_H
#define DAGGER_RT_EMBED_STREAMS_H

#include <signal.h>

/* A write tells by its result what SIGPIPE and SIGXFSZ would. An executable ignores them; in a
 * program that isn't ours they are held back while we write, and ours taken back. */
struct dagger_held {
    sigset_t ours;   /* those that we hold back and that did not wait before */
    sigset_t before; /* the thread's mask */
};

/* In pairs, the inner ones of a thread first. */
void dagger_streams_enter(struct dagger_held *held);
void dagger_streams_leave(const struct dagger_held *held);

#endif
