/* Calls within calls: what is asked whether a guest may open a URL calls guests itself. */
#include <signal.h>
#include <sys/time.h>

#include "check.h"
#include "counter.h"
#include "io.h"

static struct dagger_instance *first, *second, *counter;
static int asked, depth;
static bool allows_control;

static void put_url(struct dagger_instance *io, const char *url)
{
    CHECK(dagger_memory_write(io, 0, url, strlen(url)) == 0);
}

/* From the first instance, which waits: another module, a trap, a trap of an instance that waits,
 * then the second, and from that the first again, which is refused. */
static bool ask(void *context, const char *url)
{
    struct dagger_instance *self = *(struct dagger_instance **)context;
    int32_t n = 0;
    asked++;
    CHECK(dagger_instance_free(self) == DAGGER_RESULT_BUSY);
    CHECK(counter_next(counter, &n) == 0 && n == asked);
    CHECK(counter_deep(counter, 1, &n) == DAGGER_RESULT_STACK_EXHAUSTED);
    CHECK(io_abort(self) == DAGGER_RESULT_UNREACHABLE);
    /* Its streams are in use, whichever it means. */
    CHECK(io_close(self, 0, &n) == 0 && n == -6);
    CHECK(io_flush(self, 99, &n) == 0 && n == -6);
    if (asked == 1)
        CHECK(io_down(self, 1, &n) == DAGGER_RESULT_STACK_EXHAUSTED);
    if (depth++ < 6) {
        put_url(self == first ? second : first, "null://");
        CHECK(io_open(self == first ? second : first, 0, 7, &n) == 0);
        CHECK(n >= 0 || n == -6);
    }
    return strcmp(url, "null://") == 0 || strcmp(url, "zero://") == 0 ||
           (allows_control && strcmp(url, "control://") == 0);
}

static volatile sig_atomic_t refused;

static void interrupt(int signal)
{
    struct dagger_instance *instance;
    int32_t n;
    (void)signal;
    if (counter_next(first, &n) == DAGGER_RESULT_WRONG_MODULE &&
        counter_next(counter, &n) == DAGGER_RESULT_BUSY &&
        io_flush(first, 99, &n) == DAGGER_RESULT_BUSY &&
        dagger_instance_new(&io_module, NULL, &instance) == DAGGER_RESULT_BUSY &&
        dagger_instance_free(first) == DAGGER_RESULT_BUSY)
        refused++;
}

/* A handler that has interrupted a guest gets no other guest to run: their stacks are in use. */
static void in_signal_handler(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_ONSTACK};
    struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    int64_t sum = 0;
    sigaction(SIGVTALRM, &action, NULL);
    setitimer(ITIMER_VIRTUAL, &often, NULL);
    CHECK(counter_sum(counter, 200000000, &sum) == 0);
    setitimer(ITIMER_VIRTUAL, &never, NULL);
    CHECK(sum == INT64_C(199999999) * 100000000);
    CHECK(refused > 0);
}

/* A command that asks, and is not done when the program calls back. */
static void control(void)
{
    static const char url[] = "control://", command[] = "allowed zero://\n";
    char answer[8] = "";
    int32_t sd, n;
    depth = 6;
    put_url(first, url);
    CHECK(io_open(first, 0, sizeof url - 1, &sd) == 0 && sd == -6);
    allows_control = true;
    CHECK(io_open(first, 0, sizeof url - 1, &sd) == 0 && sd >= 0);
    CHECK(dagger_memory_write(first, 100, command, sizeof command - 1) == 0);
    CHECK(io_write(first, sd, 100, sizeof command - 1, &n) == 0 && n == sizeof command - 1);
    CHECK(io_read(first, sd, 200, 7, &n) == 0 && n == 7);
    CHECK(dagger_memory_read(first, 200, answer, 7) == 0 && strcmp(answer, "yes\nok\n") == 0);
    CHECK(io_close(first, sd, &n) == 0 && n == 0);
}

int main(void)
{
    struct dagger_options options = {.allowed = ask, .context = &first};
    int32_t n = 0;
    CHECK(dagger_instance_new(&counter_module, NULL, &counter) == 0);
    CHECK(dagger_instance_new(&io_module, &options, &first) == 0);
    options.context = &second;
    CHECK(dagger_instance_new(&io_module, &options, &second) == 0);

    put_url(first, "ZERO://");
    CHECK(io_open(first, 0, 7, &n) == 0 && n >= 0);
    CHECK(asked == 2);
    put_url(first, "random://");
    CHECK(io_open(first, 0, 9, &n) == 0 && n == -6);
    CHECK(asked == 4);
    put_url(first, "null://");
    CHECK(io_open_and_trap(first, 0, 7) == DAGGER_RESULT_UNREACHABLE);
    CHECK(asked == 6);
    control();
    CHECK(io_down(first, 1, &n) == DAGGER_RESULT_STACK_EXHAUSTED);
    CHECK(io_flush(first, 99, &n) == 0 && n == -4);

    in_signal_handler();
    CHECK(dagger_instance_free(first) == 0);
    CHECK(dagger_instance_free(second) == 0);
    CHECK(dagger_instance_free(counter) == 0);
    return 0;
}
