/* The rows of the table in options.h. */
#include "options.h"

static const struct option_row rows[OPTION_COUNT] = {
#define X(id, ...) OPTION_ROW(OPTION, __VA_ARGS__),
    OPTIONS(X)
#undef X
};

static const char *const groups[OPTION_GROUP_COUNT] = {
#define X(id, title) title,
    OPTION_GROUPS(X)
#undef X
};

const struct command_line options_line = {
    .program = "daggercc",
    .rows = rows,
    .count = OPTION_COUNT,
    .groups = groups,
    .group_count = OPTION_GROUP_COUNT,
    .apply = options_apply,
};
