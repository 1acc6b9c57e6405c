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
    const char *canonical; /* what the clean copy imports from "dagger" instead */
    unsigned params;       /* all i32 */
    unsigned results;      /* 0, or 1: i32 */
    bool memory;           /* it works on the guest's memory */
    bool dagger;           /* the import's module may be "dagger", not "env" only */
};

/* What an import names, NULL if it is nothing we have. Says nothing of its type. */
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
