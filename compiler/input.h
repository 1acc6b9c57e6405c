/* The module's bytes. */
#ifndef DAGGER_COMPILER_INPUT_H
#define DAGGER_COMPILER_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input {
    uint8_t *bytes; /* owned copy: nobody can change it while it is checked and translated */
    size_t size;
};

#define INPUT_MAX ((size_t)1 << 30) /* bytes; a larger module is refused */

/* Before each read of what may keep us waiting, such as a pipe, `wait` is called; when it returns
 * false, reading is given up without a message. Without this, reads just wait. */
void input_wait_by(bool (*wait)(int fd));

/* Reads the file `name` ("-": standard input) whole. Returns 0, or -1 after a message. */
int input_read(struct input *input, const char *name);
void input_release(struct input *input);

/* Is it the text format, or at least no binary module? */
bool input_is_text(const struct input *input);

/* The name a compiler would give: the input's last part with its ending replaced by `ending`
 * ("app.wasm" and ".o": "app.o"), in the working directory. Where no name is left, or it would be
 * the input's own, "a.out" (or "a" and the ending). Allocated. */
char *input_base_name(const char *input, const char *ending);

#endif
