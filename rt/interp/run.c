#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "environment.h"
#include "guest_limits.h"
#include "imports.h"
#include "needs.h"
#include "report.h"
#include "runtime.h"
#include "sections.h"
#include "session.h"
#include "traps.h"
#include "watch.h"

/* The guest's memory as the imports know it. */
static wasm_rt_memory_t memory;

static uint64_t instructions;

static void look_at_memory(uint8_t *data, uint64_t size)
{
    memory.data = data;
    memory.size = size;
    memory.pages = size / WASM_DEFAULT_PAGE_SIZE;
}

/* ---- Imports ----------------------------------------------------------------------------------
 */

#define ARGUMENT(i, type) , (type)arguments[i]
#define RETURN_1(call)    return call;
#define RETURN_0(call)                                                                             \
    call;                                                                                          \
    return 0;
#define FUNCTION(name, results, count, ...)                                                        \
    static uint32_t call_##name(struct w2c_dagger *imports, const uint64_t *arguments)             \
    {                                                                                              \
        (void)arguments;                                                                           \
        RETURN_##results(dagger_call_##name(imports DAGGER_EACH_##count(ARGUMENT, __VA_ARGS__)))   \
    }
#define WASI_FUNCTION(name, ...) FUNCTION(wasi_##name, __VA_ARGS__)
DAGGER_CORE_IMPORTS(FUNCTION)
DAGGER_WASI_IMPORTS(WASI_FUNCTION)

static const struct dagger_import imports_of_ours[] = {
#define X(name, ...) {#name, call_##name},
    DAGGER_CORE_IMPORTS(X)
#undef X
#define X(name, ...) {"wasi_" #name, call_wasi_##name},
        DAGGER_WASI_IMPORTS(X)
#undef X
};
enum { IMPORT_COUNT = sizeof imports_of_ours / sizeof *imports_of_ours };

/* How the guest ended itself. */
static struct {
    bool done;
    int status;
} ending;

/* The guest's ends are the engine's first, which takes the stack down: by a trap. */
static const char *call(const struct engine_call *call, uint32_t *result)
{
    static const char unreachable[] = "unreachable executed", exited[] = "exit";
    if (call->number == IMPORT_COUNT)
        return call->name;
    if (dagger_limits_exceeded())
        return unreachable; /* whatever it is: see judge */
    look_at_memory(call->memory, call->size);
    const struct dagger_import *import = &imports_of_ours[call->number];
    if (import->call == call_abort)
        return unreachable;
    if (import->call == call_wasi_proc_exit) {
        ending.done = true;
        ending.status = (int)(call->arguments[0] & 255);
        return exited;
    }
    *result = import->call(&dagger_runtime.imports, call->arguments);
    return NULL;
}

static bool is_over(void)
{
    return dagger_limits_exceeded() != DAGGER_TRAP_NONE;
}

const struct engine_host run_host = {imports_of_ours, IMPORT_COUNT, call, is_over};

/* ---- Running ----------------------------------------------------------------------------------
 */

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

/* A trap of the engine's. The name of an import that is not there is in the module. */
static _Noreturn void end_by_trap(const struct loaded *loaded, const char *message)
{
    static char name[400];
    enum dagger_trap limit = dagger_limits_exceeded(), trap = limit ? limit : interp_trap(message);
    if (trap == DAGGER_TRAP_UNDEFINED) {
        unsigned long number = strtoul(message + strcspn(message, "0123456789"), NULL, 10);
        import_name(&loaded->module.imports[number], name, sizeof name);
        dagger_trap_detail = name;
    }
    dagger_trap_end(trap, list_frames, loaded);
}

/* Goes on only if the guest may. */
static void judge(const struct loaded *loaded, const struct engine_outcome *outcome)
{
    look_at_memory(NULL, engine_memory_size()); /* for the stats; nobody reads it any more */
    if (ending.done)
        dagger_session_exit(ending.status);
    if (outcome->ending == ENGINE_TRAPPED)
        end_by_trap(loaded, outcome->message);
    if (outcome->ending == ENGINE_FAILED) {
        dagger_session_end(DAGGER_STATUS_FAILED);
        dagger_fail(DAGGER_STATUS_FAILED, "the interpreter failed: %e", outcome->message);
    }
}

/* Before there is an instance. */
static int64_t no_fuel_yet(void)
{
    return (int64_t)dagger_runtime.fuel.given;
}

static void run_function(const struct loaded *loaded, uint32_t index, const uint64_t *arguments,
                         uint64_t *results)
{
    struct engine_outcome outcome = engine_run(index, arguments, results, &instructions);
    judge(loaded, &outcome);
}

/* The types of the entry's parameters or results by the letters of union dagger_value. */
static void letters(const uint8_t *types, uint32_t count, char out[ENGINE_VALUES_MAX + 1])
{
    for (uint32_t i = 0; i < count; i++)
        out[i] = "dfji"[types[i] - TYPE_F64];
    out[count] = 0;
}

