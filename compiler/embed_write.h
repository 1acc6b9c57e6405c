/* Between the two files that write a module for other programs. */
#ifndef DAGGER_COMPILER_EMBED_WRITE_H
#define DAGGER_COMPILER_EMBED_WRITE_H

#include <stdio.h>

#include "embed.h"

struct embed_files {
    FILE *source, *header;
    FILE *kept; /* symbols that are for others, one a line */
};

/* What the module exports, as far as C has types for it. Returns 0, or -1 after a message. */
int embed_write_exports(const struct embed *embed, const struct embed_files *out);

/* The number of the export "_initialize", a function of nothing; UINT32_MAX: there is none. */
uint32_t embed_initialize(const struct module *module);

#endif
