/* The state of the running guest, one a process: what start-up, calls, faults and traps share. */
#ifndef DAGGER_RT_RUNTIME_H
#define DAGGER_RT_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dagger/start.h"
#include "process.h"

/* Exit statuses of the executable itself; docs/abi.md. */
enum { DAGGER_STATUS_FAILED = 1, DAGGER_STATUS_USAGE = 2, DAGGER_STATUS_TRAP = 134 };

/* What the guest's imports get. */
struct w2c_dagger {
    wasm_rt_memory_t *memory;      /* NULL: the guest has none */
    uint8_t watched;               /* see watch.h */
    uintptr_t stack_limit;         /* a call with less stack than this address leaves is a trap */
    struct dagger_process process; /* its streams */
};

struct dagger_runtime {
    struct w2c_dagger imports;
    const char *program; /* argv[0], or NULL */
    void (*ended)(void); /* of struct dagger_guest */
    bool started;

    /* Guest code is running: false inside the five calls, before the start and after the end. Read
     * by the fault handler. */
    volatile bool in_guest;

    /* The guest's stack is [stack_low, stack_high), its guard [stack_guard, stack_low). */
    uintptr_t stack_guard, stack_low, stack_high;

    /* Where the stack that the process began on is free while the guest runs: traps are handled
     * there. */
    uintptr_t host_stack;
};
extern struct dagger_runtime dagger_runtime;

#endif
