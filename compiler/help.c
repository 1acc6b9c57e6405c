/* --help, from the table of options. */
#include <stdio.h>
#include <string.h>

#include "options.h"

static const char intro[] =
    "usage: daggercc [OPTION]... MODULE\n"
    "Compiles a WebAssembly module (.wasm, .wat, or - for standard input) to a native\n"
    "executable whose only way to the world is streams of data.\n";

static const char outro[] = "\nExamples:\n"
                            "  daggercc app.wasm && ./app         compile and run\n"
                            "  daggercc -O3 -s -o app app.wat     smaller and faster\n";

void options_print_help(FILE *out)
{
    fputs(intro, out);
    for (size_t group = 0; group < OPTION_GROUP_COUNT; group++) {
        fprintf(out, "%s:\n", option_groups[group]);
        for (size_t i = 0; i < OPTION_COUNT; i++) {
            char left[64];
            if (option_rows[i].group != group)
                continue;
            options_format(&option_rows[i], left, sizeof left);
            fprintf(out, "  %-24s %s\n", left, option_rows[i].help);
        }
    }
    fputs(outro, out);
}
