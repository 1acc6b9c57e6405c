/* The man page and completions of dagger. */
#include "manual.h"

#include "options.h"

static const char head[] =
    ".TH DAGGER 1 \"\" \"dagger " DAGGER_VERSION "\" \"User commands\"\n"
    ".SH NAME\n"
    "dagger \\- run a WebAssembly module in an interpreter\n"
    ".SH SYNOPSIS\n"
    ".B dagger\n"
    "[\\fIOPTION\\fR]... \\fIMODULE\\fR [\\fIARGUMENT\\fR]...\n"
    ".SH DESCRIPTION\n"
    "Runs a WebAssembly module, binary (.wasm) or text (.wat), as the executable runs that\n"
    ".BR daggercc (1)\n"
    "makes of it: the same module reader, the same calls and streams, the same messages, traps "
    "and\n"
    "exit status. Nothing has to be compiled; the guest runs far slower.\n"
    "A \\fIMODULE\\fR of \\- is read from standard input. Options stand before the module;\n"
    "\\-\\- ends them. What follows the module is for the guest.\n"
    ".SH OPTIONS\n";

static const char tail[] =
    ".SH EXIT STATUS\n"
    "What the guest returns, 134 after a trap, or 152 after a limit was exceeded.\n"
    ".TP\n1\nThe module can't be run, or not all the guest wrote could be delivered.\n"
    ".TP\n2\nThe command line or a variable of the environment is wrong.\n"
    ".SH ENVIRONMENT\n"
    "Executables of daggercc know the same variables: DAGGER_ROOT, DAGGER_CONNECT_TIMEOUT,\n"
    "DAGGER_IDLE_TIMEOUT, SSL_CERT_FILE, DAGGER_DIRS, DAGGER_ENV, DAGGER_ALLOW, DAGGER_DENY,\n"
    "DAGGER_FUEL, DAGGER_MAX_MEMORY, DAGGER_MAX_TABLE, DAGGER_MAX_STREAMS,\n"
    "DAGGER_MAX_STREAM_BYTES, DAGGER_MAX_CPU_TIME, DAGGER_MAX_TIME,\n"
    "DAGGER_STATS and DAGGER_TRACE.\n"
    ".SH LIMITS\n"
    "The engine is the interpreter of wabt. It does not run exceptions of the newer kind\n"
    "(try_table) and element segments that take values of globals; daggercc compiles both. In\n"
    "backtraces each function is shown; in an executable the C compiler may have put one into\n"
    "another.\n"
    ".SH EXAMPLES\n"
    ".nf\n"
    "dagger app.wasm\n"
    "dagger \\-\\-stats app.wasm <data\n"
    "dagger \\-\\-fuel=1000000 \\-\\-max\\-memory=64MiB app.wat\n"
    ".fi\n"
    ".SH SEE ALSO\n"
    ".BR daggercc (1),\n.BR dagger\\-abi (7),\n.BR dagger\\-streams (7)\n";

int main(int argc, char **argv)
{
    const struct manual manual = {&dagger_command_line, head, tail};
    return manual_main(&manual, argc, argv);
}
