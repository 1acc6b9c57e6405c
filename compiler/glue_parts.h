/* The pieces of the start-up file that depend on the module's types: see glue.h. */
#ifndef DAGGER_COMPILER_GLUE_PARTS_H
#define DAGGER_COMPILER_GLUE_PARTS_H

#include <stdbool.h>
#include <stdio.h>

#include "module.h"

/* The functions that the generated code imports, each once, as calls into the runtime or as traps.
 */
void glue_write_imports(const struct module *module, FILE *out);

/* True if the module imports a call that works on streams, or any of WASI that does not just end
 * the guest. */
bool glue_needs_streams(const struct module *module);

/* `invocation`, for an entry of this type; `instance` stands before its arguments. */
void glue_write_invocation(const struct module_functype *type, const char *instance, FILE *out);

/* A C string literal, whatever its bytes. */
void glue_write_string(const char *text, FILE *out);

#endif
