/* dagger.h: the world of a Dagger guest, for guests written in C.
 *
 * A guest reaches the outside only by five calls on streams. This header declares them, names their
 * errors, and adds a few inline helpers. It needs no libc and no other header; one folder on the
 * include path is the whole installation:
 *
 *     clang --target=wasm32 -O2 -mbulk-memory -nostdlib -Wl,--no-entry -I samples/include \
 *         hello.c -o hello.wasm
 *     daggercc hello.wasm -o hello
 *
 * -mbulk-memory lets the compiler copy memory by an instruction instead of a call of memcpy(),
 * which would need a libc. A larger guest adds -Wl,-z,stack-size=BYTES (wasm-ld's default: 64 KiB).
 *
 * The contract of the calls in full is docs/abi.md. In short: results below zero are errors of the
 * table below; lengths are bytes; a range that is not inside the guest's memory is DAGGER_FAULT and
 * nothing is touched.
 */
#ifndef DAGGER_H
#define DAGGER_H

#ifndef __wasm__
#error "this header is for guests: compile with clang --target=wasm32"
#endif

/* The errors: name, value, text. */
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
#define X(name, value, text) DAGGER_##name = value,
    DAGGER_ERRORS(X)
#undef X
};

/* ---- The five calls ----------------------------------------------------------------------------
 */

#define DAGGER_IMPORT(call) __attribute__((import_module("dagger"), import_name(call)))

/* Opens the stream that the URL names: stdin://, stdout://, stderr://, file:///path?mode=w,
 * http://..., https://..., log://, random://, null://, zero://, args://, env://NAME,
 * clock://realtime, tcp://host:port, tcp+tls://host:port. len 0: the URL ends at its first NUL.
 * Returns a stream descriptor (the lowest free one, from 0) or an error. */
DAGGER_IMPORT("open") int dagger_open(const char *url, unsigned len);

/* Flushes, frees the descriptor whatever happens, and returns 0 or the error. */
DAGGER_IMPORT("close") int dagger_close(int sd);

/* Reads at most len bytes; blocks until there is at least one. Returns the bytes read, 0 at the end
 * of the stream, or an error. May return less than asked. */
DAGGER_IMPORT("read") int dagger_read(int sd, void *data, unsigned len);

/* Writes len bytes. Returns len, or less if the stream failed part-way (the next call tells why),
 * or an error. */
DAGGER_IMPORT("write") int dagger_write(int sd, const void *data, unsigned len);

/* Hands on what is buffered. Returns 0 or the error of what could not be handed on. */
DAGGER_IMPORT("flush") int dagger_flush(int sd);

/* ---- The entry point ----------------------------------------------------------------------------
 */

/* The guest defines it. What it returns, & 255, is the exit status of the process. */
__attribute__((export_name("dagger_main"))) int dagger_main(void);

/* ---- Helpers ------------------------------------------------------------------------------------
 */

#define DAGGER_HELPER static inline __attribute__((unused))

DAGGER_HELPER unsigned dagger_length(const char *text)
{
    unsigned len = 0;
    while (text[len] != '\0')
        len++;
    return len;
}

/* dagger_open() of a NUL-terminated URL. */
DAGGER_HELPER int dagger_open_url(const char *url)
{
    return dagger_open(url, dagger_length(url));
}

/* Writes all len bytes. Returns 0 or the error that stopped it. */
DAGGER_HELPER int dagger_write_all(int sd, const void *data, unsigned len)
{
    const char *from = data;
    while (len > 0) {
        int n = dagger_write(sd, from, len);
        if (n < 0)
            return n;
        from += n;
        len -= (unsigned)n;
    }
    return 0;
}

/* Reads until len bytes are there or the stream ends. Returns the bytes read or the error. */
DAGGER_HELPER int dagger_read_all(int sd, void *data, unsigned len)
{
    char *to = data;
    unsigned got = 0;
    while (got < len) {
        int n = dagger_read(sd, to + got, len - got);
        if (n < 0)
            return n;
        if (n == 0)
            break;
        got += (unsigned)n;
    }
    return (int)got;
}

/* Writes a NUL-terminated text, without adding a newline. Returns 0 or the error. */
DAGGER_HELPER int dagger_puts(int sd, const char *text)
{
    return dagger_write_all(sd, text, dagger_length(text));
}

/* Writes a number in decimal. Returns 0 or the error. */
DAGGER_HELPER int dagger_put_int(int sd, long long value)
{
    char digits[20];
    unsigned at = sizeof digits;
    unsigned long long rest = value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        digits[--at] = '-';
    return dagger_write_all(sd, digits + at, sizeof digits - at);
}

/* The error's name ("NOENT") or text; "OK" and "success" for 0 and above, "?" and "unknown error"
 * for what is not in the table. */
DAGGER_HELPER const char *dagger_error_name(int error)
{
    switch (error) {
#define X(name, value, text)                                                                       \
    case value:                                                                                    \
        return #name;
        DAGGER_ERRORS(X)
#undef X
    }
    return error >= 0 ? "OK" : "?";
}

DAGGER_HELPER const char *dagger_error_text(int error)
{
    switch (error) {
#define X(name, value, text)                                                                       \
    case value:                                                                                    \
        return text;
        DAGGER_ERRORS(X)
#undef X
    }
    return error >= 0 ? "success" : "unknown error";
}

/* Says "WHAT: text of the error" on stderr:// and returns 1, for `return dagger_fail(...)`. */
DAGGER_HELPER int dagger_fail(const char *what, int error)
{
    int sd = dagger_open_url("stderr://");
    if (sd >= 0) {
        dagger_puts(sd, what);
        dagger_puts(sd, ": ");
        dagger_puts(sd, dagger_error_text(error));
        dagger_puts(sd, "\n");
        dagger_close(sd);
    }
    return 1;
}

/* Reads one line, without its newline and NUL-terminated, into data of cap (> 0) bytes. Reads byte
 * by byte, so nothing behind the line is lost. Returns the line's length, DAGGER_NOENT at the end
 * of the stream, DAGGER_NOSPACE (after reading the whole line) if it does not fit, or the error. */
DAGGER_HELPER int dagger_read_line(int sd, char *data, unsigned cap)
{
    unsigned len = 0;
    int any = 0;
    for (;;) {
        char c;
        int n = dagger_read(sd, &c, 1);
        if (n < 0)
            return n;
        if (n == 0 && !any)
            return DAGGER_NOENT;
        if (n == 0 || c == '\n')
            break;
        any = 1;
        if (len < cap)
            data[len++] = c;
    }
    if (len == cap)
        return DAGGER_NOSPACE;
    data[len] = '\0';
    return (int)len;
}

#endif
