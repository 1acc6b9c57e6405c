/* Times commands against each other in one interleaved run: A B C A B C ..., so that what else the
 * machine does hits all of them alike.
 *
 *   interleave ROUNDS NAME PROGRAM [ARG...] [::: NAME PROGRAM [ARG...]]...
 *
 * The commands' standard streams are /dev/null; INTERLEAVE_STDIN names another standard input.
 * Prints one JSON object a command: times in nanoseconds from spawn to exit, max_rss in KiB, status
 * as of the last round. The first round is not counted.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define COMMANDS_MAX 16

struct command {
    const char *name;
    char **argv;
    uint64_t *times;
    long max_rss;
    int status;
};

static uint64_t now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint64_t run(struct command *c, posix_spawn_file_actions_t *actions, char **env)
{
    pid_t pid;
    struct rusage usage;
    uint64_t start = now();
    int err = posix_spawnp(&pid, c->argv[0], actions, NULL, c->argv, env);
    if (err != 0) {
        fprintf(stderr, "interleave: %s: %s\n", c->argv[0], strerror(err));
        exit(1);
    }
    while (wait4(pid, &c->status, 0, &usage) < 0 && errno == EINTR)
        ;
    uint64_t time = now() - start;
    if (usage.ru_maxrss > c->max_rss)
        c->max_rss = usage.ru_maxrss;
    return time;
}

int main(int argc, char **argv, char **env)
{
    struct command commands[COMMANDS_MAX];
    int count = 0;
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    if (argc < 4 || rounds < 1) {
        fprintf(stderr,
                "usage: interleave ROUNDS NAME PROGRAM [ARG...] [::: NAME PROGRAM...]...\n");
        return 2;
    }
    for (int i = 2; i + 1 < argc && count < COMMANDS_MAX;) {
        struct command *c = &commands[count++];
        *c = (struct command){.name = argv[i], .argv = argv + i + 1};
        c->times = calloc((size_t)rounds, sizeof *c->times);
        if (c->times == NULL)
            return 1;
        for (i++; i < argc && strcmp(argv[i], ":::") != 0; i++)
            ;
        if (i < argc)
            argv[i++] = NULL;
    }
    const char *in = getenv("INTERLEAVE_STDIN");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, in != NULL ? in : "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    for (long r = -1; r < rounds; r++) {
        for (int i = 0; i < count; i++) {
            uint64_t time = run(&commands[i], &actions, env);
            if (r >= 0)
                commands[i].times[r] = time;
        }
    }
    for (int i = 0; i < count; i++) {
        struct command *c = &commands[i];
        qsort(c->times, (size_t)rounds, sizeof *c->times, compare);
        printf(
            "{\"name\": \"%s\", \"rounds\": %ld, \"min\": %llu, \"median\": %llu, \"p90\": %llu, "
            "\"max_rss\": %ld, \"status\": %d}\n",
            c->name, rounds, (unsigned long long)c->times[0],
            (unsigned long long)c->times[rounds / 2], (unsigned long long)c->times[rounds * 9 / 10],
            c->max_rss, WIFEXITED(c->status) ? WEXITSTATUS(c->status) : 128 + WTERMSIG(c->status));
        free(c->times);
    }
    posix_spawn_file_actions_destroy(&actions);
    return 0;
}
