/* A call on another stack that can be left from anywhere below it. One file a processor. */
#ifndef DAGGER_RT_EMBED_SWITCH_H
#define DAGGER_RT_EMBED_SWITCH_H

#include <stdint.h>

/* Saves what a callee must preserve on the present stack, *left that stack's pointer then, and
 * calls function(argument) on the stack whose end is `top` (16-byte aligned; 0: further down on the
 * present one). Returns 0 when the function does, or what dagger_leave_call() says. Below *left the
 * present stack is free while the call lasts. */
int dagger_call_to_leave(uintptr_t *left, uintptr_t top, void (*function)(void *argument),
                         void *argument);

/* Ends the call that stored `left`: it returns `result` (not 0). Everything further down is gone.
 */
_Noreturn void dagger_leave_call(uintptr_t left, int result);

#endif
