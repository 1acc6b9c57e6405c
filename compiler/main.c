/* daggercc: WebAssembly modules to native executables that live on streams. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "about.h"
#include "diag.h"
#include "driver.h"
#include "input.h"
#include "options.h"
#include "places.h"
#include "run.h"
#include "temp.h"

enum { STATUS_DONE = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

/* A file we open must not become our standard error because that was closed. */
static void open_standard_files(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
}

static bool wait_for_input(int fd)
{
    return run_wait_fd(fd, false);
}

static int print_version(void)
{
    struct places places;
    if (places_find(&places) != 0)
        return STATUS_FAILED;
    printf("daggercc %s\nheaders: %s\nruntime: %s\nwasm2c:  %s/wasm2c\n", DAGGER_VERSION,
           places.include, places.library, places.share);
    places_release(&places);
    return STATUS_DONE;
}

static int run(const struct options *options)
{
    if (options->help) {
        options_print_help(stdout);
        return STATUS_DONE;
    }
    if (options->version)
        return print_version();
    if (options->inspect)
        return about_print(options->input, options->inspect_json) == 0 ? STATUS_DONE
                                                                       : STATUS_FAILED;
    run_setup(&(struct run_settings){
        .verbose = options->verbose, .dry_run = options->dry_run, .pinned = options->reproducible});
    input_wait_by(wait_for_input);
    return driver_run(options) == 0 ? STATUS_DONE : STATUS_FAILED;
}

int main(int argc, char **argv)
{
    struct options options;
    open_standard_files();
    diag_setup("daggercc", NULL);
    int status = options_parse(&options, argc, argv) == 0 ? run(&options) : STATUS_USAGE;
    options_release(&options);
    if (fflush(stdout) != 0 && status == STATUS_DONE) {
        diag_error("can't write standard output:");
        status = STATUS_FAILED;
    }
    if (run_interrupted() != 0) {
        /* Clean up as at any exit, then die of the signal, so that our caller knows. */
        temp_remove();
        run_die_of_signal();
    }
    return status;
}
