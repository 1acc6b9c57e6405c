#include "args.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"

/* Takes the string over. */
static void add_owned(struct args *args, char *text)
{
    if (args->count + 2 > args->cap) {
        args->cap = args->cap > 0 ? args->cap * 2 : 16;
        args->items = alloc_resize(args->items, args->cap * sizeof *args->items);
    }
    args->items[args->count++] = text;
    args->items[args->count] = NULL;
}

void args_add(struct args *args, const char *text)
{
    add_owned(args, alloc_copy_text(text));
}

void args_add_format(struct args *args, const char *format, ...)
{
    char *text = NULL;
    va_list list;
    va_start(list, format);
    int length = vasprintf(&text, format, list);
    va_end(list);
    if (length < 0) {
        diag_error("out of memory");
        exit(1);
    }
    add_owned(args, text);
}

void args_add_all(struct args *args, const struct args *more)
{
    for (size_t i = 0; i < more->count; i++)
        args_add(args, more->items[i]);
}

/* Copies one word from `*text` to `word` and moves on past it. Returns false at an open quote. */
static bool take_word(const char **text, char *word)
{
    const char *in = *text;
    char quote = 0;
    for (; *in != 0 && (quote != 0 || strchr(" \t\n", *in) == NULL); in++) {
        if (quote == 0 && (*in == '\'' || *in == '"')) {
            quote = *in;
        } else if (*in == quote) {
            quote = 0;
        } else {
            if (*in == '\\' && quote != '\'' && in[1] != 0)
                in++;
            *word++ = *in;
        }
    }
    *word = 0;
    *text = in;
    return quote == 0;
}

int args_add_words(struct args *args, const char *text)
{
    bool closed = true;
    char *word = alloc_zeroed(strlen(text) + 1);
    while (closed) {
        text += strspn(text, " \t\n");
        if (*text == 0)
            break;
        closed = take_word(&text, word);
        if (closed)
            args_add(args, word);
    }
    free(word);
    return closed ? 0 : -1;
}

static bool is_plain(const char *word)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789_@%+=:,./-";
    return *word != 0 && word[strspn(word, plain)] == 0;
}

static bool is_printable(const char *word)
{
    for (; *word != 0; word++)
        if (*word < 0x20 || *word > 0x7e)
            return false;
    return true;
}

void args_print_word(const char *word, FILE *out)
{
    if (is_plain(word)) {
        fputs(word, out);
        return;
    }
    /* $'...' carries every byte by its number; only what a terminal could act on needs it. */
    bool printable = is_printable(word);
    fputs(printable ? "'" : "$'", out);
    for (; *word != 0; word++) {
        if (printable)
            fputs(*word == '\'' ? "'\\''" : (char[]){*word, 0}, out);
        else if (*word < 0x20 || *word > 0x7e)
            fprintf(out, "\\x%02x", (unsigned char)*word);
        else
            fprintf(out, *word == '\'' || *word == '\\' ? "\\%c" : "%c", *word);
    }
    fputc('\'', out);
}

void args_print(const struct args *args, FILE *out)
{
    for (size_t i = 0; i < args->count; i++) {
        if (i > 0)
            fputc(' ', out);
        args_print_word(args->items[i], out);
    }
    fputc('\n', out);
}

void args_release(struct args *args)
{
    for (size_t i = 0; i < args->count; i++)
        free(args->items[i]);
    free(args->items);
    *args = ARGS_EMPTY;
}
