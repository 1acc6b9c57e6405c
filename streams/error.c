#include "error.h"

#include <errno.h>
#include <stddef.h>

const char *dagger_error_name(int error)
{
    switch (error) {
    case DAGGER_OK:
        return "OK";
#define X(name, value, text)                                                                       \
    case value:                                                                                    \
        return #name;
        DAGGER_ERRORS(X)
#undef X
    default:
        return "?";
    }
}

const char *dagger_error_text(int error)
{
    switch (error) {
    case DAGGER_OK:
        return "success";
#define X(name, value, text)                                                                       \
    case value:                                                                                    \
        return text;
        DAGGER_ERRORS(X)
#undef X
    default:
        return "unknown error";
    }
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
    {EEXIST, DAGGER_EXIST},
    {ENAMETOOLONG, DAGGER_BADINPUT},
    {EISDIR, DAGGER_NOTSUP},
    {ESPIPE, DAGGER_NOTSUP},
    {ENOSYS, DAGGER_NOTSUP},
    {EOPNOTSUPP, DAGGER_NOTSUP},
    {EMFILE, DAGGER_TOOMANY}, /* as with our own slots, closing something helps */
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
