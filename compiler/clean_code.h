/* Code of the clean copy, and what belongs to it, where it is not the module's own.
 *
 * wasm2c takes the result of a select with a type for any type before 1.0.40: a 64-bit number
 * becomes an address that no guard page catches, and a reference to a function can be made from a
 * number. So an empty block of type (param T) (result T) follows each of them in the copy, whose
 * parameter wasm2c does compare with what comes next. In correct modules it does nothing.
 *
 * With `fuel` the code counts what it runs: fuel.h.
 */
#ifndef DAGGER_COMPILER_CLEAN_CODE_H
#define DAGGER_COMPILER_CLEAN_CODE_H

#include "module.h"
#include "sink.h"

/* The contents of the type section, and of the code section, of a module with select_count > 0 or
 * with fuel. */
void clean_put_types(struct sink *sink, const struct module *module, bool fuel);
void clean_put_code(struct sink *sink, const struct module *module, bool fuel);

/* The contents of the function section and of the global section, with fuel. */
void clean_put_functions(struct sink *sink, const struct module *module);
void clean_put_globals(struct sink *sink, const struct module *module);

#endif
