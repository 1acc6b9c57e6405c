#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "args.h"

extern char **environ;

static bool begins_with_one(const char *item, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(item, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* Where gcc, clang and ld look for files, and what they write besides; times. */
static const char *const steering[] = {
    "CPATH=",
    "C_INCLUDE_PATH=",
    "CCC_OVERRIDE_OPTIONS=",
    "COMPILER_PATH=",
    "COLLECT_",
    "DEPENDENCIES_OUTPUT=",
    "GCC_",
    "GNUTARGET=",
    "LDEMULATION=",
    "LD_RUN_PATH=",
    "LIBRARY_PATH=",
    "SOURCE_DATE_EPOCH=",
    "STRIP_",
    "SUNPRO_DEPENDENCIES=",
    "TZ=",
    "ZERO_AR_DATE=",
};

/* Our environment with a few things set. The output must not depend on where we work: compilers
 * take the working directory's name from PWD, and this name is the same everywhere. */
static struct args make_environment(const char *dir, bool pinned)
{
    static const char *const replaced[] = {"LC_ALL=", "PWD=", "TMPDIR="};
    struct args env = ARGS_EMPTY;
    for (char **item = environ; *item != NULL; item++)
        if (!begins_with_one(*item, replaced, dir != NULL ? 3 : 1) &&
            !(pinned && begins_with_one(*item, steering, sizeof steering / sizeof *steering)))
            args_add(&env, *item);
    args_add(&env, "LC_ALL=C");
    if (pinned) {
        args_add(&env, "SOURCE_DATE_EPOCH=0");
        args_add(&env, "TZ=UTC0");
        args_add(&env, "ZERO_AR_DATE=1");
    }
    if (dir != NULL) {
        args_add(&env, "PWD=/proc/self/cwd");
        args_add_format(&env, "TMPDIR=%s", dir);
    }
    return env;
}

static int set_attributes(posix_spawnattr_t *attributes, const sigset_t *mask)
{
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGXFSZ);
    sigaddset(&defaults, SIGCHLD);
    int error = posix_spawnattr_setsigdefault(attributes, &defaults);
    if (error == 0)
        error = posix_spawnattr_setsigmask(attributes, mask);
    if (error == 0)
        error = posix_spawnattr_setpgroup(attributes, 0);
    if (error == 0)
        error = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    return error;
}

static int set_actions(posix_spawn_file_actions_t *actions, const struct child_request *request,
                       int writing_end)
{
    int error = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(actions, writing_end, 1);
    if (error == 0 && request->keep_stdout)
        error = posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0);
    else if (error == 0)
        error = posix_spawn_file_actions_adddup2(actions, writing_end, 2);
    if (error == 0 && request->dir != NULL)
        error = posix_spawn_file_actions_addchdir_np(actions, request->dir);
    return error;
}

static void limit(pid_t pid, int resource, uint64_t value, uint64_t grace)
{
    struct rlimit now;
    if (value == 0 || prlimit(pid, resource, NULL, &now) != 0)
        return;
    if (now.rlim_max > value + grace)
        now.rlim_max = value + grace;
    now.rlim_cur = now.rlim_max < value ? now.rlim_max : value;
    prlimit(pid, resource, &now, NULL);
}

/* A stack's room is laid out when a program starts, so this limit must be in place before. It is
 * ours for that moment. */
static int spawn_with_stack(const struct child_request *request, char **env, pid_t *pid,
                            const posix_spawn_file_actions_t *actions,
                            const posix_spawnattr_t *attributes)
{
    struct rlimit old = {0}, deep;
    bool changed = false;
    if (request->deep_stack && getrlimit(RLIMIT_STACK, &old) == 0) {
        deep = (struct rlimit){.rlim_cur = old.rlim_max, .rlim_max = old.rlim_max};
        changed = setrlimit(RLIMIT_STACK, &deep) == 0;
    }
    int error = posix_spawnp(pid, request->argv[0], actions, attributes, request->argv, env);
    if (changed)
        setrlimit(RLIMIT_STACK, &old);
    return error;
}

static int spawn_on_pipe(const struct child_request *request, pid_t *pid, int writing_end)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (error != 0)
        goto free_actions;
    error = set_actions(&actions, request, writing_end);
    if (error == 0)
        error = set_attributes(&attributes, request->mask);
    if (error == 0) {
        struct args env = make_environment(request->dir, request->pinned);
        error = spawn_with_stack(request, env.items, pid, &actions, &attributes);
        args_release(&env);
    }
    posix_spawnattr_destroy(&attributes);
free_actions:
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int child_start(const struct child_request *request, pid_t *pid, int *output)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return errno;
    int error = spawn_on_pipe(request, pid, ends[1]);
    close(ends[1]);
    if (error != 0) {
        close(ends[0]);
        return error;
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    /* The limits take hold a moment after the start: they bound a runaway, and nothing runs away in
     * that moment. SIGXCPU comes at the soft limit, SIGKILL five seconds of processor time later.
     * RLIMIT_DATA and not RLIMIT_AS, since node reserves far more address space than it uses. */
    limit(*pid, RLIMIT_CPU, request->cpu_seconds, 5);
    limit(*pid, RLIMIT_DATA, request->data_bytes, 0);
    *output = ends[0];
    return 0;
}
