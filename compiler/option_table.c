/* The rows of the table in options.h, and how a row is written. */
#include <stdio.h>

#include "options.h"

const struct option_row option_rows[OPTION_COUNT] = {
#define X(id, name, argument, metavar, values, completion, group, help, manual)                    \
    {                                                                                              \
        name,                                                                                      \
        ARGUMENT_##argument,                                                                       \
        metavar,                                                                                   \
        values,                                                                                    \
        COMPLETE_##completion,                                                                     \
        OPTION_GROUP_##group,                                                                      \
        help,                                                                                      \
        manual},
    OPTIONS(X)
#undef X
};

const char *const option_groups[OPTION_GROUP_COUNT] = {
#define X(id, title) title,
    OPTION_GROUPS(X)
#undef X
};

/* "--cc=COMMAND", "-o FILE", "-O0|1|2|3|s" */
void options_format(const struct option_row *row, char *out, size_t cap)
{
    const char *argument = row->values != NULL ? row->values : row->metavar;
    switch (row->argument) {
    case ARGUMENT_NONE:
        snprintf(out, cap, "%s", row->name);
        return;
    case ARGUMENT_FOLLOWS:
        snprintf(out, cap, "%s %s", row->name, argument);
        return;
    case ARGUMENT_JOINED:
        snprintf(out, cap, "%s%s", row->name, argument);
        return;
    case ARGUMENT_EQUALS:
        snprintf(out, cap, "%s=%s", row->name, argument);
        return;
    case ARGUMENT_OPTIONAL:
        snprintf(out, cap, "%s[=%s]", row->name, argument);
        return;
    }
}
