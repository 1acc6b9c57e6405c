/* What a compiled guest hands to the runtime. daggercc generates one such table a guest and a
 * main() that calls dagger_start(); nothing here is meant to be written by hand.
 */
#ifndef DAGGER_START_H
#define DAGGER_START_H

#include <stdbool.h>
#include <stdint.h>

#include "guest_limits.h"
#include "imports.h"
#include "needs.h"
#include "wasm-rt.h"

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

/* A function called with the numbers of the command line. Types by wasm2c's letters: i j f d are
 * i32, i64, f32, f64. */
union dagger_value {
    uint32_t i;
    uint64_t j;
    float f;
    double d;
};
struct dagger_invocation {
    const char *parameters, *results; /* a letter each */
    void (*call)(void *instance, const union dagger_value *arguments, union dagger_value *results);
    /* dagger_invoke_read and dagger_invoke_write: here, so that others do without them. */
    void (*read)(const char *parameters, const char *const *argv, union dagger_value *values);
    int (*write)(const char *results, const union dagger_value *values);
};
enum { DAGGER_INVOKE_MAX = 32 }; /* parameters, and results */

/* Reads the arguments after argv[0] as `parameters` says, a letter each. Numbers are decimal or
 * hexadecimal, i32 and i64 with or without a sign, floats as strtod(3) has them. What is none, does
 * not fit or is one too many or too few ends the process with a message and status 2. */
void dagger_invoke_read(const char *parameters, const char *const *argv,
                        union dagger_value *values);

/* Writes the results to standard output, one a line: i32 and i64 with a sign, floats so that they
 * read back as the same. Returns 0, or an errno value. */
int dagger_invoke_write(const char *results, const union dagger_value *values);

/* What the guest may open, as URL patterns (docs/policy.md). */
struct dagger_policy {
    const char *const *allow; /* NULL: all that is not denied; both end with NULL */
    const char *const *deny;
};

/* What the process gives up before the guest's first instruction. */
struct dagger_sandbox {
    /* dagger_sandbox_begin and dagger_sandbox_enter: here, so that others do without them. */
    void (*begin)(const struct dagger_sandbox *sandbox);
    void (*enter)(const struct dagger_sandbox *sandbox);
    bool required; /* to end with a message and status 1 where the kernel can't */
    struct dagger_needs needs;
};

/* Closes the descriptors that the process was started with, but for the standard ones and sockets
 * that were handed over to a guest that may use them: before anything is opened. */
void dagger_sandbox_begin(const struct dagger_sandbox *sandbox);

/* Gives up all but the needs, for good; says so if the calls are traced. */
void dagger_sandbox_enter(const struct dagger_sandbox *sandbox);

struct dagger_guest {
    uint32_t size;  /* sizeof(struct dagger_guest), checked at start-up */
    void *instance; /* the guest's static instance */
    /* wasm2c's instantiate; `imports` is passed through to the five calls below. */
    void (*instantiate)(void *instance, struct w2c_dagger *imports);
    void (*initialize)(void *instance);         /* the export _initialize; NULL: none */
    int32_t (*entry)(void *instance);           /* its result is the exit status & 255 */
    const struct dagger_invocation *invocation; /* instead of entry; NULL: none */
    void (*prepare)(struct w2c_dagger *imports, const char *const *directories); /* NULL: nothing */
    const char *const *directories;              /* --dir, as it was given; ends with NULL */
    const char *const *environment;              /* --env, the same; NULL: none */
    const char *about;                           /* see about.h */
    const struct dagger_policy *policy;          /* NULL: everything may be opened */
    wasm_rt_memory_t *(*memory)(void *instance); /* the memory the calls work on; NULL: none. Only
                                                    the address of a member: called before
                                                    instantiate */
    uint64_t max_memory;                  /* bytes over all memories; 0: what the module says */
    struct dagger_limits limits;          /* its `memory` is the line above */
    uint64_t table_elements;              /* that all tables have at the start */
    bool deny_private;                    /* --deny-private: connect to public addresses only */
    const struct dagger_sandbox *sandbox; /* NULL: none */
    enum dagger_memory_mode memory_mode;
    uint64_t
        fuel; /* instructions that may be run; 0: they are not counted, and the next two NULL */
    uint64_t (*exchange_fuel)(void *instance, uint64_t left); /* what was left, a signed number */
    void (*start)(void *instance); /* the start function, which instantiate leaves out then */
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

/* Gives a guest of WASI what it finds at its start, the standard streams and the directories of
 * `guest`: for struct dagger_guest.prepare. */
void dagger_wasi_prepare(struct w2c_dagger *imports, const char *const *directories);

/* The same for a guest that accepts connections: between the two it finds the sockets that the
 * process was handed over, and LISTEN_FDS, their number, in its environment. */
void dagger_wasi_prepare_sockets(struct w2c_dagger *imports, const char *const *directories);

/* What an import that nobody has does when it is called: traps. `name` is shown as it is. */
_Noreturn void dagger_trap_undefined(const char *name);

#endif
