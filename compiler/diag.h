/* Messages: "daggercc: error: text", lower case, no full stop, to standard error.
 *
 * The functions escape nothing but the file's name: text that comes from a module or a file name
 * goes through text_escape() first.
 */
#ifndef DAGGER_COMPILER_DIAG_H
#define DAGGER_COMPILER_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Where messages come from and what they are about; set once by the driver. Both are borrowed.
 * program: "daggercc", file: as the user gave it (escaped when printed), NULL if none. */
void diag_setup(const char *program, const char *file);

/* Sends messages to `stream` from now on; NULL: standard error. */
void diag_output(FILE *stream);

/* "daggercc: error: text". A format ending in ':' gets the text of errno appended. */
void diag_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "daggercc: FILE: offset 0x1a2: text". */
void diag_at(uint64_t offset, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "daggercc: note: text": what to do about the error before it. */
void diag_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes `len` bytes as printable text: UTF-8 stays; control characters, quotes, backslashes, bidi
 * controls, invisible characters and bad UTF-8 become \xHH or \u{HHHH}. A text that comes within
 * three bytes of `cap` is cut and ends in "...". NUL-terminated unless `cap` is 0; returns `out`.
 */
char *text_escape(char *out, size_t cap, const void *bytes, size_t len);

/* Prints the words of another program, each line as "  NAME: LINE": quotes and backslashes as they
 * are, all else as text_escape shows it. At most 30 lines, of 500 bytes each; returns how many
 * bytes are left of what is not shown. */
size_t text_print_lines(FILE *out, const char *name, const char *text, size_t len);

/* A path or other word of the user, as text_escape shows it; valid until the next call. */
const char *text_shown(const char *text);

/* One character of UTF-8 at `at` (RFC 3629: no surrogates, no over-long forms, at most U+10FFFF):
 * returns its length in bytes and stores it, or 0 if the bytes before `end` are not one. */
size_t text_utf8(const uint8_t *at, const uint8_t *end, uint32_t *character);

/* True if all `len` bytes are UTF-8. */
bool text_is_utf8(const uint8_t *bytes, size_t len);

#endif
