#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

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

static int begin_streams(struct dagger_instance *instance, const struct dagger_options *options)
{
    struct w2c_dagger *imports = &instance->runtime.imports;
    struct dagger_host host;
    int result = dagger_options_take(instance, options, &host);
    if (result != 0)
        return result;
    instance->module->streams->begin(&imports->process, &host);
    const struct dagger_limits *limits = &instance->runtime.limits;
    if (limits->streams && limits->streams < imports->process.limit)
        imports->process.limit = (size_t)limits->streams;
    imports->process.stream_bytes = limits->stream_bytes;
    return instance->module->wasi ? instance->module->wasi(imports, options) : 0;
}

/* On the instance's own stack, as all that is the guest's. */
static void instantiate(void *guest, void *argument)
{
    struct dagger_instance *instance = argument;
    const struct dagger_module *module = instance->module;
    module->instantiate(guest, &instance->runtime.imports);
    if (module->exchange_fuel)
        module->exchange_fuel(guest, instance->runtime.fuel.given);
    if (module->start)
        module->start(guest);
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
    dagger_options_drop(instance);
    free(instance);
}

/* A guest that trapped or failed did not get to the end of what it left open. */
static int end_streams(struct dagger_instance *instance)
{
    const struct dagger_embedded_streams *streams = instance->module->streams;
    bool failed = instance->trapped || instance->status != 0;
    return streams ? streams->end(&instance->runtime.imports.process, failed) : 0;
}

/* 0: no limit. */
static uint64_t narrower(uint64_t one, uint64_t other)
{
    return other && (!one || other < one) ? other : one;
}

static int set_up(struct dagger_instance *instance, const struct dagger_options *options)
{
    const struct dagger_module *module = instance->module;
    struct dagger_state *runtime = &instance->runtime;
    runtime->limits = (struct dagger_limits){
        .memory = narrower(module->max_memory, options->max_memory),
        .table = narrower(module->max_table, options->max_table),
        .streams = narrower(module->max_streams, options->max_streams),
        .stream_bytes = narrower(module->max_stream_bytes, options->max_stream_bytes),
    };
    int result = dagger_fuel_take(instance, options->fuel);
    if (result == 0)
        result = stack_new(runtime);
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
    runtime->memories.max_bytes = runtime->limits.memory;
    if (module->memory)
        runtime->imports.memory = module->memory(instance->guest);
    runtime->started = true;
    return dagger_run_paid(instance, instantiate, instance);
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
        end_streams(instance);
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
    int error = end_streams(instance);
    drop(instance);
    return error ? dagger_result(DAGGER_RESULT_UNDELIVERED) : 0;
}
