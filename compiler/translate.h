/* Module to C, by wasm2c as a child process. */
#ifndef DAGGER_COMPILER_TRANSLATE_H
#define DAGGER_COMPILER_TRANSLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "input.h"
#include "module.h"
#include "wasm2c.h"

struct translation {
    const struct wasm2c *wasm2c;
    const struct module *module;
    bool library;     /* keep all exports */
    bool numbered;    /* under numbers: --emit=archive */
    bool names;       /* keep function names: -g */
    bool fuel;        /* count what is run */
    const char *base; /* "guest": writes guest.c and guest.h, or with parts guest_0.c, ...,
                         guest-impl.h and guest.h, to the temporary folder */
    unsigned parts;   /* files the code is spread over, at least 1 */
    uint64_t cpu_seconds, data_bytes; /* wasm2c's limits */
};

/* Writes the clean copy of the module and translates it. Returns 0, or -1 after a message. */
int translate(const struct translation *translation);

/* How many parts suit the module. Depends on the module alone, so that outputs do not depend on
 * where they are made. */
unsigned translate_parts(const struct module *module);

/* Replaces a module in the text format by its binary. `name` is for messages. Returns 0, or -1
 * after a message. */
int translate_text(struct input *input, const char *name, const struct wasm2c *wasm2c);

#endif
