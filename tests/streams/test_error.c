/* The table of errors. Its rows are also compared with docs/abi.md, by tests/checks. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include <criterion/criterion.h>

#include "streams/error.h"

static const struct {
    const char *name;
    int value;
    const char *text;
} rows[] = {
#define X(name, value, text) {#name, value, text},
    DAGGER_ERRORS(X)
#undef X
};

#define ROWS (sizeof rows / sizeof rows[0])

Test(error, values_run_down_from_minus_one)
{
    cr_assert_eq(ROWS, 18);
    for (size_t i = 0; i < ROWS; i++)
        cr_expect_eq(rows[i].value, -1 - (int)i, "%s", rows[i].name);
}

Test(error, each_has_its_name_and_text)
{
    for (size_t i = 0; i < ROWS; i++) {
        cr_expect_str_eq(dagger_error_name(rows[i].value), rows[i].name);
        cr_expect_str_eq(dagger_error_text(rows[i].value), rows[i].text);
    }
}

Test(error, values_the_abi_fixes)
{
    cr_expect_eq(DAGGER_BADURL, -1);
    cr_expect_eq(DAGGER_BADINPUT, -2);
    cr_expect_eq(DAGGER_NOSCHEME, -3);
    cr_expect_eq(DAGGER_BADSD, -4);
    cr_expect_eq(DAGGER_FAULT, -5);
    cr_expect_eq(DAGGER_PIPE, -17);
    cr_expect_eq(DAGGER_UNAVAIL, -18);
}

Test(error, what_is_no_error_has_a_text_too)
{
    cr_expect_str_eq(dagger_error_name(0), "OK");
    cr_expect_str_eq(dagger_error_text(0), "success");
    static const int unknown[] = {1, -19, DAGGER_INTERRUPTED, INT_MAX, INT_MIN};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        cr_expect_str_eq(dagger_error_name(unknown[i]), "?");
        cr_expect_str_eq(dagger_error_text(unknown[i]), "unknown error");
    }
}

Test(error, errno_values)
{
    static const struct {
        int errno_value, error;
    } cases[] = {
        {EINTR, DAGGER_INTERRUPTED},
        {EACCES, DAGGER_PERM},
        {EPERM, DAGGER_PERM},
        {EROFS, DAGGER_PERM},
        {ELOOP, DAGGER_PERM},
        {EXDEV, DAGGER_PERM},
        {ENOENT, DAGGER_NOENT},
        {ENOTDIR, DAGGER_NOENT},
        {EEXIST, DAGGER_EXIST},
        {EISDIR, DAGGER_NOTSUP},
        {EOPNOTSUPP, DAGGER_NOTSUP},
        {ENOTSUP, DAGGER_NOTSUP},
        {EMFILE, DAGGER_TOOMANY},
        {ETIMEDOUT, DAGGER_TIMEOUT},
        {ECONNREFUSED, DAGGER_CONNECT},
        {ENOSPC, DAGGER_NOSPACE},
        {EDQUOT, DAGGER_NOSPACE},
        {EFBIG, DAGGER_NOSPACE},
        {ENOMEM, DAGGER_NOMEM},
        {EPIPE, DAGGER_PIPE},
        {EIO, DAGGER_IO},
        {EBADF, DAGGER_IO},
        {ECONNRESET, DAGGER_IO},
        {0, DAGGER_IO},
        {-1, DAGGER_IO},
        {123456, DAGGER_IO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_eq(dagger_error_from_errno(cases[i].errno_value), cases[i].error, "%s",
                     strerror(cases[i].errno_value));
}

Test(error, every_errno_value_gives_an_error)
{
    for (int value = -10; value < 4096; value++)
        cr_expect_lt(dagger_error_from_errno(value), 0);
}
