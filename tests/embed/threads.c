/* Instances in several threads at once, and one instance that two threads want. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "check.h"
#include "counter.h"
#include "io.h"

enum { THREADS = 8, ROUNDS = 200 };

static struct dagger_instance *shared;
static atomic_bool reads;

static void *work(void *argument)
{
    struct dagger_instance *counter;
    int32_t n = 0;
    int64_t sum = 0;
    sigset_t all;
    (void)argument;
    sigfillset(&all); /* as many programs do for their threads: faults are to be noticed anyway */
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    CHECK(dagger_instance_new(&counter_module, NULL, &counter) == 0);
    for (int i = 1; i <= ROUNDS; i++) {
        CHECK(counter_next(counter, &n) == 0 && n == i);
        CHECK(counter_sum(counter, 1000, &sum) == 0 && sum == 999 * 500);
        if (i % 20 == 0)
            CHECK_RESULT(counter_deep(counter, 1, &n), DAGGER_RESULT_STACK_EXHAUSTED,
                         "call stack exhausted");
        CHECK_RESULT(counter_fire(counter, &n), DAGGER_RESULT_CALL_INDIRECT, "undefined element");
    }
    CHECK(dagger_instance_free(counter) == 0);
    return NULL;
}

/* Writes to a stream that all share. */
static void *write_lines(void *argument)
{
    struct dagger_instance *io;
    int32_t sd = -1, n = 0;
    char line[] = "line 0 of a thread\n";
    line[5] = (char)('0' + (intptr_t)argument);
    CHECK(dagger_instance_new(&io_module, NULL, &io) == 0);
    CHECK(dagger_memory_write(io, 0, "stdout://", 9) == 0);
    CHECK(dagger_memory_write(io, 100, line, sizeof line - 1) == 0);
    CHECK(io_open(io, 0, 9, &sd) == 0 && sd == 0);
    for (int i = 0; i < ROUNDS; i++)
        CHECK(io_write(io, sd, 100, sizeof line - 1, &n) == 0 && n == sizeof line - 1);
    CHECK(dagger_instance_free(io) == 0);
    return NULL;
}

/* Waits in the guest for a byte. */
static void *wait_for_input(void *argument)
{
    int32_t sd = -1, n = 0;
    int result;
    (void)argument;
    CHECK(dagger_memory_write(shared, 0, "stdin://", 8) == 0);
    CHECK(io_open(shared, 0, 8, &sd) == 0 && sd >= 0);
    atomic_store(&reads, true);
    do
        result = io_read(shared, sd, 100, 1, &n);
    while (result == DAGGER_RESULT_BUSY);
    CHECK(result == 0 && n == 1);
    CHECK(io_close(shared, sd, &n) == 0);
    return NULL;
}

static void in_all(void *(*function)(void *))
{
    pthread_t threads[THREADS];
    for (intptr_t i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, function, (void *)i) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    pthread_t thread;
    int32_t n = 0;
    int ends[2];
    in_all(work);
    in_all(write_lines);

    CHECK(pipe(ends) == 0 && dup2(ends[0], 0) == 0);
    CHECK(dagger_instance_new(&io_module, NULL, &shared) == 0);
    CHECK(pthread_create(&thread, NULL, wait_for_input, NULL) == 0);
    while (!atomic_load(&reads) || io_abort(shared) != DAGGER_RESULT_BUSY)
        usleep(1000);
    CHECK_RESULT(io_abort(shared), DAGGER_RESULT_BUSY, "another thread is in this");
    CHECK(dagger_instance_free(shared) == DAGGER_RESULT_BUSY);
    CHECK(dagger_memory_grow(shared, 1, NULL) == DAGGER_RESULT_BUSY);
    CHECK(write(ends[1], "x", 1) == 1);
    pthread_join(thread, NULL);
    CHECK(io_close(shared, 99, &n) == 0 && n == -4); /* one after the other is good */
    CHECK(dagger_instance_free(shared) == 0);
    return 0;
}
