/* --help, from the table of options. */
#include <stdio.h>

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
    command_line_help(&options_line, out);
    fputs(outro, out);
}
