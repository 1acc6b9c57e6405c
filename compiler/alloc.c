#include "alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

void *alloc_checked(void *pointer)
{
    if (pointer == NULL) {
        diag_error("out of memory");
        exit(1);
    }
    return pointer;
}

void *alloc_zeroed(size_t size)
{
    return alloc_checked(calloc(1, size > 0 ? size : 1));
}

void *alloc_resize(void *old, size_t size)
{
    return alloc_checked(realloc(old, size > 0 ? size : 1));
}

char *alloc_copy_text(const char *text)
{
    return alloc_checked(strdup(text));
}

char *alloc_format(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    return alloc_checked(length < 0 ? NULL : text);
}

FILE *alloc_stream(char **text, size_t *size)
{
    return alloc_checked(open_memstream(text, size));
}

void alloc_stream_close(FILE *stream, char **text)
{
    int bad = ferror(stream);
    bad |= fclose(stream); /* is 0, and the text NULL, if it can't be cut to its size */
    alloc_checked(bad != 0 ? NULL : *text);
}
