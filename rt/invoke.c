/* --invoke: a guest's function called with numbers from the command line. See start.h. */
#include "dagger/start.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"
#include "runtime.h"

static const char *type_name(char letter)
{
    return letter == 'i' ? "i32" : letter == 'j' ? "i64" : letter == 'f' ? "f32" : "f64";
}

static _Noreturn void bad_number(size_t number, char letter, const char *found)
{
    dagger_fail(DAGGER_STATUS_USAGE, "argument %u: expected a number (%s), found \"%e\"",
                (uint64_t)number + 1, type_name(letter), found);
}

/* From -2^(bits-1) to 2^bits - 1. */
static bool read_integer(const char *text, unsigned bits, uint64_t *value)
{
    bool negative = *text == '-';
    const char *digits = text + (*text == '-' || *text == '+');
    bool hex = digits[0] == '0' && (digits[1] | 0x20) == 'x';
    digits += hex ? 2 : 0;
    uint64_t most = negative ? UINT64_C(1) << (bits - 1) : UINT64_MAX >> (64 - bits);
    char *end;
    if (!*digits || digits[strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789")])
        return false;
    errno = 0;
    uint64_t magnitude = strtoull(digits, &end, hex ? 16 : 10);
    *value = negative ? -magnitude : magnitude;
    return errno == 0 && magnitude <= most;
}

static bool read_value(const char *text, char letter, union dagger_value *value)
{
    uint64_t integer = 0;
    char *end;
    switch (letter) {
    case 'i':
        if (!read_integer(text, 32, &integer))
            return false;
        value->i = (uint32_t)integer;
        return true;
    case 'j':
        return read_integer(text, 64, &value->j);
    case 'f':
        value->f = strtof(text, &end);
        break;
    default:
        value->d = strtod(text, &end);
        break;
    }
    return *text && !strchr(" \t\n\v\f\r", *text) && !*end;
}

void dagger_invoke_read(const char *parameters, const char *const *argv, union dagger_value *values)
{
    size_t wanted = strlen(parameters), given = 0;
    while (argv[0] && argv[given + 1])
        given++;
    if (given != wanted) {
        char types[DAGGER_INVOKE_MAX * 4 + 4] = "";
        for (size_t i = 0, at = 0; i < wanted; i++)
            at += (size_t)snprintf(types + at, sizeof types - at, "%s%s", i ? " " : ": ",
                                   type_name(parameters[i]));
        dagger_fail(DAGGER_STATUS_USAGE, "expected %u argument%s%s, found %u", (uint64_t)wanted,
                    wanted == 1 ? "" : "s", types, (uint64_t)given);
    }
    for (size_t i = 0; i < wanted; i++)
        if (!read_value(argv[i + 1], parameters[i], &values[i]))
            bad_number(i, parameters[i], argv[i + 1]);
}

/* With as few digits as read back as the same number. */
static int format_float(char *out, size_t size, double value, bool single)
{
    int digits = 6, most = single ? 9 : 17, len;
    if (value != value)
        return snprintf(out, size, "nan\n");
    do
        len = snprintf(out, size, "%.*g\n", digits, value);
    while (digits++ < most && (single ? (double)strtof(out, NULL) : strtod(out, NULL)) != value &&
           value == value);
    return len;
}

static int format(char *out, size_t size, char letter, union dagger_value value)
{
    switch (letter) {
    case 'i':
        return snprintf(out, size, "%" PRId32 "\n", (int32_t)value.i);
    case 'j':
        return snprintf(out, size, "%" PRId64 "\n", (int64_t)value.j);
    case 'f':
        return format_float(out, size, (double)value.f, true);
    default:
        return format_float(out, size, value.d, false);
    }
}

int dagger_invoke_write(const char *results, const union dagger_value *values)
{
    char text[DAGGER_INVOKE_MAX * 32];
    size_t len = 0;
    for (size_t i = 0; results[i]; i++)
        len += (size_t)format(text + len, sizeof text - len, results[i], values[i]);
    for (size_t done = 0; done < len;) {
        ssize_t count = write(STDOUT_FILENO, text + done, len - done);
        if (count < 0 && errno != EINTR)
            return errno;
        done += count > 0 ? (size_t)count : 0;
    }
    return 0;
}
