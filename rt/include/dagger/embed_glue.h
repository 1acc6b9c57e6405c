/* What the C that `daggercc --emit=archive` generates hands to the runtime; nothing here is meant
 * to be written by hand. */
#ifndef DAGGER_EMBED_GLUE_H
#define DAGGER_EMBED_GLUE_H

#include "embed.h"
#include "start.h"

struct dagger_process;
struct dagger_host;

/* The streams of an instance. A module that can't open any has none, so that no program gets their
 * code for nothing. */
struct dagger_embedded_streams {
    void (*begin)(struct dagger_process *process, const struct dagger_host *host);
    int (*end)(struct dagger_process *process,
               bool trapped); /* 0 or a negative enum dagger_error */
};
extern const struct dagger_embedded_streams dagger_embedded_streams;

/* Gives an instance whose streams have begun what WASI has from the start. Returns 0 or FAILED,
 * after a message. */
int dagger_embedded_wasi(struct w2c_dagger *imports, const struct dagger_options *options);

struct dagger_module {
    uint32_t version;       /* DAGGER_EMBED_VERSION */
    uint32_t size;          /* sizeof(struct dagger_module): another one is of another daggercc */
    uint64_t instance_size; /* bytes of wasm2c's instance */
    void (*instantiate)(void *guest, struct w2c_dagger *imports);
    void (*release)(void *guest);                      /* also after a trap in instantiate */
    void (*initialize)(void *guest, void *none);       /* the export _initialize; NULL: none */
    wasm_rt_memory_t *(*memory)(void *guest);          /* as in struct dagger_guest */
    uint64_t max_memory;                               /* bytes; 0: what the module says */
    uint64_t max_table, max_streams, max_stream_bytes; /* as in struct dagger_options */
    uint64_t fuel; /* instructions; 0: they are not counted, and the next two NULL */
    uint64_t (*exchange_fuel)(void *guest, uint64_t left); /* as in struct dagger_guest */
    void (*start)(void *guest);          /* the start function, if instantiate does not run it */
    enum dagger_memory_mode memory_mode; /* not fixed */
    const struct dagger_processor *processor;
    const struct dagger_embedded_streams *streams; /* NULL: none */
    /* dagger_embedded_wasi; NULL: the module has no use for it */
    int (*wasi)(struct w2c_dagger *imports, const struct dagger_options *options);
};

/* Calls function(guest, values) on the instance's own stack. Returns an enum dagger_result. */
int dagger_instance_call(struct dagger_instance *instance, const struct dagger_module *module,
                         void (*function)(void *guest, void *values), void *values);

/* wasm2c's instance, or NULL after a message if the instance is of another module: WRONG_MODULE. */
void *dagger_instance_guest(struct dagger_instance *instance, const struct dagger_module *module);

#endif
