/* One assertion that the hostile tests share. */
#ifndef DAGGER_TESTS_COMPILER_REFUSED_H
#define DAGGER_TESTS_COMPILER_REFUSED_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

/* Refused, with exactly one line that names an offset inside the bytes. */
static inline void is_refused(const struct bytes *b, const char *what, size_t number)
{
    char *message, *offset, *end;

    cr_expect_eq(verdict(b, &message), -1, "%s %zu", what, number);
    offset = strstr(message, "offset 0x");
    cr_expect_not_null(offset, "%s %zu: %s", what, number, message);
    if (offset)
        cr_expect_leq(strtoul(offset + 9, &end, 16), b->size, "%s %zu: %s", what, number, message);
    cr_expect(*message && strchr(message, '\n') == message + strlen(message) - 1, "%s %zu: %s",
              what, number, message);
    free(message);
}

#endif
