/* Instances of embedded modules, and the calls that run in them.
 *
 * The runtime's files that executables have are compiled a second time for this, with
 * DAGGER_EMBEDDED: `dagger_runtime` is then what this thread's innermost call works on.
 */
#ifndef DAGGER_RT_EMBED_INSTANCE_H
#define DAGGER_RT_EMBED_INSTANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "dagger/embed_glue.h"
#include "runtime.h"
#include "trap.h"

/* One call into an instance, on its caller's stack. */
struct dagger_call_frame {
    struct dagger_instance *instance;
    struct dagger_call_frame *outer;  /* what ran in this thread before; NULL: nothing */
    struct dagger_call_frame *before; /* of the same instance; NULL: none */
    uintptr_t left;                   /* the pointer of the stack it was made from, see switch.h */
    void (*function)(void *guest, void *values);
    void *values;
    WASM_RT_UNWIND_TARGET *unwind_target; /* an exception ends at a call, as a trap does */
};

struct dagger_instance {
    struct dagger_state runtime; /* first: dagger_runtime is found by its address */
    const struct dagger_module *module;
    void *guest; /* wasm2c's instance, zeroed before it is instantiated */
    char *root, *ca_file;
    const char **arguments, **environment; /* one block each; NULL: none */
    bool (*allowed)(void *context, const char *url);
    void *context;
    bool trapped;   /* once at least: files that were promised whole or not at all do not appear */
    bool exited;    /* it has called proc_exit, and no code of it runs any more */
    int32_t status; /* with this */
    struct dagger_call_frame *call; /* the innermost; NULL: none runs */
    void *thread; /* that calls run in, an address of its own; NULL: none. Atomic */
};

/* Calls as dagger_instance_call() does, whatever the module. */
int dagger_run(struct dagger_instance *instance, void (*function)(void *guest, void *values),
               void *values);

/* The same, paid with fuel if the module counts: OUT_OF_FUEL if there is none before or after it.
 */
int dagger_run_paid(struct dagger_instance *instance, void (*function)(void *guest, void *values),
                    void *values);

/* Decides how much a new instance has; `wanted`: of struct dagger_options. Returns 0 or FAILED,
 * after a message. */
int dagger_fuel_take(struct dagger_instance *instance, uint64_t wanted);

/* Makes the instance this thread's until dagger_release(); false: another thread has it. As often
 * as wanted, but released once is released when no call of it runs. */
bool dagger_claim(struct dagger_instance *instance);
void dagger_release(struct dagger_instance *instance);

/* Ends the innermost call of this thread with a result other than 0. */
_Noreturn void dagger_leave(int result);

/* From an import back into the guest. While the program's own code ran in it, another call may have
 * ended the guest: then this one ends, too. */
void dagger_return_to_guest(struct dagger_state *state);

/* EXITED, with a message. */
int dagger_result_exited(const struct dagger_instance *instance);

/* Keeps copies of what an instance's streams need of the options, and makes their host of it.
 * Returns 0 or FAILED, after a message; dagger_options_drop() frees what there is in either case.
 */
int dagger_options_take(struct dagger_instance *instance, const struct dagger_options *options,
                        struct dagger_host *host);
void dagger_options_drop(struct dagger_instance *instance);

/* Remembers the result for dagger_message(), and returns it. */
int dagger_result(int result);

/* The same with a text: `format` with "%s", "%e" and "%u" of report.h. */
int dagger_result_because(int result, const char *format, ...);

/* Before a thread's first call: a stack for the handler of faults, and the handler itself. Returns
 * 0 or FAILED, after a message. */
int dagger_thread_prepare(void);

/* Where the interrupted thread goes on after a fault of the guest: leaves with the trap that
 * `reason` is the number of. */
void dagger_fault_leave(void *reason);

#endif
