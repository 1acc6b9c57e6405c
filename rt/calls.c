#include "calls.h"

#include <string.h>

#include "watch.h"

/* So that a count is never mistaken for an error. */
#define TRANSFER_MAX UINT32_C(0x7fffffff)

bool dagger_guest_range(const wasm_rt_memory_t *memory, uint32_t address, uint32_t len,
                        uint8_t **host)
{
    static uint8_t nothing[1];
    uint64_t size = memory ? memory->size : 0;
    if (!dagger_range_is_inside(size, address, len))
        return false;
    *host = size ? memory->data + address : nothing;
    return true;
}

bool dagger_guest_string(const wasm_rt_memory_t *memory, uint32_t address, size_t max,
                         const char **host, size_t *len)
{
    uint64_t size = memory ? memory->size : 0;
    if (address >= size)
        return false;
    uint64_t room = size - address;
    uint64_t looked_at = room < max + 1 ? room : max + 1;
    *host = (const char *)memory->data + address;
    const char *end = memchr(*host, '\0', looked_at);
    if (!end && looked_at == room && room < max + 1)
        return false;
    *len = end ? (size_t)(end - *host) : looked_at;
    return true;
}

static size_t shortened(uint32_t len)
{
    return len < TRANSFER_MAX ? len : TRANSFER_MAX;
}

DAGGER_SELDOM uint32_t dagger_call_open(struct w2c_dagger *imports, uint32_t url, uint32_t url_len)
{
    if (__builtin_expect(imports->watched, 0))
        return dagger_watched_call(DAGGER_OPEN, url, url_len, 0);
    dagger_host_enter(imports);
    const char *text = NULL;
    size_t len = url_len;
    bool valid;
    if (url_len == 0) {
        valid = dagger_guest_string(imports->memory, url, DAGGER_URL_MAX, &text, &len);
    } else {
        uint8_t *bytes = NULL;
        valid = dagger_guest_range(imports->memory, url, url_len, &bytes);
        text = (const char *)bytes;
    }
    return dagger_host_leave(valid ? dagger_process_open(&imports->process, text, len)
                                   : DAGGER_FAULT);
}

DAGGER_SELDOM uint32_t dagger_call_close(struct w2c_dagger *imports, uint32_t sd)
{
    if (__builtin_expect(imports->watched, 0))
        return dagger_watched_call(DAGGER_CLOSE, sd, 0, 0);
    dagger_host_enter(imports);
    return dagger_host_leave(dagger_process_close(&imports->process, sd));
}

uint32_t dagger_call_read(struct w2c_dagger *imports, uint32_t sd, uint32_t data, uint32_t len)
{
    if (__builtin_expect(imports->watched, 0))
        return dagger_watched_call(DAGGER_READ, sd, data, len);
    dagger_host_enter(imports);
    uint8_t *bytes = NULL;
    if (!dagger_guest_range(imports->memory, data, len, &bytes))
        return dagger_host_leave(DAGGER_FAULT);
    return dagger_host_leave(dagger_process_read(&imports->process, sd, bytes, shortened(len)));
}

/* Not inlined, so that the short way below saves no registers. */
static __attribute__((noinline)) uint32_t write_any(struct w2c_dagger *imports, uint32_t sd,
                                                    uint32_t data, uint32_t len)
{
    dagger_host_enter(imports);
    uint8_t *bytes = NULL;
    if (!dagger_guest_range(imports->memory, data, len, &bytes))
        return dagger_host_leave(DAGGER_FAULT);
    return dagger_host_leave(dagger_process_write(&imports->process, sd, bytes, shortened(len)));
}

/* Guests without a library of their own write single bytes. One that a buffer has room for calls
 * nothing that could fault or need much stack. */
uint32_t dagger_call_write(struct w2c_dagger *imports, uint32_t sd, uint32_t data, uint32_t len)
{
    if (__builtin_expect(imports->watched, 0))
        return dagger_watched_call(DAGGER_WRITE, sd, data, len);
    uint8_t *bytes = NULL;
    if (len == 1 && dagger_guest_range(imports->memory, data, 1, &bytes) &&
        dagger_process_put(&imports->process, sd, *bytes))
        return 1;
    return write_any(imports, sd, data, len);
}

DAGGER_SELDOM uint32_t dagger_call_flush(struct w2c_dagger *imports, uint32_t sd)
{
    if (__builtin_expect(imports->watched, 0))
        return dagger_watched_call(DAGGER_FLUSH, sd, 0, 0);
    dagger_host_enter(imports);
    return dagger_host_leave(dagger_process_flush(&imports->process, sd));
}

int32_t dagger_make_call(enum dagger_call call, uint32_t a, uint32_t b, uint32_t c)
{
    struct w2c_dagger *imports = &dagger_runtime.imports;
    switch (call) {
    case DAGGER_OPEN:
        return (int32_t)dagger_call_open(imports, a, b);
    case DAGGER_CLOSE:
        return (int32_t)dagger_call_close(imports, a);
    case DAGGER_READ:
        return (int32_t)dagger_call_read(imports, a, b, c);
    case DAGGER_WRITE:
        return (int32_t)dagger_call_write(imports, a, b, c);
    default:
        return (int32_t)dagger_call_flush(imports, a);
    }
}

/* What AssemblyScript's compiler imports: the guest's own end. Its message is text of the guest's
 * that nobody can check. */
DAGGER_SELDOM void dagger_call_abort(struct w2c_dagger *imports, uint32_t message, uint32_t file,
                                     uint32_t line, uint32_t column)
{
    (void)imports, (void)message, (void)file, (void)line, (void)column;
    dagger_trap(DAGGER_TRAP_UNREACHABLE);
}
