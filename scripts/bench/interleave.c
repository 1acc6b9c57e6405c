/* Times commands against each other in one interleaved run: A B C A B C ..., so that what else the
 * machine does hits all of them alike.
 *
 *   interleave ROUNDS NAME PROGRAM [ARG...] [::: NAME PROGRAM [ARG...]]...
 *
 * The commands' standard streams are /dev/null; INTERLEAVE_STDIN names another standard input.
 * Prints one JSON object a command: times in nanoseconds from spawn to exit, of the clock (min,
 * median, p90) and of the processor (cpu_min, cpu_median: user and system, all threads); max_rss in
 * KiB, status as of the last round. The first round is not counted, unless INTERLEAVE_WARM is set:
 * then all rounds are.
 *
 * A command whose NAME begins with + measures itself: the last number on its standard output is
 * its time in nanoseconds, and is taken for both.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct command {
    const char *name; /* without the + */
    bool times_itself;
    char **argv;
    uint64_t *times, *cpu; /* a round each */
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

static uint64_t nanoseconds(struct timeval time)
{
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_usec * 1000u;
}

static void check(int err, const char *what)
{
    if (err != 0) {
        fprintf(stderr, "interleave: %s: %s\n", what, strerror(err));
        exit(1);
    }
}

/* Reads to the end; the last whole number in it, 0 if there is none. */
static uint64_t last_number(int fd)
{
    uint64_t number = 0;
    bool inside = false;
    char data[4096];
    for (;;) {
        ssize_t n = read(fd, data, sizeof data);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return number;
        for (ssize_t i = 0; i < n; i++) {
            bool digit = isdigit((unsigned char)data[i]);
            if (digit)
                number = (inside ? number * 10 : 0) + (uint64_t)(data[i] - '0');
            inside = digit;
        }
    }
}

static void run(struct command *c, const char *in, char **env, uint64_t *time, uint64_t *cpu)
{
    posix_spawn_file_actions_t actions;
    int out[2] = {-1, -1};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, in, O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (c->times_itself) {
        check(pipe2(out, O_CLOEXEC) != 0 ? errno : 0, "pipe");
        posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    } else {
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    }
    pid_t pid;
    struct rusage usage;
    uint64_t start = now(), own = 0;
    check(posix_spawnp(&pid, c->argv[0], &actions, NULL, c->argv, env), c->argv[0]);
    if (c->times_itself) {
        close(out[1]);
        own = last_number(out[0]);
        close(out[0]);
    }
    while (wait4(pid, &c->status, 0, &usage) < 0 && errno == EINTR)
        ;
    *time = c->times_itself ? own : now() - start;
    *cpu = c->times_itself ? own : nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime);
    if (usage.ru_maxrss > c->max_rss)
        c->max_rss = usage.ru_maxrss;
    posix_spawn_file_actions_destroy(&actions);
}

/* Cuts the arguments into commands; 0 if memory is out. */
static int parse(int argc, char **argv, long rounds, struct command *commands)
{
    int count = 0;
    for (int i = 2; i + 1 < argc;) {
        struct command *c = &commands[count++];
        *c = (struct command){.name = argv[i], .argv = argv + i + 1};
        c->times_itself = *c->name == '+';
        c->name += c->times_itself;
        c->times = calloc((size_t)rounds, sizeof *c->times);
        c->cpu = calloc((size_t)rounds, sizeof *c->cpu);
        if (c->times == NULL || c->cpu == NULL)
            return 0;
        for (i++; i < argc && strcmp(argv[i], ":::") != 0; i++)
            ;
        if (i < argc)
            argv[i++] = NULL;
    }
    return count;
}

int main(int argc, char **argv, char **env)
{
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    if (argc < 4 || rounds < 1) {
        fprintf(stderr,
                "usage: interleave ROUNDS NAME PROGRAM [ARG...] [::: NAME PROGRAM...]...\n");
        return 2;
    }
    struct command *commands = calloc((size_t)argc, sizeof *commands);
    int count = commands == NULL ? 0 : parse(argc, argv, rounds, commands);
    check(count == 0 ? ENOMEM : 0, "commands");
    const char *in = getenv("INTERLEAVE_STDIN");
    for (long r = getenv("INTERLEAVE_WARM") != NULL ? 0 : -1; r < rounds; r++) {
        for (int i = 0; i < count; i++) {
            uint64_t time, cpu;
            run(&commands[i], in != NULL ? in : "/dev/null", env, &time, &cpu);
            if (r >= 0) {
                commands[i].times[r] = time;
                commands[i].cpu[r] = cpu;
            }
        }
    }
    for (int i = 0; i < count; i++) {
        struct command *c = &commands[i];
        qsort(c->times, (size_t)rounds, sizeof *c->times, compare);
        qsort(c->cpu, (size_t)rounds, sizeof *c->cpu, compare);
        printf(
            "{\"name\": \"%s\", \"rounds\": %ld, \"min\": %llu, \"median\": %llu, \"p90\": %llu, "
            "\"cpu_min\": %llu, \"cpu_median\": %llu, \"max_rss\": %ld, \"status\": %d}\n",
            c->name, rounds, (unsigned long long)c->times[0],
            (unsigned long long)c->times[rounds / 2], (unsigned long long)c->times[rounds * 9 / 10],
            (unsigned long long)c->cpu[0], (unsigned long long)c->cpu[rounds / 2], c->max_rss,
            WIFEXITED(c->status) ? WEXITSTATUS(c->status) : 128 + WTERMSIG(c->status));
        free(c->times);
        free(c->cpu);
    }
    free(commands);
    return 0;
}
