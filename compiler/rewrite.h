/* Line by line from C for any instance to C for the only one. */
#ifndef DAGGER_COMPILER_REWRITE_H
#define DAGGER_COMPILER_REWRITE_H

#include <stdio.h>

#include "generated.h"

/* Writes `text`, whole lines of definitions, to `out`: without the parameter "instance", members of
 * the instance as variables MEMBER(name), accesses to memory by one name each, and float constants
 * hidden that would let a compiler leave an operation out (rt/include/dagger/guest/numeric.h).
 * Returns false when something stands there that is not known. */
bool rewrite(struct span text, FILE *out);

#define MEMBER "m_" /* put before the names of the instance's members */

#endif
