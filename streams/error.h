/* The errors a guest can get from the five calls: one table for value, name and text.
 *
 * Values are part of the ABI (docs/abi.md) and never change; 0 is success, positive results are
 * byte counts, so every error is negative.
 */
#ifndef DAGGER_STREAMS_ERROR_H
#define DAGGER_STREAMS_ERROR_H

#define DAGGER_ERRORS(X)                                                                           \
    X(BADURL, -1, "the URL can't be parsed")                                                       \
    X(BADINPUT, -2, "the URL parses but can't name a target of its scheme")                        \
    X(NOSCHEME, -3, "unknown scheme")                                                              \
    X(BADSD, -4, "no open stream at that descriptor")                                              \
    X(FAULT, -5, "pointer and length outside the guest's memory")                                  \
    X(PERM, -6, "refused by policy or by the host")                                                \
    X(NOENT, -7, "the target does not exist")                                                      \
    X(EXIST, -8, "the target exists already")                                                      \
    X(NOTSUP, -9, "this stream kind does not do this")                                             \
    X(IO, -10, "input/output failed")                                                              \
    X(TOOMANY, -11, "no free stream slot")                                                         \
    X(TIMEOUT, -12, "took longer than allowed")                                                    \
    X(CONNECT, -13, "could not reach the peer")                                                    \
    X(TLS, -14, "the peer could not be authenticated")                                             \
    X(NOSPACE, -15, "the target is full")                                                          \
    X(NOMEM, -16, "the host is out of memory")                                                     \
    X(PIPE, -17, "the reader is gone")                                                             \
    X(UNAVAIL, -18, "the scheme is known but not part of this executable")

enum dagger_error {
    DAGGER_OK = 0,
#define X(name, value, text) DAGGER_##name = value,
    DAGGER_ERRORS(X)
#undef X
    /* Never reaches a guest: a stream kind's system call was interrupted (EINTR) before it did
     * anything; the layer above calls again. */
    DAGGER_INTERRUPTED = -1000,
};

/* The error's name ("BADURL") or text, "OK"/"success" for 0, "?"/"unknown error" for what is not in
 * the table. Static strings. */
const char *dagger_error_name(int error);
const char *dagger_error_text(int error);

/* The error for an errno value of a failed system call: EINTR gives DAGGER_INTERRUPTED, what has no
 * row of its own gives DAGGER_IO. Never 0. */
int dagger_error_from_errno(int errno_value);

#endif
