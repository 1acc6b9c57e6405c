/* Backtraces as they are printed. */
#include "rt/frames.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "death.h"
#include "rt/runtime.h"

static uint64_t count;

static void list(void)
{
    struct dagger_report report;
    struct dagger_frames frames = {.report = &report};
    dagger_runtime.program = "app";
    dagger_report_begin(&report);
    dagger_report_text(&report, "\n");
    for (uint64_t i = 0; i < count; i++) {
        struct dagger_frame frame = {(uint32_t)i, i % 2 ? 2 : 0, "f\x1b"};
        dagger_frames_add(&frames, &frame);
    }
    dagger_frames_end(&frames);
    dagger_report_end(&report);
    _exit(3);
}

static size_t lines_of(const char *text)
{
    size_t lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

Test(frames, names_are_escaped_and_may_lack)
{
    count = 3;
    struct death death = death_of(list);
    cr_assert_str_eq(death.text, "app: \n    at function 0\n    at f\\x1b (function 1)\n"
                                 "    at function 2\n");
}

Test(frames, none_is_no_line)
{
    count = 0;
    struct death death = death_of(list);
    cr_assert_str_eq(death.text, "app: \n");
}

Test(frames, all_of_a_few_are_shown)
{
    for (count = 15; count <= DAGGER_FRAMES_HEAD + DAGGER_FRAMES_TAIL; count++) {
        struct death death = death_of(list);
        char last[40];
        snprintf(last, sizeof last, "function %u", (unsigned)count - 1);
        cr_expect_eq(lines_of(death.text), count + 1);
        cr_expect_not_null(strstr(death.text, last));
        cr_expect_null(strstr(death.text, "more"));
    }
}

Test(frames, of_many_the_ends_are_shown)
{
    count = 1000;
    struct death death = death_of(list);
    cr_assert_eq(lines_of(death.text), DAGGER_FRAMES_HEAD + DAGGER_FRAMES_TAIL + 2);
    cr_assert_not_null(
        strstr(death.text, "(function 15)\n    ... 976 more\n    at function 992\n"));
    cr_assert_not_null(strstr(death.text, "(function 999)\n"));
}
