/* --profile-generate and --profile-use.
 *
 * A profile is a folder. In it each program that was instrumented has a folder of its own, whose
 * name holds hashes of the module and of the code made of it, so that the counts of one are never
 * taken for those of another; in that are the files of the C compiler's own runtime. Nothing in
 * these names comes from the guest. */
#ifndef DAGGER_COMPILER_PROFILE_H
#define DAGGER_COMPILER_PROFILE_H

#include <stddef.h>

#include "compile.h"
#include "input.h"
#include "run.h"

struct profile {
    char *name;       /* of the program's folder; NULL: neither option was given */
    char *folder;     /* where --profile-generate puts it, absolute; NULL: beside the executable */
    bool clang;       /* gcc otherwise */
    unsigned version; /* major, of the C compiler */
};

/* Gives `compiler` the flags for what its options ask for, and with --profile-use puts the counts
 * into the temporary folder. `parts` are the translated parts of the guest. Returns 0, or -1 after
 * a message. Release it either way. */
int profile_prepare(struct profile *profile, struct compiler *compiler, const struct input *module,
                    const struct args *parts);
void profile_release(struct profile *profile);

/* Functions whose counts the C compiler did not take, by what it said. */
size_t profile_misfits(const struct run_job *job);

#endif
