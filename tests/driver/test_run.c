/* Children that end at the worst moments. */
#include "compiler/run.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compiler/diag.h"

pid_t __real_waitpid(pid_t pid, int *status, int options);
pid_t __wrap_waitpid(pid_t pid, int *status, int options);

static bool end_after_the_question;

/* With the flag set, children stop when they have closed their output. One that still was there
 * when it was asked for has ended, and SIGCHLD has come, by the time the answer "not yet" is there.
 */
pid_t __wrap_waitpid(pid_t pid, int *status, int options)
{
    pid_t result = __real_waitpid(pid, status, options);
    siginfo_t info;
    if (result == 0 && end_after_the_question) {
        waitid(P_PID, (id_t)pid, &info, WSTOPPED);
        kill(pid, SIGCONT);
        waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
    }
    return result;
}

int __real_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);

static bool polled_standard_input;

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
    for (nfds_t i = 0; i < count; i++)
        polled_standard_input = polled_standard_input || fds[i].fd == STDIN_FILENO;
    return __real_poll(fds, count, timeout);
}

static struct run_job job_of(const char *script)
{
    struct run_job job = {.name = "sh"};
    args_add(&job.argv, "/bin/sh");
    args_add(&job.argv, "-c");
    args_add(&job.argv, script);
    return job;
}

static void setup(void)
{
    struct run_settings settings = {.verbose = false};
    diag_setup("daggercc", NULL);
    run_setup(&settings);
}

TestSuite(run, .init = setup, .timeout = 30);

Test(run, a_child_that_ends_right_after_it_was_asked_for_is_not_waited_for_forever)
{
    end_after_the_question = true;
    struct run_job job = job_of("exec >&- 2>&-; kill -STOP $$; exit 7");
    cr_expect_eq(run_ask(&job), -1);
    cr_expect_eq(job.verdict, RUN_EXITED);
    cr_expect_eq(job.status, 7);
    run_job_release(&job);
}

Test(run, several_such_children_at_once)
{
    enum { COUNT = 12 };
    end_after_the_question = true;
    struct run_job jobs[COUNT];
    for (int i = 0; i < COUNT; i++)
        jobs[i] = job_of("echo said; exec >&- 2>&-; kill -STOP $$");
    cr_expect_eq(run_jobs(jobs, COUNT, 3, "testing"), 0);
    for (int i = 0; i < COUNT; i++) {
        cr_expect_eq(jobs[i].verdict, RUN_EXITED);
        cr_expect_arr_eq(jobs[i].output, "said\n", 5);
        run_job_release(&jobs[i]);
    }
}

/* A file at its end can always be read: to wait for it is to wait for nothing. */
Test(run, places_without_a_child_are_not_waited_for)
{
    struct run_job job = job_of("echo said");
    cr_expect_eq(run_jobs(&job, 1, 4, "testing"), 0);
    cr_expect_not(polled_standard_input);
    run_job_release(&job);
}
