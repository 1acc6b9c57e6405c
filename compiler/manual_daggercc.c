/* The man page and completions of daggercc. */
#include "manual.h"
#include "options.h"

static const char head[] =
    ".TH DAGGERCC 1 \"\" \"dagger " DAGGER_VERSION "\" \"User commands\"\n"
    ".SH NAME\n"
    "daggercc \\- compile a WebAssembly module to a native executable\n"
    ".SH SYNOPSIS\n"
    ".B daggercc\n"
    "[\\fIOPTION\\fR]... \\fIMODULE\\fR\n"
    ".SH DESCRIPTION\n"
    "Turns a WebAssembly module, binary (.wasm) or text (.wat), into one executable. The guest in\n"
    "it reaches the world only by the five calls open, close, read, write and flush on streams of\n"
    "data. A \\fIMODULE\\fR of \\- is read from standard input. Options may stand before and "
    "after\n"
    "the module; \\-\\- ends them. An option's argument may follow as a word of its own, but for\n"
    "those whose argument is shown in brackets or joined to them.\n"
    ".SH OPTIONS\n";

static const char tail[] =
    ".SH EXIT STATUS\n"
    ".TP\n0\nThe output was written.\n"
    ".TP\n1\nIt could not be made; nothing was written under its name.\n"
    ".TP\n2\nThe command line is wrong.\n"
    ".PP\n"
    "An executable's own status is what its guest returns, 134 after a trap, or 152 after\n"
    "a limit was exceeded.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B CC\nThe C compiler and its arguments, such as \\(oqccache gcc\\(cq.\n"
    ".TP\n.BR CFLAGS \", \" LDFLAGS\nArguments for compiling and linking. What would change the\n"
    "module's meaning, such as \\-ffast\\-math, has no effect here.\n"
    ".TP\n.B DAGGER_WASM2C\nThe wasm2c to use.\n"
    ".TP\n.B TMPDIR\nWhere temporary files go; default /tmp.\n"
    ".TP\n.B SOURCE_DATE_EPOCH\nHanded to the compiler. The output depends neither on time nor on\n"
    "where it is made.\n"
    ".PP\n"
    "Nothing is ever coloured, so NO_COLOR has no work to do.\n"
    ".SH FILES\n"
    "Headers, runtime and wasm2c are found beside the program, in ../include, ../lib/dagger\n"
    "and ../share/dagger; \\-\\-version prints them. Tools run in the temporary folder: names in\n"
    "\\-Wc and \\-Wl arguments should be absolute.\n"
    ".SH EXAMPLES\n"
    ".nf\n"
    "daggercc app.wasm && ./app\n"
    "daggercc \\-O3 \\-s \\-o app app.wat\n"
    "daggercc \\-\\-emit=archive codec.wasm && cc main.c libcodec.a \\-lm\n"
    "curl https://example.org/app.wasm | daggercc \\-o app \\-\n"
    ".fi\n"
    ".SH SEE ALSO\n"
    ".BR dagger (1),\n.BR dagger\\-abi (7),\n.BR dagger\\-streams (7),\n"
    ".BR cc (1),\n.BR wasm2c (1)\n";

int main(int argc, char **argv)
{
    const struct manual manual = {&options_line, head, tail};
    return manual_main(&manual, argc, argv);
}
