/* Cases that end the process: runs a function in a child and tells how it ended and what it said.
 */
#ifndef DAGGER_TESTS_DEATH_H
#define DAGGER_TESTS_DEATH_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Under AddressSanitizer, which needs terabytes of address space and ends the process itself when
 * there is none, cases with limits are left out. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

struct death {
    int status;      /* exit status, or -1 */
    int signal;      /* that killed it, or 0 */
    char text[4096]; /* its standard error, NUL-terminated */
};

static inline struct death death_of(void (*function)(void))
{
    struct death death = {.status = -1};
    int ends[2];
    if (pipe(ends) != 0)
        abort();
    pid_t child = fork();
    if (child < 0)
        abort();
    if (child == 0) {
        const struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        function();
        _exit(0);
    }
    close(ends[1]);
    size_t len = 0;
    ssize_t n;
    while ((n = read(ends[0], death.text + len, sizeof(death.text) - 1 - len)) > 0 ||
           (n < 0 && errno == EINTR))
        len += n > 0 ? (size_t)n : 0;
    close(ends[0]);
    death.text[len] = '\0';
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status))
        death.status = WEXITSTATUS(status);
    else
        death.signal = WTERMSIG(status);
    return death;
}

static inline void limit_resource(int resource, rlim_t bytes)
{
    const struct rlimit limit = {bytes, bytes};
    if (setrlimit(resource, &limit) != 0)
        abort();
}

#endif
