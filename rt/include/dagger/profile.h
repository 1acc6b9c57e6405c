/* Of instrumented guests: how the counts get into files. Included by their start-up file alone, and
 * compiled by the compiler whose counts they are.
 */
#ifndef DAGGER_PROFILE_H
#define DAGGER_PROFILE_H

#include <stdlib.h>

struct dagger_profile {
    const char *folder; /* absolute; NULL: beside the executable, its name and ".profile" */
    const char *name;   /* of the folder in it: names the module, the compiler and the code, so that
                           counts of different programs never meet */
    void (*write)(void); /* adds the counts to the files in the working directory */
};

/* Makes that folder the working directory and writes the counts there. Where that can't be done it
 * says so on standard error; the process ends as it would anyway. DAGGER_PROFILE in the environment
 * stands over `folder`. */
void dagger_profile_end(const struct dagger_profile *profile);

/* dagger_profile.write, by the compiler's own runtime, which locks its files. */
#ifdef __clang__
/* Defined here it keeps out what would choose a file by itself, at the start and at exit. */
int __llvm_profile_runtime;

void __llvm_profile_set_filename(const char *name);
int __llvm_profile_write_file(void);

static inline void dagger_profile_write(void)
{
    __llvm_profile_set_filename("guest-%m.profraw"); /* %m: add to what is there */
    __llvm_profile_write_file();
}
#else
void __gcov_dump(void);

static inline void dagger_profile_write(void)
{
    setenv("GCOV_PREFIX", ".", 1);
    setenv("GCOV_PREFIX_STRIP", "1000", 1); /* of each name the last part */
    __gcov_dump();
}
#endif

#endif
