/* WASI of embedded modules: what an instance has from its start, and the entry points, which share
 * the lock and the held signals of the five calls. */
#include <stdlib.h>

#include "instance.h"
#include "policy.h"
#include "streams.h"
#include "wasi/wasi.h"
#include "watch.h"

/* The embedder gives what it means to give. */
bool dagger_policy_permits_directory(const struct dagger_host *host, const char *name, bool writes)
{
    (void)host, (void)name, (void)writes;
    return true;
}

enum {
#define X(name, ...) NUMBER_##name,
    DAGGER_WASI_IMPORTS(X)
#undef X
        NUMBER_COUNT
};

/* They look at the instance and the clock only. */
static const bool without_lock[NUMBER_COUNT] = {
    [NUMBER_args_get] = true,       [NUMBER_args_sizes_get] = true,
    [NUMBER_environ_get] = true,    [NUMBER_environ_sizes_get] = true,
    [NUMBER_clock_res_get] = true,  [NUMBER_clock_time_get] = true,
    [NUMBER_fd_prestat_get] = true, [NUMBER_fd_prestat_dir_name] = true,
    [NUMBER_proc_raise] = true,     [NUMBER_sched_yield] = true,
};

#define PARAMETER(i, type) , type a##i
#define ARGUMENT(i, type)  , a##i

/* The stack is looked at before the lock is taken: WASI's functions themselves never trap. */
#define ENTRY_1(name, count, ...)                                                                  \
    uint32_t dagger_call_wasi_##name(                                                              \
        struct w2c_dagger *imports DAGGER_EACH_##count(PARAMETER, __VA_ARGS__))                    \
    {                                                                                              \
        struct dagger_held held;                                                                   \
        if (!without_lock[NUMBER_##name] && imports->watched == DAGGER_WATCH_BUSY)                 \
            return WASI_BUSY;                                                                      \
        dagger_host_enter(imports);                                                                \
        if (!without_lock[NUMBER_##name])                                                          \
            dagger_streams_enter(&held);                                                           \
        uint32_t result = wasi_##name(imports DAGGER_EACH_##count(ARGUMENT, __VA_ARGS__));         \
        if (!without_lock[NUMBER_##name])                                                          \
            dagger_streams_leave(&held);                                                           \
        dagger_return_to_guest(dagger_embedded);                                                   \
        return result;                                                                             \
    }

/* proc_exit is in exit.c. */
#define ENTRY_0(...)

#define X(name, results, ...) ENTRY_##results(name, __VA_ARGS__)
DAGGER_WASI_IMPORTS(X)
#undef X

/* A signal would be the program's. */
uint32_t wasi_proc_raise(struct w2c_dagger *imports, uint32_t number)
{
    enum { SIGNALS = 31 };
    (void)imports;
    return number < SIGNALS ? WASI_NOTSUP : WASI_INVAL;
}

static int give(struct w2c_dagger *imports, const struct dagger_options *options)
{
    for (int fd = 0; fd < 3; fd++)
        if (wasi_give_standard(imports, fd, options->standard_streams))
            return dagger_result_because(DAGGER_RESULT_FAILED, "can't open the standard streams");
    for (const char *const *each = options->directories; each && *each; each++) {
        char *host;
        const char *why = wasi_give_directory(imports, *each, strlen(*each), &host);
        if (why)
            dagger_result_because(DAGGER_RESULT_FAILED, "directory \"%e\": %s", host ? host : *each,
                                  why);
        free(host);
        if (why)
            return DAGGER_RESULT_FAILED;
    }
    return 0;
}

int dagger_embedded_wasi(struct w2c_dagger *imports, const struct dagger_options *options)
{
    struct dagger_held held;
    dagger_streams_enter(&held);
    int result = give(imports, options);
    dagger_streams_leave(&held);
    return result;
}
