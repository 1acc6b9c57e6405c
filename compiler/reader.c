/* Primitive values of the binary format: see reader.h. */
#include "reader.h"

#include <stdarg.h>
#include <stdio.h>

#include "module.h"

void reader_fail(struct reader *r, const uint8_t *at, const char *format, ...)
{
    char text[512];
    va_list args;

    if (!r->failed) {
        va_start(args, format);
        vsnprintf(text, sizeof text, format, args);
        va_end(args);
        if (r->function != UINT32_MAX)
            diag_at((uint64_t)(at - r->base), "%s: function %u: %s", r->where, r->function, text);
        else
            diag_at((uint64_t)(at - r->base), "%s: %s", r->where, text);
    }
    r->failed = true;
    r->at = r->end;
}

uint8_t reader_byte(struct reader *r, const char *what)
{
    if (r->at >= r->end) {
        reader_fail(r, r->end, "unexpected end, expected %s", what);
        return 0;
    }
    return *r->at++;
}

const uint8_t *reader_bytes(struct reader *r, uint64_t size, const char *what)
{
    const uint8_t *bytes = r->at;

    if (size > (uint64_t)(r->end - r->at)) {
        reader_fail(r, r->at, "unexpected end: %s needs %llu bytes, %llu are left", what,
                    (unsigned long long)size, (unsigned long long)(r->end - r->at));
        return NULL;
    }
    r->at += size;
    return bytes;
}

/* Collects the payload of a LEB128. Returns the number of bytes, 0 on failure; the last byte is
 * stored, for the check of its unused bits. */
static unsigned reader_leb(struct reader *r, unsigned bits, uint64_t *value, uint8_t *last)
{
    unsigned most = (bits + 6) / 7;
    const uint8_t *start = r->at;

    *value = 0;
    for (unsigned i = 0; i < most; i++) {
        if (r->at >= r->end) {
            reader_fail(r, r->end, "unexpected end in an integer (LEB128)");
            return 0;
        }
        *last = *r->at++;
        *value |= (uint64_t)(*last & 0x7f) << (7 * i);
        if (*last < 0x80)
            return i + 1;
    }
    reader_fail(r, start, "integer (LEB128) longer than the %u bytes of a %u-bit one", most, bits);
    return 0;
}

uint64_t reader_leb_unsigned(struct reader *r, unsigned bits)
{
    const uint8_t *start = r->at;
    uint64_t value;
    uint8_t last;
    unsigned len = reader_leb(r, bits, &value, &last);

    if (len == 0)
        return 0;
    if (len * 7 > bits && last >> (bits - (len - 1) * 7) != 0) {
        reader_fail(r, start, "integer (LEB128) too large for %u bits", bits);
        return 0;
    }
    return value;
}

int64_t reader_leb_signed(struct reader *r, unsigned bits)
{
    const uint8_t *start = r->at;
    uint64_t value;
    uint8_t last;
    unsigned len = reader_leb(r, bits, &value, &last);

    if (len == 0)
        return 0;
    if (len * 7 > bits) {
        unsigned used = bits - (len - 1) * 7;
        uint8_t unused =
            (uint8_t)(0x7f & ~((1u << (used - 1)) - 1)); /* the sign and all above it */

        if ((last & unused) != 0 && (last & unused) != unused) {
            reader_fail(r, start, "integer (LEB128) too large for %u bits", bits);
            return 0;
        }
    }
    if ((last & 0x40) && len * 7 < 64)
        value |= ~(uint64_t)0 << (len * 7);
    return (int64_t)value;
}

uint32_t reader_count(struct reader *r, const char *what, uint32_t entry_size, uint32_t limit)
{
    const uint8_t *at = r->at;
    uint32_t count = reader_u32(r);
    uint64_t left = (uint64_t)(r->end - r->at);

    if (r->failed)
        return 0;
    if (count > left / entry_size) {
        reader_fail(r, at, "%u %s can't be in the %llu bytes that are left", count, what,
                    (unsigned long long)left);
        return 0;
    }
    if (count > limit) {
        reader_fail(r, at, "%u %s are more than the limit of %u", count, what, limit);
        return 0;
    }
    return count;
}

struct module_text reader_name(struct reader *r, const char *what)
{
    struct module_text name = {NULL, 0};
    const uint8_t *at = r->at;
    uint32_t len = reader_u32(r);
    const uint8_t *bytes = r->failed ? NULL : reader_bytes(r, len, what);

    if (!bytes)
        return name;
    if (!text_is_utf8(bytes, len)) {
        reader_fail(r, at, "%s is not valid UTF-8", what);
        return name;
    }
    name.data = bytes;
    name.len = len;
    return name;
}
