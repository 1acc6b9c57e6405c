#ifndef DAGGER_TESTS_UNWIND_FRAMES_H
#define DAGGER_TESTS_UNWIND_FRAMES_H

#include <stddef.h>
#include <stdint.h>

enum { WALK_MAX = 200 };

struct walk {
    size_t count, expected_count;
    uintptr_t addresses[WALK_MAX]; /* by our unwinder, of the callers of walk_here() */
    uintptr_t expected[WALK_MAX];  /* by the compiler's own, libgcc's */
};

void walk_here(struct walk *walk);

int walk_frames_default(struct walk *walk);
int walk_frames_O0(struct walk *walk);
int walk_frames_O3(struct walk *walk);
int walk_frames_pointer(struct walk *walk);
int walk_frames_realign(struct walk *walk);
int walk_frames_probed(struct walk *walk);

#endif
