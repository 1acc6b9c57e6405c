/* A growing argument vector, always ended by NULL. It owns its strings. */
#ifndef DAGGER_COMPILER_ARGS_H
#define DAGGER_COMPILER_ARGS_H

#include <stddef.h>
#include <stdio.h>

struct args {
    char **items; /* NULL while empty */
    size_t count; /* without the NULL at the end */
    size_t cap;
};

#define ARGS_EMPTY ((struct args){NULL, 0, 0})

void args_add(struct args *args, const char *text);
void args_add_format(struct args *args, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void args_add_all(struct args *args, const struct args *more);

/* Adds the words of `text` as the environment variables CC and CFLAGS hold them: blanks part words,
 * '...' and "..." hold blanks, a backslash takes the next character as it is (not within '...').
 * Nothing is expanded. Returns 0, or -1 when a quote is not closed. */
int args_add_words(struct args *args, const char *text);

/* Writes the vector as one line that a shell reads as the same vector and a terminal shows as text.
 */
void args_print(const struct args *args, FILE *out);
void args_print_word(const char *word, FILE *out);

void args_release(struct args *args);

#endif
