/* The table of guest functions in an executable (<dagger/functions.h> says how it is laid out):
 * which address belongs to which function of the module, and what that is called. */
#ifndef DAGGER_COMPILER_FUNCTIONS_H
#define DAGGER_COMPILER_FUNCTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "module.h"

struct function_names {
    struct module_text *names; /* by function index: see module_names.h */
    uint32_t total, imported;
    uint32_t entry, initialize; /* function indices, UINT32_MAX: none */
    size_t row_capacity;        /* rows there is room for */
    size_t table_size;          /* bytes the table needs at most */
};

/* Collects the names. */
void function_names_init(struct function_names *names, const struct module *module);
void function_names_release(struct function_names *names);

/* Fills in the table of the linked ELF64 executable `path` from its own symbol table. Returns 0, or
 * -1 after a message. */
int functions_fill(const char *path, const struct function_names *names);

#endif
