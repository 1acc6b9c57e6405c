/* Messages of daggercc: see diag.h. */
#include "diag.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

static const char *diag_program = "daggercc";
static const char *diag_file;
static FILE *diag_stream;

void diag_setup(const char *program, const char *file)
{
    diag_program = program;
    diag_file = file;
}

void diag_output(FILE *stream)
{
    diag_stream = stream;
}

/* Prints what follows the prefix, and the text of `error` if the format ends in ':'. */
static void diag_print(FILE *out, int error, const char *format, va_list args)
{
    size_t len = strlen(format);

    vfprintf(out, format, args);
    if (len > 0 && format[len - 1] == ':')
        fprintf(out, " %s", strerror(error));
    fputc('\n', out);
}

static void diag_of_kind(const char *kind, const char *format, va_list args)
{
    int error = errno;
    FILE *out = diag_stream ? diag_stream : stderr;

    fprintf(out, "%s: %s: ", diag_program, kind);
    diag_print(out, error, format, args);
    errno = error;
}

void diag_error(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    diag_of_kind("error", format, args);
    va_end(args);
}

void diag_at(uint64_t offset, const char *format, ...)
{
    int error = errno;
    FILE *out = diag_stream ? diag_stream : stderr;
    char file[512];
    va_list args;

    text_escape(file, sizeof file, diag_file ? diag_file : "module",
                strlen(diag_file ? diag_file : "module"));
    fprintf(out, "%s: %s: offset 0x%" PRIx64 ": ", diag_program, file, offset);
    va_start(args, format);
    diag_print(out, error, format, args);
    va_end(args);
    errno = error;
}

void diag_note(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    diag_of_kind("note", format, args);
    va_end(args);
}
