/* Faults: SIGSEGV and SIGBUS that are a guest's trap, told apart from the host's own.
 *
 * A fault is the guest's when guest code was running on the guest's stack and the address is beyond
 * the end of a linear memory, inside its reservation (out of bounds), or in the guard of that stack
 * (exhausted). Then the interrupted thread goes on in dagger_trap_finish() on the host's stack.
 * Anything else dies by whatever handled the signal before.
 */
#ifndef DAGGER_RT_FAULT_H
#define DAGGER_RT_FAULT_H

/* Returns 0, or -1 with errno set. */
int dagger_fault_setup(void);

#endif
