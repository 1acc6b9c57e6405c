/* case.h: what the cases of a guest are written with. A case is a function that returns at the
 * first thing that is not as it must be:
 *
 *     CASE(unlink_missing)
 *     {
 *         EXPECT(wasi_path_unlink_file(ROOT, P("nowhere")), NOENT);
 *     }
 *
 * The guest prints "ok NAME" or "failed NAME: FILE:LINE: got X, expected Y" for each, and exits
 * with 1 if one failed. run.py reads the names of the cases from the source, so a case that was not
 * run is missed. A macro that makes cases must have a name that ends in CASE and take the case's
 * name first.
 */
#ifndef CASE_H
#define CASE_H

#include "wasi.h"

typedef void case_function(void);

static struct {
    const char *name;
    case_function *run;
} test_cases[128];
static u32 test_case_count;

/* Constructors put them there, in the order of the source. */
#define CASE(title)                                                                                \
    static case_function case_##title;                                                             \
    __attribute__((constructor)) static void add_##title(void)                                     \
    {                                                                                              \
        test_cases[test_case_count].name = #title;                                                 \
        test_cases[test_case_count++].run = case_##title;                                          \
    }                                                                                              \
    static void case_##title(void)

static const char *const errno_names[] = {
#define X(name) #name,
    WASI_ERRNOS(X)
#undef X
};

static int case_failed;
static char case_line[512];
static u32 case_line_len;

static inline u32 length(const char *text)
{
    u32 len = 0;
    while (text[len] != '\0')
        len++;
    return len;
}

static inline int same(const void *a, const void *b, u32 len)
{
    const unsigned char *x = a, *y = b;
    for (u32 i = 0; i < len; i++)
        if (x[i] != y[i])
            return 0;
    return 1;
}

static inline void say(const char *text)
{
    for (; *text != '\0' && case_line_len < sizeof case_line; text++)
        case_line[case_line_len++] = *text;
}

static inline void say_number(u64 value)
{
    char digits[24];
    u32 at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    say(digits + at);
}

static inline void say_errno(u64 value)
{
    if (value < WASI_ERRNO_COUNT)
        say(errno_names[value]);
    else
        say_number(value);
}

static inline void say_end(void)
{
    say("\n");
    u32 done;
    struct wasi_iovec line = {case_line, case_line_len};
    while (line.len > 0 && wasi_fd_write(1, &line, 1, &done) == WASI_SUCCESS) {
        line.data = (char *)line.data + done;
        line.len -= done;
    }
    case_line_len = 0;
}

static const char *case_name;

static inline void case_fails(const char *file, int line)
{
    if (!case_failed) {
        say("failed ");
        say(case_name);
        say(": ");
        say(file);
        say(":");
        say_number((u64)line);
        say(": ");
    }
    case_failed = 1;
}

/* 1 if they are the same. */
static inline int case_expect(u64 got, u64 expected, int errnos, const char *file, int line)
{
    if (got == expected)
        return 1;
    int first = !case_failed;
    case_fails(file, line);
    if (first) {
        say("got ");
        errnos ? say_errno(got) : say_number(got);
        say(", expected ");
        errnos ? say_errno(expected) : say_number(expected);
        say_end();
    }
    return 0;
}

/* Every check returns from the function it stands in when it fails, or when one before it, in a
 * helper that the case called, did. */
#define CHECK(passed)                                                                              \
    do {                                                                                           \
        if (!(passed) || case_failed)                                                              \
            return;                                                                                \
    } while (0)

/* The call's errno is the one of that name. */
#define EXPECT(call, name)   CHECK(case_expect((call), WASI_##name, 1, __FILE__, __LINE__))
#define OK(call)             EXPECT(call, SUCCESS)
#define EQUAL(got, expected) CHECK(case_expect((u64)(got), (u64)(expected), 0, __FILE__, __LINE__))
#define TRUE(condition)      EQUAL(!!(condition), 1)

/* Where the specification and POSIX leave it open: one of two. */
#define EITHER(call, one, other)                                                                   \
    do {                                                                                           \
        u32 either_got = (call);                                                                   \
        if (either_got != WASI_##other)                                                            \
            EXPECT(either_got, one);                                                               \
    } while (0)

/* A text as two arguments. */
#define P(text) (text), (sizeof(text) - 1)

enum { STDIN, STDOUT, STDERR, ROOT, SECOND, UNKNOWN_FD = 4321 };

/* Of a file that is read and written, and of a directory. */
#define FILE_RIGHTS                                                                                \
    (RIGHT(FD_DATASYNC) | RIGHT(FD_READ) | RIGHT(FD_SEEK) | RIGHT(FD_FDSTAT_SET_FLAGS) |           \
     RIGHT(FD_SYNC) | RIGHT(FD_TELL) | RIGHT(FD_WRITE) | RIGHT(FD_ADVISE) | RIGHT(FD_ALLOCATE) |   \
     RIGHT(FD_FILESTAT_GET) | RIGHT(FD_FILESTAT_SET_SIZE) | RIGHT(FD_FILESTAT_SET_TIMES) |         \
     RIGHT(POLL_FD_READWRITE))
#define READ_RIGHTS                                                                                \
    (RIGHT(FD_READ) | RIGHT(FD_SEEK) | RIGHT(FD_TELL) | RIGHT(FD_FILESTAT_GET) |                   \
     RIGHT(POLL_FD_READWRITE))
#define DIR_RIGHTS                                                                                 \
    (RIGHT(PATH_CREATE_DIRECTORY) | RIGHT(PATH_CREATE_FILE) | RIGHT(PATH_LINK_SOURCE) |            \
     RIGHT(PATH_LINK_TARGET) | RIGHT(PATH_OPEN) | RIGHT(FD_READDIR) | RIGHT(PATH_READLINK) |       \
     RIGHT(PATH_RENAME_SOURCE) | RIGHT(PATH_RENAME_TARGET) | RIGHT(PATH_FILESTAT_GET) |            \
     RIGHT(PATH_FILESTAT_SET_SIZE) | RIGHT(PATH_FILESTAT_SET_TIMES) | RIGHT(FD_FILESTAT_GET) |     \
     RIGHT(FD_FILESTAT_SET_TIMES) | RIGHT(PATH_SYMLINK) | RIGHT(PATH_REMOVE_DIRECTORY) |           \
     RIGHT(PATH_UNLINK_FILE))

__attribute__((unused)) static u32 run_cases(void)
{
    u32 failures = 0;
    for (u32 n = 0; n < test_case_count; n++) {
        case_name = test_cases[n].name;
        case_failed = 0;
        test_cases[n].run();
        failures += (u32)case_failed;
        if (!case_failed) {
            say("ok ");
            say(case_name);
            say_end();
        }
    }
    return failures > 0;
}

/* At the end of a guest without a libc. */
#define MAIN()                                                                                     \
    void _start(void);                                                                             \
    void __wasm_call_ctors(void);                                                                  \
    void _start(void)                                                                              \
    {                                                                                              \
        __wasm_call_ctors();                                                                       \
        u32 status = run_cases();                                                                  \
        if (status != 0)                                                                           \
            wasi_proc_exit(status);                                                                \
    }                                                                                              \
    _Static_assert(1, "")

#endif
