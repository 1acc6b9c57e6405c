#include "wasi.h"

static const struct {
    int host;
    const char *name;
} rows[] = {
#define X(name, host) {host, #name},
    WASI_ERRNOS(X)
#undef X
};

enum wasi_errno wasi_from_host(int64_t host)
{
    int64_t wanted = host < 0 ? -host : host;
    for (unsigned i = 0; i < WASI_ERRNO_COUNT; i++)
        if (rows[i].host == wanted)
            return (enum wasi_errno)i;
    return WASI_IO;
}

enum wasi_errno wasi_from_stream(int64_t error)
{
    static const uint8_t numbers[] = {
        [-DAGGER_BADURL] = WASI_INVAL,    [-DAGGER_BADINPUT] = WASI_INVAL,
        [-DAGGER_NOSCHEME] = WASI_NOTSUP, [-DAGGER_BADSD] = WASI_BADF,
        [-DAGGER_FAULT] = WASI_FAULT,     [-DAGGER_PERM] = WASI_PERM,
        [-DAGGER_NOENT] = WASI_NOENT,     [-DAGGER_EXIST] = WASI_EXIST,
        [-DAGGER_NOTSUP] = WASI_NOTSUP,   [-DAGGER_IO] = WASI_IO,
        [-DAGGER_TOOMANY] = WASI_MFILE,   [-DAGGER_TIMEOUT] = WASI_TIMEDOUT,
        [-DAGGER_CONNECT] = WASI_NOTCONN, [-DAGGER_TLS] = WASI_PROTO,
        [-DAGGER_NOSPACE] = WASI_NOSPC,   [-DAGGER_NOMEM] = WASI_NOMEM,
        [-DAGGER_PIPE] = WASI_PIPE,       [-DAGGER_UNAVAIL] = WASI_NOTSUP,
    };
    bool known = error < 0 && error > -(int64_t)sizeof numbers;
    return known ? (enum wasi_errno)numbers[-error] : WASI_IO;
}

const char *wasi_errno_name(uint32_t number)
{
    return number < WASI_ERRNO_COUNT ? rows[number].name : "?";
}
