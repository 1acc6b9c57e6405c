/* What temp.h and input.h do, in memory, so that a fuzz target over files runs thousands of times a
 * second. An input that is read is a copy of exactly its size: a sanitizer sees every step outside.
 */
#ifndef DAGGER_TESTS_COMPILER_FUZZ_FILES_H
#define DAGGER_TESTS_COMPILER_FUZZ_FILES_H

#include <stdint.h>

#include "args.h"
#include "generated.h"

/* Makes a file that input_read() finds: `top` and `len` bytes of `text`. `name` is kept. */
void fuzz_file_set(const char *name, const char *top, const uint8_t *text, size_t len);

/* Bytes of all files. */
size_t fuzz_files_size(void);

/* "NAME.c" of all names in order; to be freed. */
struct span fuzz_files_joined(const struct args *names);

/* Removes all files. */
void fuzz_files_forget(void);

#endif
