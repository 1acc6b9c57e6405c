/* Loaded before the C library (LD_PRELOAD): of all calls of one kind, FAULT_KIND, the
 * FAULT_NUMBER-th fails, once. Number 0: none; then, in the end, standard error gets how many there
 * were, and of each site the first and the last: a site is a call with all of its callers. */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SITES_MAX = 1 << 16, FRAMES_MAX = 48 };

static struct {
    int kind; /* its first letter: alloc, read, write, open, map, socket */
    long number, count;
    int told;
} fault;

/* Open addressing by the hash of the callers' addresses. */
static struct site {
    uint64_t hash;    /* 0: free */
    long first, last; /* numbers of calls there */
} sites[SITES_MAX];
static long site_count;

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void begin(void)
{
    const char *kind = getenv("FAULT_KIND"), *number = getenv("FAULT_NUMBER");
    fault.number = number ? strtol(number, NULL, 10) : 0;
    void *frame;
    backtrace(&frame, 1); /* loads what it needs before anything is counted */
    fault.kind = kind ? *kind : 0;
}

static void note_site(void)
{
    static __thread int busy;
    void *frames[FRAMES_MAX];
    if (busy || site_count == SITES_MAX / 2)
        return;
    busy = 1;
    int count = backtrace(frames, FRAMES_MAX);
    busy = 0;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (int i = 2; i < count; i++)
        hash = (hash ^ (uintptr_t)frames[i]) * UINT64_C(0x100000001b3);
    hash |= 1;
    size_t at = hash >> 20 & (SITES_MAX - 1);
    while (sites[at].hash != 0 && sites[at].hash != hash)
        at = (at + 1) & (SITES_MAX - 1);
    if (sites[at].hash == 0) {
        sites[at] = (struct site){hash, fault.count, fault.count};
        site_count++;
    }
    sites[at].last = fault.count;
}

/* Counts, and says whether this one fails. */
static int fails(int kind, int error)
{
    if (kind != fault.kind)
        return 0;
    fault.count++;
    if (fault.number == 0)
        note_site();
    if (fault.count != fault.number)
        return 0;
    errno = error;
    return 1;
}

/* The runtime ends by _exit, too. */
static void tell(void)
{
    if (fault.told++)
        return;
    fault.kind = 0;
    dprintf(STDERR_FILENO, "\ncalls: %ld", fault.count);
    for (size_t i = 0; i < SITES_MAX; i++)
        if (sites[i].hash != 0)
            dprintf(STDERR_FILENO, " %ld %ld", sites[i].first, sites[i].last);
    dprintf(STDERR_FILENO, "\n");
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
WRAP(int, socket, 's', EMFILE, -1, (int family, int type, int protocol), (family, type, protocol))
WRAP(int, socketpair, 's', EMFILE, -1, (int family, int type, int protocol, int pair[2]),
     (family, type, protocol, pair))
WRAP(int, connect, 's', ENETUNREACH, -1, (int fd, __CONST_SOCKADDR_ARG to, socklen_t len),
     (fd, to, len))
WRAP(int, getsockopt, 's', ENOBUFS, -1, (int fd, int level, int name, void *value, socklen_t *len),
     (fd, level, name, value, len))
WRAP(int, setsockopt, 's', ENOBUFS, -1,
     (int fd, int level, int name, const void *value, socklen_t len), (fd, level, name, value, len))
WRAP(int, getsockname, 's', ENOBUFS, -1, (int fd, __SOCKADDR_ARG name, socklen_t *len),
     (fd, name, len))
WRAP(int, getpeername, 's', ENOBUFS, -1, (int fd, __SOCKADDR_ARG name, socklen_t *len),
     (fd, name, len))
WRAP(int, shutdown, 's', ENOBUFS, -1, (int fd, int how), (fd, how))
WRAP(ssize_t, send, 's', ECONNRESET, -1, (int fd, const void *data, size_t len, int flags),
     (fd, data, len, flags))
WRAP(ssize_t, sendto, 's', ECONNRESET, -1,
     (int fd, const void *data, size_t len, int flags, __CONST_SOCKADDR_ARG to, socklen_t to_len),
     (fd, data, len, flags, to, to_len))
WRAP(ssize_t, sendmsg, 's', ECONNRESET, -1, (int fd, const struct msghdr *message, int flags),
     (fd, message, flags))
WRAP(ssize_t, recv, 's', ECONNRESET, -1, (int fd, void *data, size_t len, int flags),
     (fd, data, len, flags))
WRAP(ssize_t, recvfrom, 's', ECONNRESET, -1,
     (int fd, void *data, size_t len, int flags, __SOCKADDR_ARG from, socklen_t *from_len),
     (fd, data, len, flags, from, from_len))
WRAP(ssize_t, recvmsg, 's', ECONNRESET, -1, (int fd, struct msghdr *message, int flags),
     (fd, message, flags))
WRAP(int, poll, 's', ENOMEM, -1, (struct pollfd * fds, nfds_t count, int time), (fds, count, time))
WRAP(int, ppoll, 's', ENOMEM, -1,
     (struct pollfd * fds, nfds_t count, const struct timespec *time, const sigset_t *mask),
     (fds, count, time, mask))
WRAP(int, __poll_chk, 's', ENOMEM, -1, (struct pollfd * fds, nfds_t count, int time, size_t size),
     (fds, count, time, size))
WRAP(int, getaddrinfo, 's', 0, EAI_AGAIN,
     (const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found),
     (host, service, hints, found))
WRAP(int, pthread_create, 's', 0, EAGAIN,
     (pthread_t * thread, const pthread_attr_t *how, void *(*start)(void *), void *argument),
     (thread, how, start, argument))

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
