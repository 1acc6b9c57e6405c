/* A module for other programs: the C behind --emit=archive, and its header.
 *
 * The module's names get into C only as module_clean_export() makes them plain, with the archive's
 * name before them, so that modules do not clash with each other or with the program.
 */
#ifndef DAGGER_COMPILER_EMBED_H
#define DAGGER_COMPILER_EMBED_H

#include <stdint.h>

#include "module.h"
#include "options.h"

struct embed {
    const struct module *module; /* checked, as a library */
    const char *prefix;          /* from embed_name() */
    const char *include;         /* folder of <dagger/embed.h> */
    enum memory_mode memory;     /* not fixed */
    uint64_t max_memory;         /* bytes, 0: what the module says */
    uint64_t fuel;               /* instructions, 0: not counted */
    const struct dagger_limits *limits;
};

#define EMBED_NAME   "embedded"
#define EMBED_HEADER EMBED_NAME ".h"
#define EMBED_KEPT   EMBED_NAME ".kept"

/* What an archive's name says: "lib/libbase-64.a" is for a header "lib/base-64.h", and identifiers
 * that begin with "base_64". Both are allocated. Returns 0, or -1 after a message if the name is of
 * no use. */
int embed_name(const char *output, char **header, char **prefix);

/* Writes EMBED_NAME ".c", EMBED_HEADER and EMBED_KEPT, the list of symbols that are for others, to
 * the temporary folder. Returns 0, or -1 after a message. */
int embed_write(const struct embed *embed);

#endif
