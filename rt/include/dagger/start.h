/* What a compiled guest hands to the runtime. daggercc generates one such table a guest and a main()
 * that calls dagger_start(); nothing here is meant to be written by hand.
 */
#ifndef DAGGER_START_H
#define DAGGER_START_H

#include <stdbool.h>
#include <stdint.h>

#include "wasm-rt.h"

enum dagger_memory_mode {
    DAGGER_MEMORY_GUARD,   /* 8 GiB reserved, guard pages catch what is out of bounds */
    DAGGER_MEMORY_CHECKED, /* each access is compared with the size; little address space */
};

struct dagger_guest {
    uint32_t size;     /* sizeof(struct dagger_guest), checked at start-up */
    void *instance;    /* the guest's static instance */
    /* wasm2c's instantiate; `imports` is passed through to the five calls below. */
    void (*instantiate)(void *instance, struct w2c_dagger *imports);
    void (*initialize)(void *instance);          /* the export _initialize; NULL: none */
    int32_t (*entry)(void *instance);            /* its result is the exit status & 255 */
    wasm_rt_memory_t *(*memory)(void *instance); /* the memory the calls work on; NULL: none */
    uint64_t max_memory;                         /* bytes over all memories; 0: what the module says */
    enum dagger_memory_mode memory_mode;
};

/* Runs the guest and returns the exit status of the process: never returns after a trap. */
int dagger_start(const struct dagger_guest *guest, int argc, char **argv);

/* The five calls on guest addresses, as wasm2c's imports see them. */
struct w2c_dagger;
uint32_t dagger_call_open(struct w2c_dagger *imports, uint32_t url, uint32_t url_len);
uint32_t dagger_call_close(struct w2c_dagger *imports, uint32_t sd);
uint32_t dagger_call_read(struct w2c_dagger *imports, uint32_t sd, uint32_t data, uint32_t len);
uint32_t dagger_call_write(struct w2c_dagger *imports, uint32_t sd, uint32_t data, uint32_t len);
uint32_t dagger_call_flush(struct w2c_dagger *imports, uint32_t sd);

#endif
