/* WASI in several threads: files in each one's directory, and one that waits keeps nobody waiting.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asking.h"

enum { THREADS = 6, ROUNDS = 100 };

static int input; /* where what the guests hear is said */

static void *use_files(void *argument)
{
    char given[32], line[32];
    snprintf(given, sizeof given, "thread%d::/data", (int)(intptr_t)argument);
    const char *const directories[] = {given, NULL};
    struct dagger_options options = {.directories = directories, .standard_streams = true};
    for (int i = 0; i < ROUNDS; i++) {
        struct dagger_instance *guest = make(&options);
        snprintf(line, sizeof line, "thread %d round %d\n", (int)(intptr_t)argument, i);
        CHECK(writes(guest, "/data/file", line) == (int32_t)strlen(line));
        CHECK(reads(guest, "/data/file", line));
        CHECK(ask(guest, reactor_say, line, "") == (int32_t)strlen(line));
        if (i % 3 == 0)
            CHECK(reactor_quit(guest, i) == DAGGER_RESULT_EXITED);
        CHECK(dagger_instance_free(guest) == 0);
    }
    return NULL;
}

static void *listen_to_input(void *argument)
{
    int32_t n = 0;
    CHECK(reactor_listen(argument, &n) == 0 && n == 1);
    CHECK(reactor_hear(argument, &n) == 0 && n == 5);
    return NULL;
}

/* Ends only if the others' calls go on. */
static void a_wait(void)
{
    struct dagger_options options = {.standard_streams = true};
    struct dagger_instance *waiting = make(&options), *other = make(&options);
    pthread_t thread;
    int32_t n;
    CHECK(pthread_create(&thread, NULL, listen_to_input, waiting) == 0);
    while (reactor_ready(waiting, &n) != DAGGER_RESULT_BUSY)
        usleep(1000);
    for (int i = 0; i < 20; i++, usleep(1000))
        CHECK(ask(other, reactor_say, "", "") == 0 &&
              ask(other, reactor_read_file, "/none", "") < 0);
    dagger_instance_free(make(&options));
    CHECK(reactor_ready(waiting, &n) == DAGGER_RESULT_BUSY);
    CHECK(reactor_entropy(other, &n) == 0 && n == 0);
    CHECK(write(input, "heard", 5) == 5);
    pthread_join(thread, NULL);
    CHECK(strncmp(text_of(waiting), "heard", 5) == 0);
    CHECK(dagger_instance_free(waiting) == 0 && dagger_instance_free(other) == 0);
}

/* Nobody reads what is written: an error of the guest's, no signal of the program's. */
static void broken_pipe(void)
{
    struct dagger_options options = {.standard_streams = true};
    int ends[2];
    CHECK(pipe(ends) == 0 && dup2(ends[1], 1) == 1);
    close(ends[0]), close(ends[1]);
    struct dagger_instance *guest = make(&options);
    CHECK(ask(guest, reactor_say, "nobody reads this", "") == -64 /* PIPE */);
    CHECK(dagger_instance_free(guest) == 0);
}

int main(void)
{
    pthread_t threads[THREADS];
    int ends[2];
    CHECK(pipe(ends) == 0 && dup2(ends[0], 0) == 0);
    input = ends[1];
    for (intptr_t i = 0; i < THREADS; i++) {
        char name[] = "thread0";
        name[6] = (char)('0' + i);
        CHECK(mkdir(name, 0777) == 0);
        CHECK(pthread_create(&threads[i], NULL, use_files, (void *)i) == 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    a_wait();
    broken_pipe();
    return 0;
}
