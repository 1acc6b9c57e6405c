/* Messages: "daggercc: STAGE: text", lower case, no full stop, to standard error.
 *
 * Every function escapes nothing by itself: text that comes from a module or a file name goes through
 * text_escape() first.
 */
#ifndef DAGGER_COMPILER_DIAG_H
#define DAGGER_COMPILER_DIAG_H

#include <stddef.h>
#include <stdint.h>

/* Where messages go and what they are about; set once by the driver. program: "daggercc", file: as
 * the user gave it (escaped when printed), NULL if none. */
void diag_setup(const char *program, const char *file);

/* "daggercc: error: text". A message ending in ':' gets the text of errno appended. */
void diag_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "daggercc: FILE: offset 0x1a2: text". */
void diag_at(uint64_t offset, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "daggercc: note: text": what to do about the error before it. */
void diag_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes `len` bytes as printable text: UTF-8 stays, control characters, quotes, backslashes, bidi
 * controls and bad UTF-8 become \xHH or \u{HHHH}; what does not fit in `cap` ends in "...". Always
 * NUL-terminated; returns `out`. */
char *text_escape(char *out, size_t cap, const void *bytes, size_t len);

#endif
