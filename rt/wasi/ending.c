/* proc_exit and proc_raise of executables: the process ends. */
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
