/* Profiles on disk, for --profile-use. */
#ifndef DAGGER_COMPILER_PROFILE_DATA_H
#define DAGGER_COMPILER_PROFILE_DATA_H

#include "profile.h"

/* clang's counts in the temporary folder, merged. */
#define PROFILE_MERGED "guest.profdata"

/* Puts the counts of this program from the folder of --profile-use into the temporary folder, as
 * the compiler wants them: PART.gcda for gcc, PROFILE_MERGED for clang. Returns 0, or -1 after a
 * message.
 */
int profile_fetch(const struct profile *profile, const struct compiler *compiler,
                  const struct args *parts);

/* Is clang's llvm-profdata there? Returns 0, or -1 after a message. */
int profile_check_tool(const struct profile *profile, const struct compiler *compiler);

#endif