static void read_arguments(const char *types, const char *const *argv, uint64_t *arguments)
{
    union dagger_value values[ENGINE_VALUES_MAX] = {{0}};
    dagger_invoke_read(types, argv, values);
    for (size_t i = 0; types[i]; i++)
        memcpy(&arguments[i], &values[i], sizeof values[i]);
}

static int write_results(const char *types, const uint64_t *results)
{
    union dagger_value values[ENGINE_VALUES_MAX];
    memcpy(values, results, sizeof values);
    return dagger_invoke_write(types, values);
}

/* The session has begun. */
static int run_entry(const struct loaded *loaded, const struct dagger_options *options,
                     const char *const *argv)
{
    const struct module *module = &loaded->module;
    const struct module_functype *type = &module->types[module->function_types[module->entry]];
    uint64_t arguments[ENGINE_VALUES_MAX] = {0}, results[ENGINE_VALUES_MAX] = {0};
    char parameter_types[ENGINE_VALUES_MAX + 1], result_types[ENGINE_VALUES_MAX + 1];
    letters(type->params, type->param_count, parameter_types);
    letters(type->results, type->result_count, result_types);
    if (options->invoke)
        read_arguments(parameter_types, argv, arguments);
    struct engine_outcome outcome = engine_instantiate();
    judge(loaded, &outcome);
    if (options->fuel > 0) {
        dagger_runtime.fuel.left = engine_fuel_left;
        engine_set_fuel(dagger_runtime.fuel.given);
    }
    if (module->has_start)
        run_function(loaded, module->start, NULL, NULL);
    if (module->initialize != UINT32_MAX)
        run_function(loaded, module->initialize, NULL, NULL);
    run_function(loaded, module->entry, arguments, results);
    if (!options->invoke)
        return dagger_session_end((int)(results[0] & 255));
    int status = dagger_session_end(0), error = write_results(result_types, results);
    if (error)
        dagger_fail(DAGGER_STATUS_FAILED, "can't write the results: %s", strerror(error));
    return status;
}

/* The program's name and then the arguments; lives as long as the process. */
static const char *const *full_arguments(const char *program, const char *const *arguments)
{
    size_t count = 0;
    while (arguments[count] != NULL)
        count++;
    const char **argv = alloc_zeroed((count + 2) * sizeof *argv);
    argv[0] = program;
    memcpy(argv + 1, arguments, count * sizeof *argv);
    return argv;
}

static const char *const *list_of(const struct args *args)
{
    static const char *const none[] = {NULL};
    return args->count > 0 ? (const char *const *)args->items : none;
}

static struct dagger_sandbox sandbox_of(const struct loaded *loaded,
                                        const struct dagger_options *options)
{
    return (struct dagger_sandbox){
        .required = options->sandbox_required,
        .needs = needs_of_module(&loaded->module, &options->policy, false),
    };
}

static void prepare_wasi(const struct module *module, const struct dagger_options *options)
{
    bool accepts = needs_call(module, "wasi_sock_accept");
    (accepts ? dagger_wasi_prepare_sockets : dagger_wasi_prepare)(&dagger_runtime.imports,
                                                                  list_of(&options->directories));
}

int run_guest(const struct loaded *loaded, const char *program,
              const struct dagger_options *options)
{
    const struct module *module = &loaded->module;
    const char *const *argv = full_arguments(program, options->arguments);
    if (options->stats)
        setenv("DAGGER_STATS", "1", 1);
    if (options->trace)
        setenv("DAGGER_TRACE", "1", 1);
    const struct dagger_sandbox sandbox = sandbox_of(loaded, options);
    if (options->sandbox)
        dagger_sandbox_begin(&sandbox);
    static struct dagger_policy policy;
    policy.allow = options->policy.only_allowed ? list_of(&options->policy.allow) : NULL;
    policy.deny = list_of(&options->policy.deny);
    dagger_session_begin(argv, list_of(&options->environment),
                         policy_has_rules(&options->policy) ? &policy : NULL);
    dagger_runtime.imports.process.host.deny_private |= options->deny_private;
    dagger_limits_start();
    dagger_watch_engine("interpreted", &instructions);
    dagger_runtime.fuel = (struct dagger_fuel){dagger_environment_fuel(options->fuel), no_fuel_yet};
    if (module->memory != UINT32_MAX)
        dagger_runtime.imports.memory = &memory;
    dagger_runtime.started = true;
    if (module->imports_wasi)
        prepare_wasi(module, options);
    if (options->sandbox)
        dagger_sandbox_enter(&sandbox);
    else
        dagger_environment_without_sandbox();
    return run_entry(loaded, options, argv);
}
