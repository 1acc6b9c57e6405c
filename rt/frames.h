/* Backtraces as they are printed, whoever ran the guest. */
#ifndef DAGGER_RT_FRAMES_H
#define DAGGER_RT_FRAMES_H

#include <stdint.h>

#include "report.h"

/* Shown of a deep recursion: so many of the innermost frames and of the outermost. */
enum { DAGGER_FRAMES_HEAD = 16, DAGGER_FRAMES_TAIL = 8 };

struct dagger_frame {
    uint32_t function; /* its index in the module */
    uint32_t name_len; /* bytes; 0: the module gives it no name */
    const char *name;  /* borrowed until dagger_frames_end; UTF-8 from the module, hostile */
};

struct dagger_frames {
    struct dagger_report *report;
    uint64_t count; /* added so far */
    struct dagger_frame tail[DAGGER_FRAMES_TAIL];
};

/* Adds a line a frame, innermost first: "    at NAME (function 12)", "    at function 12" where the
 * module gives no name. Those in the middle of many become "    ... 100 more". */
void dagger_frames_add(struct dagger_frames *frames, const struct dagger_frame *frame);
void dagger_frames_end(struct dagger_frames *frames);

#endif
