/* The embedder's way into an instance's memory. */
#include <string.h>

#include "calls.h"
#include "instance.h"

static uint8_t *range(const struct dagger_instance *instance, uint32_t address, size_t len)
{
    const wasm_rt_memory_t *memory = instance->runtime.imports.memory;
    bool inside =
        memory && len <= memory->size && dagger_range_is_inside(memory->size, address, len);
    if (!inside)
        dagger_result(DAGGER_RESULT_OUT_OF_BOUNDS);
    return inside ? memory->data + address : NULL;
}

uint64_t dagger_memory_size(const struct dagger_instance *instance)
{
    const wasm_rt_memory_t *memory = instance->runtime.imports.memory;
    return memory ? memory->size : 0;
}

int dagger_memory_read(const struct dagger_instance *instance, uint32_t address, void *data,
                       size_t len)
{
    const uint8_t *from = range(instance, address, len);
    if (!from)
        return DAGGER_RESULT_OUT_OF_BOUNDS;
    if (len > 0)
        memcpy(data, from, len);
    return 0;
}

int dagger_memory_write(struct dagger_instance *instance, uint32_t address, const void *data,
                        size_t len)
{
    uint8_t *to = range(instance, address, len);
    if (!to)
        return DAGGER_RESULT_OUT_OF_BOUNDS;
    if (len > 0)
        memcpy(to, data, len);
    return 0;
}

void *dagger_memory_at(struct dagger_instance *instance, uint32_t address, size_t len)
{
    return range(instance, address, len);
}

/* In a function of its own: dagger_embedded is another one there. */
static __attribute__((noinline)) uint64_t grow(wasm_rt_memory_t *memory, uint32_t pages)
{
    return wasm_rt_grow_memory(memory, pages);
}

int dagger_memory_grow(struct dagger_instance *instance, uint32_t pages, uint32_t *before)
{
    wasm_rt_memory_t *memory = instance->runtime.imports.memory;
    uint64_t pages_before = UINT64_MAX;
    if (!dagger_claim(instance))
        return dagger_result(DAGGER_RESULT_BUSY);
    if (memory) {
        struct dagger_state *outer = dagger_embedded;
        dagger_embedded = &instance->runtime;
        pages_before = grow(memory, pages);
        dagger_embedded = outer;
    }
    dagger_release(instance);
    if (pages_before == UINT64_MAX)
        return dagger_result_because(DAGGER_RESULT_FAILED, "the memory can't grow by %u pages",
                                     (uint64_t)pages);
    if (before)
        *before = (uint32_t)pages_before;
    return 0;
}
