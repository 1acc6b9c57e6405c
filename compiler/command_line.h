/* A command line by a table: one table says what options there are; the parser, --help, the man
 * page and the shell completions all read it. */
#ifndef DAGGER_COMPILER_COMMAND_LINE_H
#define DAGGER_COMPILER_COMMAND_LINE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_argument {
    ARGUMENT_NONE,     /* -c */
    ARGUMENT_FOLLOWS,  /* -oFILE, -o FILE */
    ARGUMENT_JOINED,   /* -O2, -Wc,ARG, -march=CPU: what follows the name at once */
    ARGUMENT_EQUALS,   /* --cc=COMMAND, --cc COMMAND */
    ARGUMENT_OPTIONAL, /* --save-temps, --save-temps=DIR */
};

/* What a shell completes the argument with. */
enum option_completion { COMPLETE_NOTHING, COMPLETE_FILE, COMPLETE_FOLDER, COMPLETE_COMMAND };

struct option_row {
    const char *name;
    enum option_argument argument;
    const char *metavar;
    const char *values; /* "a|b|c", or NULL */
    enum option_completion completion;
    size_t group;       /* an index of `groups` below */
    const char *help;   /* one line for --help; "": the manual alone has the option */
    const char *manual; /* what the manual adds to it; "" for nothing */
};

/* A row from the arguments of an X-macro, whose groups are PREFIX_GROUP_name. */
#define OPTION_ROW(prefix, name, argument, metavar, values, completion, group, help, manual)       \
    {                                                                                              \
        name, ARGUMENT_##argument, metavar, values, COMPLETE_##completion, prefix##_GROUP_##group, \
            help, manual                                                                           \
    }

struct command_line {
    const char *program;
    const struct option_row *rows;
    size_t count;
    const char *const *groups; /* titles */
    size_t group_count;
    /* Takes option `id`, an index of `rows`, and its argument or NULL. Returns 0, or -1 after a
     * message. */
    int (*apply)(void *options, size_t id, const char *value);
};

/* Applies the option argv[*i]; moves on past an argument that stands on its own. Returns 0, or -1
 * after a message. */
int command_line_option(const struct command_line *line, void *options, char **argv, int *i);

/* The groups of options for --help, at most 80 columns wide. */
void command_line_help(const struct command_line *line, FILE *out);

/* An option as it is written: "--cc=COMMAND", "-o FILE", "-O0|1|2|3|s". */
void option_format(const struct option_row *row, char *out, size_t cap);

/* "64MiB", "1G", "65536": bytes. Returns 0, or -1 if it is no size or does not fit 64 bits. */
int option_parse_size(const char *text, uint64_t *bytes);

/* Arguments that are sizes or numbers, over 0; numbers have a limit. Return 0, or -1 after a
 * message. */
int option_size(const struct option_row *row, const char *value, uint64_t *bytes);
int option_number(const struct option_row *row, const char *value, uint64_t most, uint64_t *number);

/* Seconds, "10" or "0.25", as milliseconds, from 1 on. Returns 0, or -1 after a message. */
int option_seconds(const struct option_row *row, const char *value, uint64_t *milliseconds);

/* Arguments as --dir and --env take them, which go on as they are. Return 0, or -1 after a message.
 */
int option_directory(const struct option_row *row, const char *value);
int option_variable(const struct option_row *row, const char *value);

#endif
