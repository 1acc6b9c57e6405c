#include "run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "alloc.h"
#include "child.h"
#include "diag.h"
#include "progress.h"

static const int stop_signals[] = {SIGINT, SIGTERM, SIGHUP};

static struct {
    struct run_settings settings;
    int signals; /* signalfd for the stop signals and SIGCHLD */
    int caught;  /* the first stop signal that came */
    bool ended;  /* a SIGCHLD was taken, and children have not been asked for since */
    sigset_t outer_mask;
} state = {.signals = -1};

void run_setup(const struct run_settings *settings)
{
    state.settings = *settings;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    for (size_t i = 0; i < sizeof stop_signals / sizeof *stop_signals; i++) {
        struct sigaction now;
        sigaction(stop_signals[i], NULL, &now);
        if (now.sa_handler != SIG_IGN) /* nohup stays nohup */
            sigaddset(&set, stop_signals[i]);
    }
    sigprocmask(SIG_BLOCK, &set, &state.outer_mask);
    signal(SIGCHLD, SIG_DFL); /* an inherited SIG_IGN would reap children behind our back */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit becomes an error of write() */
    state.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    /* What a killed compiler driver leaves behind becomes our child, so that it can be waited for
     * before the temporary folder goes. */
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

void run_set_dir(const char *dir)
{
    state.settings.dir = dir;
}

int run_interrupted(void)
{
    struct signalfd_siginfo info;
    int error = errno; /* may be asked between a failure and its message */
    while (state.signals >= 0 && read(state.signals, &info, sizeof info) == sizeof info)
        if (info.ssi_signo == SIGCHLD)
            state.ended = true;
        else if (state.caught == 0)
            state.caught = (int)info.ssi_signo;
    errno = error;
    return state.caught;
}

void run_die_of_signal(void)
{
    signal(state.caught, SIG_DFL);
    raise(state.caught);
    sigprocmask(SIG_SETMASK, &state.outer_mask, NULL);
}

bool run_wait_fd(int fd, bool for_writing)
{
    while (run_interrupted() == 0) {
        struct pollfd fds[2] = {{.fd = fd, .events = for_writing ? POLLOUT : POLLIN},
                                {.fd = state.signals, .events = POLLIN}};
        if (poll(fds, 2, -1) > 0 && fds[0].revents != 0)
            return true;
    }
    return false;
}

static bool is_program(const char *path)
{
    return access(path, X_OK) == 0;
}

static char *absolute(const char *path)
{
    if (path[0] == '/')
        return alloc_copy_text(path);
    char *here = getcwd(NULL, 0);
    char *whole = here != NULL ? alloc_format("%s/%s", here, path) : NULL;
    free(here);
    return whole;
}

char *run_find(const char *name)
{
    if (strchr(name, '/') != NULL)
        return is_program(name) ? absolute(name) : NULL;
    const char *path = getenv("PATH");
    for (const char *at = path != NULL ? path : "/usr/local/bin:/usr/bin:/bin"; *name != 0;) {
        size_t len = strcspn(at, ":");
        char *candidate =
            len > 0 ? alloc_format("%.*s/%s", (int)len, at, name) : alloc_format("./%s", name);
        char *found = is_program(candidate) ? absolute(candidate) : NULL;
        free(candidate);
        if (found != NULL)
            return found;
        if (at[len] == 0)
            break;
        at += len + 1;
    }
    errno = ENOENT;
    return NULL;
}

/* A job while it runs. */
struct child {
    struct run_job *job;
    pid_t pid;
    int output; /* the pipe's end we read, non-blocking; -1 when it ended */
    bool running;
};

/* Takes what the pipe holds now. */
static void take_output(struct child *child)
{
    struct run_job *job = child->job;
    char buffer[8192];
    while (child->output >= 0) {
        ssize_t got = read(child->output, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got <= 0) {
            close(child->output);
            child->output = -1;
            return;
        }
        size_t room = RUN_OUTPUT_MAX - job->output_len;
        size_t kept = (size_t)got < room ? (size_t)got : room;
        if (kept > 0) {
            job->output = alloc_resize(job->output, job->output_len + kept);
            memcpy(job->output + job->output_len, buffer, kept);
        }
        job->output_len += kept;
        job->output_lost += (size_t)got - kept;
    }
}

static void child_ended(struct child *child, int wait_status)
{
    take_output(child); /* not until the pipe's end: a daemon the child left may hold it open */
    if (child->output >= 0)
        close(child->output);
    child->output = -1;
    child->running = false;
    run_drop_colours(child->job);
    bool exited = WIFEXITED(wait_status);
    child->job->verdict = exited ? RUN_EXITED : RUN_SIGNALLED;
    child->job->status = exited ? WEXITSTATUS(wait_status) : WTERMSIG(wait_status);
}

static bool failed(const struct run_job *job)
{
    return job->verdict != RUN_EXITED || job->status != 0;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits for every process of a group that is or becomes our child, at most until `deadline`. */
static bool group_gone(struct child *child, int64_t deadline)
{
    for (;;) {
        int wait_status;
        pid_t pid = waitpid(-child->pid, &wait_status, WNOHANG);
        if (pid < 0 && errno == ECHILD)
            return true;
        if (pid > 0) {
            if (pid == child->pid)
                child_ended(child, wait_status);
            continue;
        }
        int64_t left = deadline - now_ms();
        if (left <= 0)
            return false;
        struct pollfd fd = {.fd = state.signals, .events = POLLIN};
        poll(&fd, 1, (int)left);
        run_interrupted();
        if (child->running)
            take_output(child);
    }
}

/* Ends the groups of all that still run: asked first, forced after two seconds. */
static void end_children(struct child *children, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!children[i].running)
            continue;
        kill(-children[i].pid, SIGTERM);
        kill(-children[i].pid, SIGCONT);
    }
    int64_t deadline = now_ms() + 2000;
    for (size_t i = 0; i < count; i++) {
        if (!children[i].running)
            continue;
        if (!group_gone(&children[i], deadline)) {
            kill(-children[i].pid, SIGKILL);
            group_gone(&children[i], INT64_MAX / 2);
        }
        children[i].job->verdict = RUN_INTERRUPTED;
    }
}

