/* What a compiled guest hands to the runtime. daggercc generates one such table a guest and a
 * main() that calls dagger_start(); nothing here is meant to be written by hand.
 */
#ifndef DAGGER_START_H
#define DAGGER_START_H

#include <stdbool.h>
#include <stdint.h>

#include "wasm-rt.h"

/* The runtime's side of the five calls; generated code only hands the pointer through. */
struct w2c_dagger;

/* Where the only memory of a guest is in fixed mode: so low that the address and a guest's offset
 * fit an instruction's displacement, so high that nothing else of a position-independent executable
 * is there. */
#define DAGGER_FIXED_MEMORY UINT64_C(0x40000000)

enum dagger_memory_mode {
    DAGGER_MEMORY_GUARD,   /* 8 GiB reserved, guard pages catch what is out of bounds */
    DAGGER_MEMORY_FIXED,   /* as guard, at DAGGER_FIXED_MEMORY; one memory of 32 bits */
    DAGGER_MEMORY_CHECKED, /* each access is compared with the size; little address space. The guest
                              must be compiled with WASM_RT_MEMCHECK_BOUNDS_CHECK=1 */
};

/* What generated code may use of x86-64, by the levels of its psABI: the function that says whether
 * the processor has it. None for the first level, which every processor has. */
struct dagger_processor {
    const char *name; /* "x86-64-v2" */
    bool (*is_present)(void);
};
extern const struct dagger_processor dagger_x86_64_v2, dagger_x86_64_v3, dagger_x86_64_v4;
#if defined(__AVX512F__)
#define DAGGER_PROCESSOR (&dagger_x86_64_v4)
#elif defined(__AVX__)
#define DAGGER_PROCESSOR (&dagger_x86_64_v3)
#elif defined(__SSE3__)
#define DAGGER_PROCESSOR (&dagger_x86_64_v2)
#else
#define DAGGER_PROCESSOR NULL
#endif

struct dagger_guest {
    uint32_t size;  /* sizeof(struct dagger_guest), checked at start-up */
    void *instance; /* the guest's static instance */
    /* wasm2c's instantiate; `imports` is passed through to the five calls below. */
    void (*instantiate)(void *instance, struct w2c_dagger *imports);
    void (*initialize)(void *instance);          /* the export _initialize; NULL: none */
    int32_t (*entry)(void *instance);            /* its result is the exit status & 255 */
    wasm_rt_memory_t *(*memory)(void *instance); /* the memory the calls work on; NULL: none. Only
                                                    the address of a member: called before
                                                    instantiate */
    uint64_t max_memory; /* bytes over all memories; 0: what the module says */
    enum dagger_memory_mode memory_mode;
    const struct dagger_processor *processor; /* that it was compiled for; NULL: any */
    /* What is left to do when the guest has returned or trapped and what it wrote is delivered; the
     * process then ends without what exit() would do. NULL: nothing. See profile.h. */
    void (*ended)(void);
};

/* Runs the guest and returns the exit status of the process: the entry's result & 255, or 1 when
 * what the guest wrote could not be delivered and the result was 0. Never returns after a trap
 * (status 134), nor when the start fails: status 2 for a bad environment variable, else 1. Called
 * once a process, by its only thread. */
int dagger_start(const struct dagger_guest *guest, int argc, char **argv);

/* The five calls of docs/abi.md on guest addresses, as wasm2c's imports see them. The results are
 * counts, descriptors or negative errors, as two's complement. */
uint32_t dagger_call_open(struct w2c_dagger *imports, uint32_t url, uint32_t url_len);
uint32_t dagger_call_close(struct w2c_dagger *imports, uint32_t sd);
uint32_t dagger_call_read(struct w2c_dagger *imports, uint32_t sd, uint32_t data, uint32_t len);
uint32_t dagger_call_write(struct w2c_dagger *imports, uint32_t sd, uint32_t data, uint32_t len);
uint32_t dagger_call_flush(struct w2c_dagger *imports, uint32_t sd);

#endif
