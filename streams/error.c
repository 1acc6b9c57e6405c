#include "error.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

/* Name and text of 0, -1, -2 and on. */
static const char words[] = "OK\0success\0"
#define X(name, value, text) #name "\0" text "\0"
    DAGGER_ERRORS(X)
#undef X
        "?\0unknown error";

enum {
    AT_OK,
#define X(name, value, text) AT_##name,
    DAGGER_ERRORS(X)
#undef X
        AT_END
};
#define X(name, value, text)                                                                       \
    _Static_assert((value) == -AT_##name, "the table has all numbers from -1 down");
DAGGER_ERRORS(X)
#undef X

static const char *word(int error, int which)
{
    int skipped = 2 * (error <= 0 && error > -AT_END ? -error : AT_END) + which;
    const char *at = words;
    for (; skipped > 0; skipped--)
        at += strlen(at) + 1;
    return at;
}

const char *dagger_error_name(int error)
{
    return word(error, 0);
}

const char *dagger_error_text(int error)
{
    return word(error, 1);
}

static const struct errno_row {
    int errno_value;
    int error;
} errno_rows[] = {
    {EINTR, DAGGER_INTERRUPTED},
    {EACCES, DAGGER_PERM},
    {EPERM, DAGGER_PERM},
    {EROFS, DAGGER_PERM},
    {EBUSY, DAGGER_PERM},
    {ETXTBSY, DAGGER_PERM},
    {ELOOP, DAGGER_PERM}, /* a symbolic link where none may be followed, or a circle of them */
    {EXDEV, DAGGER_PERM}, /* openat2: the path leaves its root */
    {ENOENT, DAGGER_NOENT},
    {ENOTDIR, DAGGER_NOENT},
    {ENXIO, DAGGER_NOENT}, /* a device or FIFO with nobody at the other end */
    {ENODEV, DAGGER_NOENT},
    {EADDRNOTAVAIL, DAGGER_NOENT}, /* an address that this machine does not have */
    {EEXIST, DAGGER_EXIST},
    {EADDRINUSE, DAGGER_EXIST}, /* somebody listens there already */
    {ENAMETOOLONG, DAGGER_BADINPUT},
    {EISDIR, DAGGER_NOTSUP},
    {ESPIPE, DAGGER_NOTSUP},
    {ENOSYS, DAGGER_NOTSUP},
    {EOPNOTSUPP, DAGGER_NOTSUP},
    {EAFNOSUPPORT, DAGGER_NOTSUP}, /* a host without IPv6 */
    {EMFILE, DAGGER_TOOMANY},      /* as with our own slots, closing something helps */
    {ENFILE, DAGGER_TOOMANY},
    {ETIMEDOUT, DAGGER_TIMEOUT},
    {ECONNREFUSED, DAGGER_CONNECT},
    {EHOSTUNREACH, DAGGER_CONNECT},
    {EHOSTDOWN, DAGGER_CONNECT},
    {ENETUNREACH, DAGGER_CONNECT},
    {ENETDOWN, DAGGER_CONNECT},
    {ENOSPC, DAGGER_NOSPACE},
    {EDQUOT, DAGGER_NOSPACE},
    {EFBIG, DAGGER_NOSPACE},
    {ENOMEM, DAGGER_NOMEM},
    {ENOBUFS, DAGGER_NOMEM},
    {EPIPE, DAGGER_PIPE},
};

int dagger_error_from_errno(int errno_value)
{
    for (size_t i = 0; i < sizeof errno_rows / sizeof errno_rows[0]; i++)
        if (errno_rows[i].errno_value == errno_value)
            return errno_rows[i].error;
    return DAGGER_IO;
}
