/* What an executable tells about itself: DAGGER_INSPECT shows it, and so does daggercc --inspect
 * without running it. docs/policy.md has the keys.
 *
 * The section holds one JSON object (RFC 8259) in printable ASCII and newlines, a line a member or
 * an element of a list, and a NUL.
 */
#ifndef DAGGER_ABOUT_H
#define DAGGER_ABOUT_H

#include <stdbool.h>
#include <stddef.h>

#define DAGGER_ABOUT_SECTION ".dagger.about"

/* The same for people: `text` gets it, which is no longer than the JSON. Returns its length.
 * Strings keep their escapes. */
static inline size_t dagger_about_text(const char *json, char *text)
{
    size_t len = 0, line = 0;
    bool inside = false; /* a string */
    for (; *json; json++) {
        if (inside && *json == '\\' && json[1]) {
            text[len++] = *json++;
            text[len++] = *json;
        } else if (*json == '"') {
            inside = !inside;
        } else if (*json == '\n') {
            while (len > line && text[len - 1] == ' ')
                len--;
            if (len > line)
                text[len++] = '\n';
            line = len;
        } else if (inside ||
                   (*json != '{' && *json != '}' && *json != '[' && *json != ']' && *json != ',')) {
            text[len++] = *json;
        }
    }
    return len;
}

#endif
