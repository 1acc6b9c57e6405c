/* Bytes on their way to a stream, or only counted: a section's size comes before its contents. */
#ifndef DAGGER_COMPILER_SINK_H
#define DAGGER_COMPILER_SINK_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct sink {
    FILE *out; /* NULL: count only; its errors are looked at in the end */
    uint64_t size;
};

static inline void put(struct sink *sink, const void *bytes, size_t size)
{
    sink->size += size;
    if (sink->out)
        fwrite(bytes, 1, size, sink->out);
}

static inline void put_byte(struct sink *sink, uint8_t byte)
{
    put(sink, &byte, 1);
}

static inline void put_u32(struct sink *sink, uint32_t value)
{
    while (value >= 0x80) {
        put_byte(sink, (uint8_t)(value | 0x80));
        value >>= 7;
    }
    put_byte(sink, (uint8_t)value);
}

static inline void put_text(struct sink *sink, const char *text)
{
    put_u32(sink, (uint32_t)strlen(text));
    put(sink, text, strlen(text));
}

#endif
