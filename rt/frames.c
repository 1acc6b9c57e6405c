#include "frames.h"

static void report_frame(struct dagger_report *report, const struct dagger_frame *frame)
{
    dagger_report_text(report, "    at ");
    if (frame->name_len > 0) {
        dagger_report_escaped(report, frame->name, frame->name_len);
        dagger_report_text(report, " (function ");
    } else {
        dagger_report_text(report, "function ");
    }
    dagger_report_number(report, frame->function);
    dagger_report_text(report, frame->name_len > 0 ? ")\n" : "\n");
}

void dagger_frames_add(struct dagger_frames *frames, const struct dagger_frame *frame)
{
    if (frames->count < DAGGER_FRAMES_HEAD)
        report_frame(frames->report, frame);
    else
        frames->tail[frames->count % DAGGER_FRAMES_TAIL] = *frame;
    frames->count++;
}

void dagger_frames_end(struct dagger_frames *frames)
{
    enum { SHOWN = DAGGER_FRAMES_HEAD + DAGGER_FRAMES_TAIL };
    uint64_t count = frames->count, next = DAGGER_FRAMES_HEAD;
    if (count > SHOWN) {
        dagger_report_text(frames->report, "    ... ");
        dagger_report_number(frames->report, count - SHOWN);
        dagger_report_text(frames->report, " more\n");
        next = count - DAGGER_FRAMES_TAIL;
    }
    for (; next < count; next++)
        report_frame(frames->report, &frames->tail[next % DAGGER_FRAMES_TAIL]);
}