static bool start(struct child *child, struct run_job *job)
{
    *child = (struct child){.job = job, .output = -1};
    struct child_request request = {
        .argv = job->argv.items,
        .dir = state.settings.dir,
        .pinned = state.settings.pinned,
        .keep_stdout = job->keep_stdout,
        .deep_stack = job->deep_stack,
        .cpu_seconds = job->cpu_seconds,
        .data_bytes = job->data_bytes,
        .mask = &state.outer_mask,
    };
    int error = child_start(&request, &child->pid, &child->output);
    child->running = error == 0;
    if (error != 0) {
        job->verdict = RUN_NOT_STARTED;
        job->status = error;
    }
    return child->running;
}

/* Sleeps until something happens, then takes outputs and the ends of children. */
static void wait_for_news(struct child *children, size_t count, int timeout_ms)
{
    struct pollfd *fds = alloc_zeroed((count + 1) * sizeof *fds);
    for (size_t i = 0; i < count; i++)
        fds[i] = (struct pollfd){.fd = children[i].output, .events = POLLIN};
    fds[count] = (struct pollfd){.fd = state.signals, .events = POLLIN};
    poll(fds, count + 1, state.ended ? 0 : timeout_ms);
    run_interrupted();
    state.ended = false;
    for (size_t i = 0; i < count; i++) {
        int wait_status;
        if (!children[i].running)
            continue;
        take_output(&children[i]);
        if (waitpid(children[i].pid, &wait_status, WNOHANG) == children[i].pid)
            child_ended(&children[i], wait_status);
    }
    free(fds);
}

static int run_watched(struct run_job *jobs, size_t count, unsigned at_once, const char *doing)
{
    struct child *children = alloc_zeroed(at_once * sizeof *children);
    for (unsigned i = 0; i < at_once; i++)
        children[i].output = -1;
    struct progress progress = progress_start(doing, count);
    size_t next = 0, done = 0;
    bool going = true;
    while (going && done < count) {
        for (unsigned i = 0; i < at_once && going && next < count; i++)
            if (!children[i].running)
                going = run_interrupted() == 0 && start(&children[i], &jobs[next++]);
        if (!going)
            break;
        wait_for_news(children, at_once, progress_timeout(&progress));
        going = run_interrupted() == 0;
        for (unsigned i = 0; i < at_once; i++) {
            if (children[i].job == NULL || children[i].running)
                continue;
            done++;
            going = going && !failed(children[i].job);
            children[i].job = NULL;
        }
        progress_show(&progress, done);
    }
    end_children(children, at_once);
    progress_end(&progress);
    free(children);
    return going ? 0 : -1;
}

int run_jobs(struct run_job *jobs, size_t count, unsigned at_once, const char *doing)
{
    if (run_interrupted() != 0)
        return -1;
    for (size_t i = 0; i < count && (state.settings.verbose || state.settings.dry_run); i++)
        args_print(&jobs[i].argv, stderr);
    if (state.settings.dry_run)
        return 0;
    return run_watched(jobs, count, at_once, doing);
}

int run_always(struct run_job *job)
{
    if (state.settings.verbose || state.settings.dry_run)
        args_print(&job->argv, stderr);
    return run_ask(job);
}

int run_ask(struct run_job *job)
{
    return run_interrupted() != 0 ? -1 : run_watched(job, 1, 1, NULL);
}

void run_job_release(struct run_job *job)
{
    args_release(&job->argv);
    free(job->output);
    job->output = NULL;
}
