/* What the programs here ask of reactor.c. */
#ifndef ASKING_H
#define ASKING_H

#include "check.h"
#include "reactor.h"

/* errno values of wasi-libc, which are WASI's. */
enum { GUEST_BADF = 8, GUEST_NOENT = 44, GUEST_PERM = 63, GUEST_ROFS = 69, GUEST_NOTCAPABLE = 76 };

static inline struct dagger_instance *make(const struct dagger_options *options)
{
    struct dagger_instance *guest = NULL;
    CHECK(dagger_instance_new(&reactor_module, options, &guest) == 0);
    return guest;
}

/* What is in the guest's buffer. */
static inline const char *text_of(struct dagger_instance *guest)
{
    int32_t at = 0;
    CHECK(reactor_buffer(guest, &at) == 0);
    const char *text = dagger_memory_at(guest, (uint32_t)at, 4096);
    CHECK(text && memchr(text, 0, 4096));
    return text;
}

static inline void put_texts(struct dagger_instance *guest, const char *one, const char *other)
{
    int32_t at = 0;
    size_t len = strlen(one) + 1;
    CHECK(reactor_buffer(guest, &at) == 0);
    CHECK(dagger_memory_write(guest, (uint32_t)at, one, len) == 0);
    CHECK(dagger_memory_write(guest, (uint32_t)at + (uint32_t)len, other, strlen(other) + 1) == 0);
}

typedef int question(struct dagger_instance *guest, int32_t *result);

static inline int32_t ask(struct dagger_instance *guest, question *function, const char *one,
                          const char *other)
{
    int32_t result = -9999;
    put_texts(guest, one, other);
    CHECK(function(guest, &result) == 0);
    return result;
}

static inline int32_t writes(struct dagger_instance *guest, const char *name, const char *data)
{
    return ask(guest, reactor_write_file, name, data);
}

/* The file has this in it. */
static inline bool reads(struct dagger_instance *guest, const char *name, const char *data)
{
    return ask(guest, reactor_read_file, name, "") == (int32_t)strlen(data) &&
           strcmp(text_of(guest), data) == 0;
}

#endif
