/* The entry points of WASI: guest code becomes host code and back around each function, and whoever
 * watches is told. */
#include "wasi.h"
#include "watch.h"

#define PARAMETER(i, type) , type a##i
#define ARGUMENT(i, type)  , a##i
#define WIDE(i, type)      a##i,

#define ENTRY_1(name, count, ...)                                                                  \
    uint32_t dagger_call_wasi_##name(                                                              \
        struct w2c_dagger *imports DAGGER_EACH_##count(PARAMETER, __VA_ARGS__))                    \
    {                                                                                              \
        dagger_host_enter(imports);                                                                \
        uint32_t result = wasi_##name(imports DAGGER_EACH_##count(ARGUMENT, __VA_ARGS__));         \
        if (__builtin_expect(imports->watched, 0))                                                 \
            dagger_watched_import(#name, count,                                                    \
                                  (const uint64_t[]){DAGGER_EACH_##count(WIDE, __VA_ARGS__) 0},    \
                                  result, wasi_errno_name(result));                                \
        return dagger_host_leave((int32_t)result);                                                 \
    }

#define ENTRY_0(name, count, ...)                                                                  \
    void dagger_call_wasi_##name(                                                                  \
        struct w2c_dagger *imports DAGGER_EACH_##count(PARAMETER, __VA_ARGS__))                    \
    {                                                                                              \
        dagger_host_enter(imports);                                                                \
        if (__builtin_expect(imports->watched, 0))                                                 \
            dagger_watched_import(#name, count,                                                    \
                                  (const uint64_t[]){DAGGER_EACH_##count(WIDE, __VA_ARGS__) 0}, 0, \
                                  NULL);                                                           \
        wasi_##name(imports DAGGER_EACH_##count(ARGUMENT, __VA_ARGS__));                           \
        dagger_host_leave(0);                                                                      \
    }

#define X(name, results, ...) ENTRY_##results(name, __VA_ARGS__)
DAGGER_WASI_IMPORTS(X)
#undef X
