/* The text format, by wabt's parser. */
#ifndef DAGGER_RT_INTERP_TEXT_H
#define DAGGER_RT_INTERP_TEXT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Turns a text into a module, which is validated. `name`: for messages. Returns 0 and the module's
 * bytes, or -1 and a message of one line or more that may hold parts of the text. Either is
 * allocated; NULL when memory is short. May take as much stack and time as the text wants: see
 * text_child.h. */
int text_parse(const char *name, const uint8_t *text, size_t size, uint8_t **out, size_t *out_size);

#ifdef __cplusplus
}
#endif

#endif
