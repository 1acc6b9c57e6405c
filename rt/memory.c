/* Linear memory: address space is reserved once, pages become usable by mprotect as the guest grows
 * it, so that it never moves.
 *
 * In guard mode every address a 32-bit memory's access can have (32-bit index + 32-bit offset + 16
 * bytes) is inside the reservation, so that what is out of bounds faults. In checked mode generated
 * code compares, and only as much is reserved as the memory may grow to.
 */
#include "memory.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "report.h"
#include "runtime.h"

#define GUARD_RESERVATION ((UINT64_C(8) << 30) + 65536)

/* Bytes that all memories together may still take. */
static uint64_t room(void)
{
    const struct dagger_memories *memories = &dagger_runtime.memories;
    return (memories->max_bytes ? memories->max_bytes : UINT64_MAX) - memories->used;
}

void dagger_memory_setup(enum dagger_memory_mode mode, uint64_t max_bytes)
{
    dagger_runtime.memories.mode = mode;
    dagger_runtime.memories.max_bytes = max_bytes;
}

/* Up to whole pages of any host: 64 KiB is the largest there is. */
static uint64_t round_to_host_pages(uint64_t bytes)
{
    return (bytes + 65535) & ~UINT64_C(65535);
}

static uint8_t *reserve(uint64_t bytes)
{
    void *data = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return data == MAP_FAILED ? NULL : data;
}

/* A kernel that doesn't know MAP_FIXED_NOREPLACE takes the address for a wish. */
static uint8_t *reserve_fixed(uint64_t bytes)
{
    void *data = mmap((void *)DAGGER_FIXED_MEMORY, bytes, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (data == MAP_FAILED)
        return NULL;
    if ((uintptr_t)data != DAGGER_FIXED_MEMORY) {
        munmap(data, bytes);
        errno = EEXIST;
        return NULL;
    }
    return data;
}

/* The reservation of guard pages, where the mode wants it. */
static uint8_t *reserve_guarded(void)
{
    bool fixed = dagger_runtime.memories.mode == DAGGER_MEMORY_FIXED;
    uint8_t *data = fixed ? reserve_fixed(GUARD_RESERVATION) : reserve(GUARD_RESERVATION);
    if (!data && fixed && errno == EEXIST)
        dagger_fail(DAGGER_STATUS_FAILED,
                    "something else is where the guest's memory belongs (0x40000000 and the 8 GiB "
                    "that follow); compile with --memory=guard");
    if (!data)
        dagger_fail(DAGGER_STATUS_FAILED,
                    "can't reserve 8 GiB of address space for the guest's memory: %s; raise the "
                    "limit (ulimit -v) or compile with --memory=checked",
                    strerror(errno));
    return data;
}

static bool make_usable(uint8_t *data, uint64_t bytes)
{
    return bytes == 0 || mprotect(data, bytes, PROT_READ | PROT_WRITE) == 0;
}

/* Reserves between `least` and `*bytes`, as much as there is; when that is not all, half of it is
 * left for everything else the process needs. */
static uint8_t *reserve_what_there_is(uint64_t least, uint64_t *bytes)
{
    uint8_t *data = reserve(*bytes);
    while (!data && *bytes > least) {
        *bytes = round_to_host_pages(*bytes / 2);
        if (*bytes < least)
            *bytes = least;
        data = reserve(*bytes);
        if (data && *bytes > least) {
            uint64_t kept = round_to_host_pages(*bytes / 2);
            if (kept < least)
                kept = least;
            munmap(data + kept, *bytes - kept);
            *bytes = kept;
        }
    }
    return data;
}

void dagger_memory_allocate(wasm_rt_memory_t *memory, uint64_t initial, uint64_t max, bool is64,
                            uint32_t page_size)
{
    uint64_t size, limit;
    uint64_t left = room();
    if (__builtin_mul_overflow(initial, page_size, &size) || size > left)
        dagger_fail(DAGGER_STATUS_FAILED,
                    "the guest's memory begins with %u pages of %u bytes, more than the %u bytes "
                    "allowed; compile with a larger --max-memory",
                    initial, (uint64_t)page_size, left);
    if (__builtin_mul_overflow(max, page_size, &limit))
        limit = UINT64_MAX;
    uint64_t addressable = UINT64_C(1) << (is64 ? 46 : 32); /* a process has no more than 2^46 */
    if (limit > addressable)
        limit = addressable;
    if (limit < size)
        limit = size;

    uint64_t least = round_to_host_pages(size);
    uint64_t reserved;
    uint8_t *data;
    if (dagger_runtime.memories.mode != DAGGER_MEMORY_CHECKED && !is64) {
        reserved = GUARD_RESERVATION;
        data = reserve_guarded();
    } else {
        if (limit > left)
            limit = left;
        reserved = round_to_host_pages(limit ? limit : 1);
        data = reserve_what_there_is(least ? least : round_to_host_pages(1), &reserved);
        if (!data)
            dagger_fail(DAGGER_STATUS_FAILED, "can't reserve %u bytes for the guest's memory: %s",
                        size, strerror(errno));
        if (limit > reserved)
            limit = reserved;
    }
    if (!make_usable(data, least)) {
        int error = errno;
        munmap(data, reserved);
        dagger_fail(DAGGER_STATUS_FAILED, "can't get %u bytes for the guest's memory: %s", size,
                    strerror(error));
    }

    dagger_runtime.memories.used += size;
    *memory = (wasm_rt_memory_t){
        .data = data,
        .data_end = data + reserved,
        .page_size = page_size,
        .pages = initial,
        .max_pages = page_size ? limit / page_size : 0,
        .size = size,
        .is64 = is64,
        .next = dagger_runtime.memories.list,
    };
    dagger_runtime.memories.list = memory;
}

uint64_t wasm_rt_grow_memory(wasm_rt_memory_t *memory, uint64_t delta)
{
    uint64_t before = memory->pages;
    if (delta > memory->max_pages - before)
        return UINT64_MAX;
    uint64_t more = delta * memory->page_size; /* <= the reservation */
    if (more > room())
        return UINT64_MAX;
    uint64_t usable = round_to_host_pages(memory->size);
    uint64_t wanted = round_to_host_pages(memory->size + more);
    if (!make_usable(memory->data + usable, wanted - usable))
        return UINT64_MAX;
    dagger_runtime.memories.used += more;
    memory->pages += delta;
    memory->size += more;
    return before;
}

void wasm_rt_free_memory(wasm_rt_memory_t *memory)
{
    wasm_rt_memory_t **link = &dagger_runtime.memories.list;
    while (*link && *link != memory)
        link = &(*link)->next;
    if (!*link)
        return;
    *link = memory->next;
    dagger_runtime.memories.used -= memory->size;
    munmap(memory->data, (size_t)(memory->data_end - memory->data));
    *memory = (wasm_rt_memory_t){0};
}

bool dagger_memory_is_out_of_bounds(uintptr_t address)
{
    for (const wasm_rt_memory_t *memory = dagger_runtime.memories.list; memory;
         memory = memory->next) {
        if (address >= (uintptr_t)memory->data && address < (uintptr_t)memory->data_end)
            return address - (uintptr_t)memory->data >= memory->size;
    }
    return false;
}
