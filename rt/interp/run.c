#include "run.h"

#include <stdlib.h>

#include "report.h"
#include "runtime.h"
#include "session.h"
#include "traps.h"
#include "watch.h"

static const char *const call_names[DAGGER_CALLS] = {[DAGGER_OPEN] = "open",
                                                     [DAGGER_CLOSE] = "close",
                                                     [DAGGER_READ] = "read",
                                                     [DAGGER_WRITE] = "write",
                                                     [DAGGER_FLUSH] = "flush"};

/* The guest's memory as the five calls know it. */
static wasm_rt_memory_t memory;

static uint64_t instructions;

static void look_at_memory(uint8_t *data, uint64_t size)
{
    memory.data = data;
    memory.size = size;
    memory.pages = size / WASM_DEFAULT_PAGE_SIZE;
}

static uint32_t call(size_t number, const uint32_t *arguments, uint8_t *data, uint64_t size)
{
    struct w2c_dagger *imports = &dagger_runtime.imports;
    look_at_memory(data, size);
    switch (number) {
    case DAGGER_OPEN:
        return dagger_call_open(imports, arguments[0], arguments[1]);
    case DAGGER_CLOSE:
        return dagger_call_close(imports, arguments[0]);
    case DAGGER_READ:
        return dagger_call_read(imports, arguments[0], arguments[1], arguments[2]);
    case DAGGER_WRITE:
        return dagger_call_write(imports, arguments[0], arguments[1], arguments[2]);
    default:
        return dagger_call_flush(imports, arguments[0]);
    }
}

const struct engine_host run_host = {call_names, DAGGER_CALLS, call};

struct listing {
    struct dagger_frames *frames;
    const struct loaded *loaded;
};

static void list_frame(void *argument, uint32_t function)
{
    const struct listing *listing = argument;
    const struct module_text *name = &listing->loaded->names[function];
    struct dagger_frame frame = {function, name->len, (const char *)name->data};
    dagger_frames_add(listing->frames, &frame);
}

static void list_frames(struct dagger_frames *frames, const void *loaded)
{
    struct listing listing = {frames, loaded};
    engine_frames(list_frame, &listing);
}

/* Goes on only if the guest may. */
static void judge(const struct loaded *loaded, const struct engine_outcome *outcome)
{
    look_at_memory(NULL, engine_memory_size()); /* for the stats; nobody reads it any more */
    if (outcome->ending == ENGINE_TRAPPED)
        dagger_trap_end(interp_trap(outcome->message), list_frames, loaded);
    if (outcome->ending == ENGINE_FAILED) {
        dagger_session_end(0);
        dagger_fail(DAGGER_STATUS_FAILED, "the interpreter failed: %e", outcome->message);
    }
}

static int32_t run_function(const struct loaded *loaded, uint32_t index, uint64_t *fuel)
{
    const struct module *module = &loaded->module;
    uint32_t arguments = module->types[module->function_types[index]].param_count;
    uint64_t before = *fuel;
    struct engine_outcome outcome = engine_run(index, arguments, fuel);
    instructions += before - *fuel;
    judge(loaded, &outcome);
    return outcome.result;
}

int run_guest(const struct loaded *loaded, const char *program,
              const struct dagger_options *options)
{
    const struct module *module = &loaded->module;
    uint64_t fuel = options->fuel;
    if (options->stats)
        setenv("DAGGER_STATS", "1", 1);
    if (options->trace)
        setenv("DAGGER_TRACE", "1", 1);
    dagger_session_begin(program);
    dagger_watch_engine("interpreted", &instructions);
    if (module->memory != UINT32_MAX)
        dagger_runtime.imports.memory = &memory;
    dagger_runtime.started = true;
    struct engine_outcome outcome = engine_instantiate();
    judge(loaded, &outcome);
    if (module->has_start)
        run_function(loaded, module->start, &fuel);
    if (module->initialize != UINT32_MAX)
        run_function(loaded, module->initialize, &fuel);
    int32_t result = run_function(loaded, module->entry, &fuel);
    return dagger_session_end(result & 255);
}
