/* The guest: a checksum over a buffer that its embedder fills. */
#include <stddef.h>
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(#name)))

static uint8_t buffer[4096];

EXPORT(buffer) uint8_t *get_buffer(void)
{
    return buffer;
}

EXPORT(buffer_size) size_t get_buffer_size(void)
{
    return sizeof buffer;
}

/* CRC-32 of what came before (0: nothing) and of `len` bytes of the buffer. Believes its embedder.
 */
EXPORT(update) uint32_t update(uint32_t crc, size_t len)
{
    crc = ~crc;
    for (size_t i = 0; i < len; i++) {
        crc ^= buffer[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}
