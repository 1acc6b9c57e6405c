/* The start-up file that daggercc generates for each guest. */
#ifndef DAGGER_COMPILER_GLUE_H
#define DAGGER_COMPILER_GLUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "module.h"
#include "options.h"

struct glue {
    const struct module *module; /* checked, not a library */
    bool specialised;            /* by specialise.h: functions take no instance */
    enum memory_mode memory;
    bool is_static;                 /* no library can be loaded, so no network by libcurl */
    bool invoke;                    /* call the entry with numbers from the command line */
    const struct args *directories; /* "HOST::GUEST": as struct dagger_guest has them */
    const struct args *environment; /* "NAME" or "NAME=VALUE", too */
    const struct policy *policy;
    const char *about; /* JSON: about.h */
    bool deny_private;
    enum sandbox sandbox;
    uint64_t max_memory; /* bytes, 0: what the module says */
    uint64_t fuel;       /* instructions, 0: not counted */
    const struct dagger_limits *limits;
    uint64_t table_elements;
    size_t function_table;      /* bytes to reserve for the table of functions */
    const char *profile;        /* name of its profile; NULL: not instrumented */
    const char *profile_folder; /* where that goes, absolute; NULL: beside the executable */
};

#define GLUE_NAME "start"
#define GLUE_FILE GLUE_NAME ".c"

/* Writes GLUE_FILE to the temporary folder. Text of the module is in it only as octal numbers.
 * Returns 0, or -1 after
 * a message. */
int glue_write(const struct glue *glue);

#endif
