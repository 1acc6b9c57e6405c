/* The imports a guest may have, by their names in modules, and how imports are shown to people.
 *
 * Source: the table of <dagger/imports.h>, and docs/abi.md.
 */
#ifndef DAGGER_COMPILER_IMPORTS_H
#define DAGGER_COMPILER_IMPORTS_H

#include <dagger/imports.h>
#include <stdbool.h>
#include <stdio.h>

#include "module.h"

enum { CALLS_MAX = 64 };

struct call {
    unsigned number;  /* below CALLS_MAX, another one for each */
    const char *name; /* of its row in <dagger/imports.h>; the clean copy imports it so */
    unsigned params;  /* TYPE_I32 or TYPE_I64 each */
    unsigned results; /* 0, or 1: i32 */
    uint8_t types[DAGGER_IMPORT_PARAMETERS + 1]; /* of the parameters */
};

/* What an import names, NULL if it is nothing we have. Says nothing of its type. */
const struct call *call_of_import(const struct module_import *import);

/* True if it names a call and has its type. */
bool import_is_call(const struct module *module, const struct module_import *import);

/* A call of WASI's, not of ours. */
bool call_is_wasi(const struct call *call);

/* True if a function type is that of the call. */
bool call_has_type(const struct call *call, const struct module_functype *type);

/* Prints "(func (param i32 i32) (result i32))"; long lists of types are cut. */
void call_print_type(const struct call *call, FILE *out);
void functype_print(const struct module_functype *type, FILE *out);

/* "module"."name", escaped; cut to what has room. */
void import_name(const struct module_import *import, char *name, size_t size);

/* Prints "module"."name" and the import's type. */
void import_print(const struct module *module, const struct module_import *import, FILE *out);

/* True if the text is `other`. */
bool module_text_is(struct module_text text, const char *other);

#endif
