/* The imports a guest may have, in one table, and how imports are shown to people.
 *
 * Source: docs/abi.md.
 */
#ifndef DAGGER_COMPILER_CALLS_H
#define DAGGER_COMPILER_CALLS_H

#include <stdbool.h>
#include <stdio.h>

#include "module.h"

struct call {
    const char *name;      /* as the guest imports it */
    const char *canonical; /* the one of the five calls it means */
    unsigned params;       /* all i32; the result is one i32 */
    bool memory;           /* it takes a pointer into the guest's memory */
};

/* The call that an import names (module "dagger" or "env"), NULL if it names none. Says nothing of
 * its type. */
const struct call *call_of_import(const struct module_import *import);

/* True if a function type is that of the call. */
bool call_has_type(const struct call *call, const struct module_functype *type);

/* Prints "(func (param i32 i32) (result i32))"; long lists of types are cut. */
void call_print_type(const struct call *call, FILE *out);
void functype_print(const struct module_functype *type, FILE *out);

/* Prints "module"."name" and the import's type. */
void import_print(const struct module *module, const struct module_import *import, FILE *out);

/* True if the text is `other`. */
bool module_text_is(struct module_text text, const char *other);

#endif
