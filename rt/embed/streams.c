/* The five calls of embedded modules. The streams of all instances share what the process has once
 * (buffers of standard output, connections), so one call at a time is in them. */
#include "streams.h"

#include <pthread.h>
#include <time.h>

#include "calls.h"
#include "instance.h"
#include "watch.h"

static pthread_once_t made = PTHREAD_ONCE_INIT;
static pthread_mutex_t mutex;

/* Recursive: dagger_options.allowed may call guests that make calls. */
static void make_mutex(void)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

static void lock(void)
{
    pthread_once(&made, make_mutex);
    pthread_mutex_lock(&mutex);
}

void dagger_streams_enter(struct dagger_held *held)
{
    sigset_t waiting;
    lock();
    sigemptyset(&held->ours);
    sigemptyset(&waiting);
    sigpending(&waiting);
    if (!sigismember(&waiting, SIGPIPE))
        sigaddset(&held->ours, SIGPIPE);
    if (!sigismember(&waiting, SIGXFSZ))
        sigaddset(&held->ours, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &held->ours, &held->before);
}

void dagger_streams_leave(const struct dagger_held *held)
{
    static const struct timespec at_once;
    sigset_t waiting;
    sigemptyset(&waiting);
    sigpending(&waiting);
    if (sigismember(&waiting, SIGPIPE) || sigismember(&waiting, SIGXFSZ))
        while (sigtimedwait(&held->ours, NULL, &at_once) > 0)
            continue;
    pthread_sigmask(SIG_SETMASK, &held->before, NULL);
    pthread_mutex_unlock(&mutex);
}

/* Once, should the thread have the lock more often: then it waits in a call of `allowed`, whose
 * caller relies on it. */
void dagger_wait_begin(void)
{
    pthread_mutex_unlock(&mutex);
}

void dagger_wait_end(void)
{
    pthread_mutex_lock(&mutex);
}

/* As the short way in calls.c: a byte that only needs to be gathered can't raise a signal. */
static bool put(struct dagger_state *state, uint32_t sd, uint32_t address)
{
    uint8_t *byte = NULL;
    if (!dagger_guest_range(state->imports.memory, address, 1, &byte))
        return false;
    lock();
    bool done = dagger_process_put(&state->imports.process, sd, *byte);
    pthread_mutex_unlock(&mutex);
    return done;
}

/* Every call comes here: `watched` is set. Nothing may trap while the mutex is held, so the stack
 * is looked at first, more strictly than the call itself does. */
uint32_t dagger_watched_call(enum dagger_call call, uint32_t a, uint32_t b, uint32_t c)
{
    enum { FRAMES = 8192 };
    struct dagger_state *state = dagger_embedded;
    if ((uintptr_t)__builtin_frame_address(0) < state->imports.stack_limit + FRAMES)
        dagger_trap(DAGGER_TRAP_STACK_EXHAUSTED);
    if (state->imports.watched == DAGGER_WATCH_BUSY)
        return (uint32_t)DAGGER_PERM;
    state->in_guest = false;
    if (call == DAGGER_WRITE && c == 1 && put(state, a, b)) {
        state->in_guest = true;
        return 1;
    }
    struct dagger_held held;
    dagger_streams_enter(&held);
    uint8_t watched = state->imports.watched;
    state->imports.watched = 0;
    int32_t result = dagger_make_call(call, a, b, c);
    state->in_guest = false;
    state->imports.watched = watched;
    dagger_streams_leave(&held);
    dagger_return_to_guest(state);
    return (uint32_t)result;
}

static void begin(struct dagger_process *process, const struct dagger_host *host)
{
    struct dagger_held held;
    dagger_streams_enter(&held);
    dagger_process_init(process, host);
    dagger_streams_leave(&held);
    struct w2c_dagger *imports =
        (struct w2c_dagger *)((char *)process - offsetof(struct w2c_dagger, process));
    imports->watched = DAGGER_WATCH_TRACE;
}

static int end(struct dagger_process *process, bool trapped)
{
    struct dagger_held held;
    dagger_streams_enter(&held);
    int error = dagger_process_end(process, trapped ? DAGGER_END_TRAP : DAGGER_END_NORMAL);
    dagger_streams_leave(&held);
    return error;
}

const struct dagger_embedded_streams dagger_embedded_streams = {.begin = begin, .end = end};
