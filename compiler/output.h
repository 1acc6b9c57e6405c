/* Outputs: whole under their name, or not at all. */
#ifndef DAGGER_COMPILER_OUTPUT_H
#define DAGGER_COMPILER_OUTPUT_H

#include <stdbool.h>
#include <sys/types.h>

/* Is it wise to write there? Checks that it is not the input itself (by name or by any link), nor a
 * folder. Returns 0, or -1 after a message. "-" is always good. */
int output_check(const char *output, const char *input);

/* Puts a copy of the file `from` under the name `output`: written beside it, then renamed, mode
 * 0777 (executable) or 0666 less the umask. What is no regular file (/dev/null, a FIFO) is written
 * into.
 * "-": standard output. Returns 0, or -1 after a message. */
int output_deliver(const char *from, const char *output, bool executable);

#endif
