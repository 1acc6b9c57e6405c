/* Modules made by hand, byte by byte, for the tests of the reader. */
#ifndef DAGGER_TESTS_COMPILER_BYTES_H
#define DAGGER_TESTS_COMPILER_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "module.h"

/* Bytes that grow; zeroed is empty. Memory ends the test program if it is short. */
struct bytes {
    uint8_t *data;
    size_t size, room;
};

void bytes_put(struct bytes *b, const void *data, size_t size);
void bytes_byte(struct bytes *b, uint8_t byte);
void bytes_u32(struct bytes *b, uint32_t value);
/* A LEB128 of `size` bytes, over-long if need be. */
void bytes_u32_padded(struct bytes *b, uint32_t value, unsigned size);
void bytes_name(struct bytes *b, const void *name, size_t size);
void bytes_text(struct bytes *b, const char *name);
void bytes_header(struct bytes *b);
void bytes_section(struct bytes *b, uint8_t id, const struct bytes *contents);
/* Puts literal bytes: bytes_list(b, 3, 0x01, 0x60, 0x00). */
void bytes_list(struct bytes *b, unsigned count, ...);
void bytes_release(struct bytes *b);

/* A module with types 0 () -> () and 1 (i32) -> i32, a table, a memory, a mutable i32 global, an
 * element and a data segment, tags of type 0 as many as asked for, and one function of type 0 with
 * two i32 locals, whose instructions are `code` (its end included), exported as "main". */
struct bytes module_of_body(const void *code, size_t size, unsigned tags);

/* The contents of a file; ends the test program if it can't be read. */
struct bytes bytes_of_file(const char *path);

/* Reads a module from a copy of exactly its size, so that a sanitizer sees every step outside, and
 * stores what was printed in `*message` (to be freed; "" if nothing). The copy lives as long as
 * `*copy` is not freed. */
int read_copy(struct module *module, const uint8_t *data, size_t size, uint8_t **copy,
              char **message);

/* As read_copy(), and releases everything but the message. */
int verdict(const struct bytes *b, char **message);

/* module_check() of a whole module with these wishes; what was printed is stored in `*message`. */
int check_bytes(const struct bytes *b, const struct module_wishes *wishes, char **message);

/* module_write_clean() to memory; ends the test program if it fails. */
struct bytes clean_bytes(const struct module *module, const struct module_clean *how);

#endif
