/* The state of a running guest, one a process but where guests are embedded: what start-up, calls,
 * faults and traps share. */
#ifndef DAGGER_RT_RUNTIME_H
#define DAGGER_RT_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dagger/guest_limits.h"
#include "dagger/start.h"
#include "dagger/wasm-rt-exceptions.h"
#include "process.h"

/* Exit statuses of the executable itself; docs/abi.md. */
enum {
    DAGGER_STATUS_FAILED = 1,
    DAGGER_STATUS_USAGE = 2,
    DAGGER_STATUS_TRAP = 134,
    DAGGER_STATUS_LIMIT = 152, /* what shells show of SIGXCPU */
};

/* What the guest's imports get. */
struct w2c_dagger {
    wasm_rt_memory_t *memory;      /* NULL: the guest has none */
    uint8_t watched;               /* see watch.h */
    uintptr_t stack_limit;         /* a call with less stack than this address leaves is a trap */
    struct dagger_process process; /* its streams */
};

/* The guest's memories: memory.c. */
struct dagger_memories {
    enum dagger_memory_mode mode;
    uint64_t max_bytes; /* 0: no limit */
    uint64_t used;      /* bytes, over all memories */
    wasm_rt_memory_t *list;
};

/* Instructions: fuel.c. */
struct dagger_fuel {
    uint64_t given;        /* 0: they are not counted */
    int64_t (*left)(void); /* below 0: none; what is left is exact in calls and after the guest */
};

/* What was thrown last: exceptions.c. */
struct dagger_exception {
    wasm_rt_tag_t tag;
    uint32_t size;
    _Alignas(16) char values[WASM_EXN_MAX_SIZE];
};

struct dagger_state {
    struct w2c_dagger imports;
    struct dagger_memories memories;
    uint64_t tables_bytes;   /* over all its tables */
    uint64_t table_elements; /* the same, as it is limited */
    struct dagger_fuel fuel;
    struct dagger_limits limits;
    const char *program; /* argv[0], or NULL */
    void (*ended)(void); /* of struct dagger_guest */
    bool started;

    struct dagger_exception exception;
    WASM_RT_UNWIND_TARGET *unwind_target; /* of the innermost handler; NULL: none */

    /* Guest code is running: false inside the five calls, before the start and after the end. Read
     * by the fault handler. */
    volatile bool in_guest;

    /* The guest's stack is [stack_low, stack_high), its guard [stack_guard, stack_low). */
    uintptr_t stack_guard, stack_low, stack_high;

    /* Where the stack that the process began on is free while the guest runs: traps are handled
     * there. */
    uintptr_t host_stack;
};
#ifdef DAGGER_EMBEDDED
/* One for each instance; this is the one that the thread's innermost call works on. Thread-local
 * variables of the runtime are read by its fault handler, so they are where the thread begins. */
#define DAGGER_EMBEDDED_TLS __attribute__((tls_model("initial-exec")))
extern _Thread_local struct dagger_state *dagger_embedded DAGGER_EMBEDDED_TLS;
#define dagger_runtime (*dagger_embedded)
#else
extern struct dagger_state dagger_runtime;
#endif

#endif
