/* proc_*, random_get, sched_yield. */
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "session.h"
#include "wasi.h"

void wasi_proc_exit(struct w2c_dagger *imports, uint32_t status)
{
    (void)imports;
    dagger_session_exit((int)(status & 255));
}

/* WASI's signals in their order; 0 is none. */
static const uint8_t signals[] = {
    0,       SIGHUP,    SIGINT,  SIGQUIT,  SIGILL,  SIGTRAP, SIGABRT, SIGBUS,
    SIGFPE,  SIGKILL,   SIGUSR1, SIGSEGV,  SIGUSR2, SIGPIPE, SIGALRM, SIGTERM,
    SIGCHLD, SIGCONT,   SIGSTOP, SIGTSTP,  SIGTTIN, SIGTTOU, SIGURG,  SIGXCPU,
    SIGXFSZ, SIGVTALRM, SIGPROF, SIGWINCH, SIGPOLL, SIGPWR,  SIGSYS,
};

/* The guest can't have handlers, so each signal does what it does by default. */
uint32_t wasi_proc_raise(struct w2c_dagger *imports, uint32_t number)
{
    if (number >= sizeof signals)
        return WASI_INVAL;
    int signal_number = signals[number];
    switch (signal_number) {
    case 0:
    case SIGCHLD:
    case SIGCONT:
    case SIGURG:
    case SIGWINCH:
        return WASI_SUCCESS;
    case SIGSTOP:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
        return raise(signal_number) == 0 ? WASI_SUCCESS : wasi_from_host(errno);
    default:
        break;
    }
    dagger_process_end(&imports->process, DAGGER_END_TRAP);
    signal(signal_number, SIG_DFL);
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signal_number);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
    raise(signal_number);
    _exit(128 + signal_number);
}

/* From random://, as every random byte a guest gets. */
uint32_t wasi_random_get(struct w2c_dagger *imports, uint32_t at, uint32_t len)
{
    static const char url[] = "random://";
    uint8_t *bytes = wasi_at(imports, at, len);
    struct dagger_stream *stream;
    if (!bytes)
        return WASI_FAULT;
    int error = dagger_stream_open(&imports->process.host, url, sizeof url - 1, &stream);
    if (error)
        return wasi_from_stream(error);
    int64_t count = 0;
    for (size_t done = 0; done < len && count >= 0; done += (size_t)count) {
        size_t part = len - done < INT32_MAX ? len - done : INT32_MAX;
        count = dagger_stream_read(stream, bytes + done, part);
    }
    dagger_stream_close(stream, DAGGER_END_NORMAL);
    return count < 0 ? wasi_from_stream(count) : WASI_SUCCESS;
}

uint32_t wasi_sched_yield(struct w2c_dagger *imports)
{
    (void)imports;
    sched_yield();
    return WASI_SUCCESS;
}
