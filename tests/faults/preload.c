/* Loaded before the C library (LD_PRELOAD): of all calls of one kind, FAULT_KIND, the
 * FAULT_NUMBER-th fails, once. Number 0: none; then how many there were is written to the
 * descriptor in FAULT_COUNT. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static struct {
    int kind; /* its first letter: alloc, read, write, open, map */
    long number, count;
    int told;
} fault;

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void begin(void)
{
    const char *kind = getenv("FAULT_KIND"), *number = getenv("FAULT_NUMBER");
    fault.number = number ? strtol(number, NULL, 10) : 0;
    fault.kind = kind ? *kind : 0;
}

/* Counts, and says whether this one fails. */
static int fails(int kind, int error)
{
    if (kind != fault.kind || ++fault.count != fault.number)
        return 0;
    errno = error;
    return 1;
}

/* The runtime ends by _exit, too. */
static void tell(void)
{
    char text[32];
    int len = snprintf(text, sizeof text, "\ncalls: %ld\n", fault.count);
    if (!fault.told++)
        syscall(SYS_write, STDERR_FILENO, text, (size_t)len);
}

__attribute__((destructor)) static void end(void)
{
    tell();
}

void _exit(int status)
{
    tell();
    syscall(SYS_exit_group, status);
    __builtin_unreachable();
}

#define WRAP(result, name, kind, error, failed, parameters, arguments)                             \
    result name parameters;                                                                        \
    result name parameters                                                                         \
    {                                                                                              \
        static result(*real) parameters;                                                           \
        if (!real)                                                                                 \
            *(void **)&real = next(#name);                                                         \
        return fails(kind, error) ? (failed) : real arguments;                                     \
    }

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
    return fails('a', ENOMEM) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails('a', ENOMEM) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails('a', ENOMEM) ? NULL : __libc_realloc(old, size);
}

WRAP(ssize_t, read, 'r', EIO, -1, (int fd, void *data, size_t len), (fd, data, len))
WRAP(ssize_t, readv, 'r', EIO, -1, (int fd, const struct iovec *data, int n), (fd, data, n))
WRAP(ssize_t, preadv, 'r', EIO, -1, (int fd, const struct iovec *data, int n, off_t at),
     (fd, data, n, at))
WRAP(ssize_t, preadv64, 'r', EIO, -1, (int fd, const struct iovec *data, int n, off_t at),
     (fd, data, n, at))
WRAP(ssize_t, write, 'w', ENOSPC, -1, (int fd, const void *data, size_t len), (fd, data, len))
WRAP(ssize_t, writev, 'w', ENOSPC, -1, (int fd, const struct iovec *data, int n), (fd, data, n))
WRAP(ssize_t, pwritev, 'w', ENOSPC, -1, (int fd, const struct iovec *data, int n, off_t at),
     (fd, data, n, at))
WRAP(ssize_t, pwritev64, 'w', ENOSPC, -1, (int fd, const struct iovec *data, int n, off_t at),
     (fd, data, n, at))
WRAP(void *, mmap, 'm', ENOMEM, MAP_FAILED,
     (void *at, size_t len, int use, int flags, int fd, off_t from),
     (at, len, use, flags, fd, from))
WRAP(void *, mmap64, 'm', ENOMEM, MAP_FAILED,
     (void *at, size_t len, int use, int flags, int fd, off_t from),
     (at, len, use, flags, fd, from))
WRAP(int, mprotect, 'm', ENOMEM, -1, (void *at, size_t len, int use), (at, len, use))

static mode_t mode_of(int flags, va_list list)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
}

#define WRAP_OPEN(name, parameters, arguments)                                                     \
    int name parameters;                                                                           \
    int name parameters                                                                            \
    {                                                                                              \
        static int(*real) parameters;                                                              \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        mode_t mode = mode_of(flags, list);                                                        \
        va_end(list);                                                                              \
        if (!real)                                                                                 \
            *(void **)&real = next(#name);                                                         \
        return fails('o', EMFILE) ? -1 : real arguments;                                           \
    }
WRAP_OPEN(open, (const char *path, int flags, ...), (path, flags, mode))
WRAP_OPEN(open64, (const char *path, int flags, ...), (path, flags, mode))
WRAP_OPEN(openat, (int dir, const char *path, int flags, ...), (dir, path, flags, mode))
WRAP_OPEN(openat64, (int dir, const char *path, int flags, ...), (dir, path, flags, mode))

/* openat2 has no function of its own. */
long syscall(long number, ...)
{
    static long (*real)(long, long, long, long, long, long, long);
    va_list list;
    long a[6];
    if (!real)
        *(void **)&real = next("syscall");
    va_start(list, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(list, long);
    va_end(list);
    if (number == SYS_openat2 && fails('o', EMFILE))
        return -1;
    return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
