/* Writes the man page or a shell's completions of a program to standard output, from its table of
 * options. Run by the build. */
#ifndef DAGGER_COMPILER_MANUAL_H
#define DAGGER_COMPILER_MANUAL_H

#include "command_line.h"

struct manual {
    const struct command_line *line;
    const char *head, *tail; /* of the man page, in roff: what stands around the options */
};

/* main() of such a program: man|bash|zsh|fish. */
int manual_main(const struct manual *manual, int argc, char **argv);

#endif
