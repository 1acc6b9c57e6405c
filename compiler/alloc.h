/* Allocation for a program that can't go on without it: each of these ends the process with exit
 * status 1 and a message when memory is exhausted (temporary files go on that way out too, see
 * temp.h). What they return is freed with free(). */
#ifndef DAGGER_COMPILER_ALLOC_H
#define DAGGER_COMPILER_ALLOC_H

#include <stddef.h>
#include <stdio.h>

void *alloc_zeroed(size_t size); /* zeroed */
void *alloc_resize(void *old, size_t size);
void *alloc_checked(void *allocated); /* what another function allocated, or NULL if it could not */
char *alloc_copy_text(const char *text);
char *alloc_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A stream into memory. When it has been closed by alloc_stream_close(), `*text` is what was
 * written, `*size` bytes and a NUL. */
FILE *alloc_stream(char **text, size_t *size);
void alloc_stream_close(FILE *stream, char **text);

#endif
