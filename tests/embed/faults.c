/* Faults that are not the guest's: what there was before takes them, or they kill. The argument
 * says which. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "io.h"
#include "traps.h"

static struct dagger_instance *traps;
static sigjmp_buf back;
static volatile sig_atomic_t handled;
static char *volatile nowhere = (char *)16;

/* An embedder's own handler, as of a garbage collector: mends the page and goes on. */
static void mend(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    handled++;
    char *page = (char *)((uintptr_t)info->si_addr & ~(uintptr_t)4095);
    if (mprotect(page, 4096, PROT_READ | PROT_WRITE) != 0)
        _exit(9);
}

static void jump(int signal)
{
    (void)signal;
    handled++;
    siglongjmp(back, 1);
}

static void take(void)
{
    int32_t n;
    CHECK(dagger_instance_new(&traps_module, NULL, &traps) == 0);
    CHECK(traps_load(traps, -1, &n) == DAGGER_RESULT_OUT_OF_BOUNDS);
    CHECK(traps_recurse(traps, -1, &n) == DAGGER_RESULT_STACK_EXHAUSTED);
}

static void chained_with_siginfo(void)
{
    struct sigaction action = {.sa_sigaction = mend, .sa_flags = SA_SIGINFO};
    char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    sigaction(SIGSEGV, &action, NULL);
    take();
    CHECK(handled == 0);
    page[5] = 1;
    CHECK(handled == 1 && page[5] == 1);
    take();
    CHECK(handled == 1);
}

static void chained_without(void)
{
    struct sigaction action = {.sa_handler = jump, .sa_flags = SA_NODEFER};
    sigaction(SIGSEGV, &action, NULL);
    take();
    if (sigsetjmp(back, 1) == 0)
        *nowhere = 1;
    CHECK(handled == 1);
    /* Beyond the guest's memory, but by us. */
    char *memory = dagger_memory_at(traps, 0, 1);
    if (sigsetjmp(back, 1) == 0)
        memory[1 << 20] = 1;
    CHECK(handled == 2);
    take();
}

static void *fault(void *argument)
{
    (void)argument;
    *nowhere = 1;
    return NULL;
}

static bool fault_in_callback(void *context, const char *url)
{
    (void)context;
    *nowhere = url[0];
    return true;
}

static bool overflow_in_callback(void *context, const char *url)
{
    char *memory = dagger_memory_at(*(struct dagger_instance **)context, 0, 1);
    memory[1 << 20] = url[0]; /* a guest's guard page, but by us */
    return true;
}

static void in_callback(bool (*callback)(void *, const char *))
{
    struct dagger_instance *io;
    struct dagger_options options = {.allowed = callback, .context = &io};
    int32_t n;
    CHECK(dagger_instance_new(&io_module, &options, &io) == 0);
    CHECK(dagger_memory_write(io, 0, "null://", 7) == 0);
    CHECK(io_open(io, 0, 7, &n) == 0);
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    if (strcmp(how, "siginfo") == 0)
        chained_with_siginfo();
    else if (strcmp(how, "plain") == 0)
        chained_without();
    else
        take();
    if (strcmp(how, "default") == 0)
        *nowhere = 1;
    if (strcmp(how, "thread") == 0) {
        pthread_t thread;
        pthread_create(&thread, NULL, fault, NULL);
        pthread_join(thread, NULL);
    }
    if (strcmp(how, "sent") == 0)
        raise(SIGSEGV);
    if (strcmp(how, "callback") == 0)
        in_callback(fault_in_callback);
    if (strcmp(how, "guard") == 0)
        in_callback(overflow_in_callback);
    printf("ended\n");
    return 0;
}
