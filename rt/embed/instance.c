#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "calls.h"
#include "instance.h"
#include "memory.h"

/* As in start.c. */
#define STACK_SIZE      (UINT64_C(16) << 20)
#define STACK_GUARD     (UINT64_C(16) << 20)
#define STACK_FOR_CALLS (UINT64_C(256) << 10)

static int stack_new(struct dagger_state *runtime)
{
    char *base = mmap(NULL, STACK_GUARD + STACK_SIZE, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (base == MAP_FAILED)
        goto failed;
    runtime->stack_guard = (uintptr_t)base;
    runtime->stack_low = runtime->stack_guard + STACK_GUARD;
    runtime->stack_high = runtime->stack_low + STACK_SIZE;
    runtime->imports.stack_limit = runtime->stack_low + STACK_FOR_CALLS;
    if (mprotect(base + STACK_GUARD, STACK_SIZE, PROT_READ | PROT_WRITE) != 0)
        goto failed;
    madvise(base + STACK_GUARD, STACK_SIZE, MADV_NOHUGEPAGE);
    return 0;
failed:
    return dagger_result_because(DAGGER_RESULT_FAILED,
                                 "can't get 32 MiB of address space for the stack: %s",
                                 strerror(errno));
}

static void stack_free(const struct dagger_state *runtime)
{
    if (runtime->stack_guard)
        munmap((void *)runtime->stack_guard, STACK_GUARD + STACK_SIZE);
}

static int check_module(const struct dagger_module *module)
{
    if (module->version != DAGGER_EMBED_VERSION || module->size != sizeof *module)
        return dagger_result(DAGGER_RESULT_VERSION);
    if (module->processor && !module->processor->is_present())
        return dagger_result_because(
            DAGGER_RESULT_PROCESSOR,
            "compiled for processors with all of %s, which this one has not; compile it with "
            "daggercc -march=x86-64, or here with -march=native",
            module->processor->name);
    return 0;
}

static int copy_text(const char *text, char **copy)
{
    *copy = text ? strdup(text) : NULL;
    if (text && !*copy)
        return dagger_result_because(DAGGER_RESULT_FAILED, "out of memory");
    return 0;
}

/* The host that stream kinds hand on is the process's own, never a copy. */
static bool is_allowed(const struct dagger_host *host, const struct dagger_url *url)
{
    const struct w2c_dagger *imports =
        (const struct w2c_dagger *)((const char *)host - offsetof(struct w2c_dagger, process.host));
    const struct dagger_instance *instance = (const struct dagger_instance *)imports;
    char text[DAGGER_URL_MAX + 1];
    size_t len = url->whole.len < sizeof text ? url->whole.len : sizeof text - 1;
    memcpy(text, url->whole.data, len);
    text[len] = '\0';
    return instance->allowed(instance->context, text);
}
_Static_assert(offsetof(struct dagger_instance, runtime) == 0 &&
                   offsetof(struct dagger_state, imports) == 0,
               "an instance is found by its imports");

static int begin_streams(struct dagger_instance *instance, const struct dagger_options *options)
{
    int result = copy_text(options->root, &instance->root);
    if (result == 0)
        result = copy_text(options->ca_file, &instance->ca_file);
    if (result != 0)
        return result;
    struct stat root;
    if (instance->root && (stat(instance->root, &root) != 0 || !S_ISDIR(root.st_mode)))
        return dagger_result_because(DAGGER_RESULT_FAILED, "the root is not a directory");
    if (options->connect_timeout_ms < 0 || options->idle_timeout_ms < 0)
        return dagger_result_because(DAGGER_RESULT_FAILED, "a timeout is negative");
    struct dagger_host host = {
        .root = instance->root,
        .ca_file = instance->ca_file,
        .connect_timeout_ms = options->connect_timeout_ms,
        .idle_timeout_ms = options->idle_timeout_ms,
        .allowed = options->allowed ? is_allowed : NULL,
    };
    instance->allowed = options->allowed;
    instance->context = options->context;
    instance->module->streams->begin(&instance->runtime.imports.process, &host);
    return 0;
}

/* On the instance's own stack, as all that is the guest's. */
static void instantiate(void *guest, void *argument)
{
    struct dagger_instance *instance = argument;
    const struct dagger_module *module = instance->module;
    module->instantiate(guest, &instance->runtime.imports);
    if (module->initialize)
        module->initialize(guest, NULL);
}

static void release(void *guest, void *argument)
{
    const struct dagger_module *module = argument;
    module->release(guest);
}

static void drop(struct dagger_instance *instance)
{
    if (instance->guest)
        dagger_run(instance, release, (void *)instance->module);
    stack_free(&instance->runtime);
    free(instance->guest);
    free(instance->root);
    free(instance->ca_file);
    free(instance);
}

static int set_up(struct dagger_instance *instance, const struct dagger_options *options)
{
    const struct dagger_module *module = instance->module;
    struct dagger_state *runtime = &instance->runtime;
    int result = stack_new(runtime);
    if (result == 0 && module->streams)
        result = begin_streams(instance, options);
    if (result != 0)
        return result;
    uint64_t size = (module->instance_size + 63) & ~UINT64_C(63);
    instance->guest = aligned_alloc(64, size);
    if (!instance->guest)
        return dagger_result_because(DAGGER_RESULT_FAILED, "out of memory");
    memset(instance->guest, 0, size);
    runtime->memories.mode = module->memory_mode;
    runtime->memories.max_bytes = module->max_memory;
    if (options->max_memory && (!module->max_memory || options->max_memory < module->max_memory))
        runtime->memories.max_bytes = options->max_memory;
    if (module->memory)
        runtime->imports.memory = module->memory(instance->guest);
    runtime->started = true;
    return dagger_run(instance, instantiate, instance);
}

int dagger_instance_new(const struct dagger_module *module, const struct dagger_options *options,
                        struct dagger_instance **out)
{
    static const struct dagger_options none;
    *out = NULL;
    int result = check_module(module);
    if (result == 0)
        result = dagger_thread_prepare();
    if (result != 0)
        return result;
    struct dagger_instance *instance = calloc(1, sizeof *instance);
    if (!instance)
        return dagger_result_because(DAGGER_RESULT_FAILED, "out of memory");
    instance->module = module;
    if (!dagger_claim(instance)) {
        free(instance);
        return dagger_result(DAGGER_RESULT_BUSY);
    }
    result = set_up(instance, options ? options : &none);
    if (result != 0) {
        if (module->streams)
            module->streams->end(&instance->runtime.imports.process, instance->trapped);
        drop(instance);
        return result;
    }
    dagger_release(instance);
    *out = instance;
    return 0;
}

int dagger_instance_free(struct dagger_instance *instance)
{
    if (!instance)
        return 0;
    int result = dagger_thread_prepare();
    if (result != 0)
        return result;
    if (!dagger_claim(instance) || instance->call)
        return dagger_result(DAGGER_RESULT_BUSY);
    const struct dagger_embedded_streams *streams = instance->module->streams;
    int error = streams ? streams->end(&instance->runtime.imports.process, instance->trapped) : 0;
    drop(instance);
    return error ? dagger_result(DAGGER_RESULT_UNDELIVERED) : 0;
}
