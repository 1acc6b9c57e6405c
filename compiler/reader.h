/* Reads the primitive values of the binary format from a bounded run of bytes.
 *
 * Failure is sticky: the first error prints one message, moves the reader to its end and makes
 * every later read return 0, so that loops end and callers look at `failed` once.
 *
 * Source: WebAssembly Core Specification 2.0, 5.2 (values).
 */
#ifndef DAGGER_COMPILER_READER_H
#define DAGGER_COMPILER_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct module_text;

struct reader {
    const uint8_t *base; /* the module's first byte: offsets in messages count from it */
    const uint8_t *at, *end;
    const char *where; /* the section, for messages */
    uint32_t function; /* whose body is read, UINT32_MAX: none */
    bool failed;
};

/* Prints "offset: WHERE[: function N]: text" unless the reader has failed before, and fails it. */
void reader_fail(struct reader *r, const uint8_t *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One byte; `what` names it if the bytes end before it. */
uint8_t reader_byte(struct reader *r, const char *what);

/* `size` bytes, NULL on failure. */
const uint8_t *reader_bytes(struct reader *r, uint64_t size, const char *what);

/* A LEB128 of `bits` bits: not longer than ceil(bits / 7) bytes, unused bits as the sign has it. */
uint64_t reader_leb_unsigned(struct reader *r, unsigned bits);
int64_t reader_leb_signed(struct reader *r, unsigned bits);

static inline uint32_t reader_u32(struct reader *r)
{
    if (r->at < r->end && *r->at < 0x80)
        return *r->at++;
    return (uint32_t)reader_leb_unsigned(r, 32);
}

/* Skips a signed LEB128 of `bits` bits. */
static inline void reader_skip_signed(struct reader *r, unsigned bits)
{
    if (r->at < r->end && *r->at < 0x80)
        r->at++;
    else
        reader_leb_signed(r, bits);
}

/* The number of entries that follow, each of at least `entry_size` bytes: fails if the bytes left
 * can't hold them or if they are more than `limit`. So a count is safe to allocate by. */
uint32_t reader_count(struct reader *r, const char *what, uint32_t entry_size, uint32_t limit);

/* An index into a space of `count`: fails if it is not below it. */
static inline uint32_t reader_index(struct reader *r, uint32_t count, const char *what)
{
    const uint8_t *at = r->at;
    uint32_t index = reader_u32(r);

    if (index >= count && !r->failed) {
        reader_fail(r, at, "%s index %u out of range: there are %u", what, index, count);
        return 0;
    }
    return index;
}

/* A name: its length and that many bytes of UTF-8. */
struct module_text reader_name(struct reader *r, const char *what);

#endif
