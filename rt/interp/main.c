/* dagger: WebAssembly modules run by an interpreter, as their executables run. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "diag.h"
#include "guest_limits.h"
#include "input.h"
#include "options.h"
#include "run.h"
#include "runtime.h"
#include "stream.h"

enum { STATUS_DONE = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

/* AddressSanitizer, where it is linked in, asks for this: it would write into what is allocated,
 * and a memory's first pages would be no zeros. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "max_malloc_fill_size=0";
}

static int tell(const struct dagger_options *options)
{
    if (options->help)
        dagger_options_print_help(stdout);
    else
        printf("dagger %s\nengine: wabt %s, interpreter\n", DAGGER_VERSION, WABT_VERSION);
    if (fflush(stdout) == 0)
        return STATUS_DONE;
    diag_error("can't write standard output:");
    return STATUS_FAILED;
}

int main(int argc, char **argv)
{
    struct dagger_options options;
    (void)argc;
    dagger_streams_start(); /* before the module's file can get the number of a closed descriptor */
    diag_setup("dagger", NULL);
    if (dagger_options_parse(&options, argv) != 0)
        return STATUS_USAGE;
    if (options.help || options.version)
        return tell(&options);
    dagger_limits_read(&options.limits);
    dagger_runtime.limits = options.limits;
    struct loaded loaded = {0};
    if (load(&loaded, &options, &run_host) != 0)
        return STATUS_FAILED;
    char *program = input_base_name(options.input, "");
    /* As executables end: what the engine holds needs no taking down. */
    _exit(run_guest(&loaded, program, &options));
}
