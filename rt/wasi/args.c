/* args_*, environ_*: lists of strings that the process's host holds. */
#include "wasi.h"

static enum wasi_errno sizes_get(struct w2c_dagger *imports, const char *const *list,
                                 uint32_t count_at, uint32_t size_at)
{
    uint8_t *count = wasi_at(imports, count_at, 4), *size = wasi_at(imports, size_at, 4);
    if (!count || !size)
        return WASI_FAULT;
    uint64_t strings = 0, bytes = 0;
    for (; list && list[strings]; strings++)
        bytes += strlen(list[strings]) + 1;
    if (bytes > UINT32_MAX)
        return WASI_OVERFLOW;
    wasi_put32(count, (uint32_t)strings);
    wasi_put32(size, (uint32_t)bytes);
    return WASI_SUCCESS;
}

/* Nothing is written before all is known to have room. */
static enum wasi_errno get(struct w2c_dagger *imports, const char *const *list, uint32_t pointers,
                           uint32_t strings)
{
    uint64_t count = 0, bytes = 0;
    for (; list && list[count]; count++)
        bytes += strlen(list[count]) + 1;
    if (bytes > UINT32_MAX)
        return WASI_OVERFLOW;
    uint8_t *table = wasi_array(imports, pointers, (uint32_t)count, 4),
            *text = wasi_at(imports, strings, (uint32_t)bytes);
    if (!table || !text)
        return WASI_FAULT;
    for (uint64_t i = 0; i < count; i++, table += 4) {
        size_t len = strlen(list[i]) + 1;
        memcpy(text, list[i], len);
        wasi_put32(table, strings);
        text += len;
        strings += (uint32_t)len;
    }
    return WASI_SUCCESS;
}

uint32_t wasi_args_get(struct w2c_dagger *imports, uint32_t pointers, uint32_t strings)
{
    return get(imports, imports->process.host.arguments, pointers, strings);
}

uint32_t wasi_args_sizes_get(struct w2c_dagger *imports, uint32_t count, uint32_t size)
{
    return sizes_get(imports, imports->process.host.arguments, count, size);
}

uint32_t wasi_environ_get(struct w2c_dagger *imports, uint32_t pointers, uint32_t strings)
{
    return get(imports, imports->process.host.environment, pointers, strings);
}

uint32_t wasi_environ_sizes_get(struct w2c_dagger *imports, uint32_t count, uint32_t size)
{
    return sizes_get(imports, imports->process.host.environment, count, size);
}
