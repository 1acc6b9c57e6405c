/* What is known of a file: fdstat, filestat, size and times. */
#include <fcntl.h>

#include "stat.h"
#include "wasi.h"

enum { FDSTAT_SIZE = 24, FILESTAT_SIZE = 64, UNSTABLE_FILESTAT_SIZE = 56 };

/* ---- fdstat -----------------------------------------------------------------------------------
 */

static const struct {
    unsigned wasi;
    int host;
} fdflags[] = {
    {WASI_FDFLAG_APPEND, O_APPEND},     {WASI_FDFLAG_DSYNC, O_DSYNC},
    {WASI_FDFLAG_NONBLOCK, O_NONBLOCK}, {WASI_FDFLAG_RSYNC, O_RSYNC},
    {WASI_FDFLAG_SYNC, O_SYNC},
};

int wasi_flags_to_host(uint32_t flags)
{
    int host = 0;
    for (size_t i = 0; i < sizeof fdflags / sizeof *fdflags; i++)
        if (flags & fdflags[i].wasi)
            host |= fdflags[i].host;
    return host;
}

static uint16_t flags_from_host(int host)
{
    unsigned flags = 0;
    for (size_t i = 0; i < sizeof fdflags / sizeof *fdflags; i++)
        if ((host & fdflags[i].host) == fdflags[i].host)
            flags |= fdflags[i].wasi;
    /* Linux has one bit pattern for O_SYNC and O_RSYNC, which has O_DSYNC's in it. */
    if (flags & WASI_FDFLAG_SYNC)
        flags &= ~(unsigned)(WASI_FDFLAG_DSYNC | WASI_FDFLAG_RSYNC);
    return (uint16_t)flags;
}

uint32_t wasi_fd_fdstat_get(struct w2c_dagger *imports, uint32_t fd, uint32_t at)
{
    struct wasi_file file;
    enum wasi_errno error = wasi_find(imports, fd, 0, &file);
    uint8_t *out = wasi_at(imports, at, FDSTAT_SIZE);
    if (error)
        return error;
    if (!out)
        return WASI_FAULT;
    int host = file.node->get_flags ? file.node->get_flags(file.stream) : 0;
    uint16_t flags = host > 0 ? flags_from_host(host) : 0;
    memset(out, 0, FDSTAT_SIZE);
    out[0] = (uint8_t)wasi_stream_type(&file);
    memcpy(out + 2, &flags, sizeof flags);
    wasi_put64(out + 8, file.base);
    wasi_put64(out + 16, file.inheriting);
    return WASI_SUCCESS;
}

uint32_t wasi_fd_fdstat_set_flags(struct w2c_dagger *imports, uint32_t fd, uint32_t flags)
{
    struct wasi_file file;
    enum wasi_errno error = wasi_find(imports, fd, WASI_RIGHT(FD_FDSTAT_SET_FLAGS), &file);
    if (error)
        return error;
    if (flags & ~(uint32_t)WASI_FDFLAGS_ALL)
        return WASI_INVAL;
    if (!file.node->set_flags)
        return flags ? WASI_NOTSUP : WASI_SUCCESS;
    return wasi_result(file.node->set_flags(file.stream, wasi_flags_to_host(flags)));
}

/* Rights can only be given away. */
uint32_t wasi_fd_fdstat_set_rights(struct w2c_dagger *imports, uint32_t fd, uint64_t base,
                                   uint64_t inheriting)
{
    struct wasi_file file;
    enum wasi_errno error = wasi_find(imports, fd, 0, &file);
    if (error)
        return error;
    if ((base & ~file.base) || (inheriting & ~file.inheriting))
        return WASI_NOTCAPABLE;
    if (!file.fd)
        return base == file.base ? WASI_SUCCESS : WASI_NOTSUP;
    file.fd->base = base;
    file.fd->inheriting = inheriting;
    return WASI_SUCCESS;
}

/* ---- filestat ---------------------------------------------------------------------------------
 */

static uint64_t nanoseconds(struct timespec time)
{
    /* WASI's times start in 1970 and end in 2554. */
    uint64_t all;
    if (time.tv_sec < 0)
        return 0;
    if (__builtin_mul_overflow((uint64_t)time.tv_sec, UINT64_C(1000000000), &all) ||
        __builtin_add_overflow(all, (uint64_t)time.tv_nsec, &all))
        return UINT64_MAX;
    return all;
}

enum wasi_errno wasi_put_filestat(struct w2c_dagger *imports, uint32_t at, const struct stat *st,
                                  bool unstable)
{
    uint32_t size = unstable ? UNSTABLE_FILESTAT_SIZE : FILESTAT_SIZE;
    uint8_t *out = wasi_at(imports, at, size);
    if (!out)
        return WASI_FAULT;
    memset(out, 0, size);
    wasi_put64(out, st->st_dev);
    wasi_put64(out + 8, st->st_ino);
    out[16] = (uint8_t)wasi_filetype(st->st_mode);
    if (unstable)
        wasi_put32(out + 20, st->st_nlink < UINT32_MAX ? (uint32_t)st->st_nlink : UINT32_MAX);
    else
        wasi_put64(out + 24, st->st_nlink);
    uint8_t *rest = out + (unstable ? 24 : 32);
    wasi_put64(rest, (uint64_t)st->st_size);
    wasi_put64(rest + 8, nanoseconds(st->st_atim));
    wasi_put64(rest + 16, nanoseconds(st->st_mtim));
    wasi_put64(rest + 24, nanoseconds(st->st_ctim));
    return WASI_SUCCESS;
}

static uint32_t fd_filestat(struct w2c_dagger *imports, uint32_t fd, uint32_t at, bool unstable)
{
    struct wasi_file file;
    struct stat st = {0};
    enum wasi_errno error = wasi_find(imports, fd, WASI_RIGHT(FD_FILESTAT_GET), &file);
    if (error)
        return error;
    if (!wasi_at(imports, at, unstable ? UNSTABLE_FILESTAT_SIZE : FILESTAT_SIZE))
        return WASI_FAULT;
    int host = file.node->stat ? file.node->stat(file.stream, &st) : 0;
    return host ? wasi_from_host(host) : wasi_put_filestat(imports, at, &st, unstable);
}

uint32_t wasi_fd_filestat_get(struct w2c_dagger *imports, uint32_t fd, uint32_t at)
{
    return fd_filestat(imports, fd, at, false);
}

uint32_t wasi_unstable_fd_filestat_get(struct w2c_dagger *imports, uint32_t fd, uint32_t at)
{
    return fd_filestat(imports, fd, at, true);
}

uint32_t wasi_fd_filestat_set_size(struct w2c_dagger *imports, uint32_t fd, uint64_t size)
{
    struct wasi_file file;
    enum wasi_errno error = wasi_find(imports, fd, WASI_RIGHT(FD_FILESTAT_SET_SIZE), &file);
    if (error)
        return error;
    if (size > INT64_MAX)
        return WASI_FBIG;
    return file.node->set_size ? wasi_result(file.node->set_size(file.stream, (int64_t)size))
                               : WASI_INVAL;
}

/* ---- times ------------------------------------------------------------------------------------
 */

/* One time by its two flags, "as given" and "now"; neither leaves it. */
static bool set_time(struct timespec *out, uint64_t given, unsigned flags)
{
    enum { GIVEN = 1, NOW = 2 };
    *out = (struct timespec){.tv_nsec = UTIME_OMIT};
    if (flags == NOW)
        out->tv_nsec = UTIME_NOW;
    if (flags == GIVEN)
        *out = (struct timespec){(time_t)(given / 1000000000), (long)(given % 1000000000)};
    return flags != (GIVEN | NOW);
}

bool wasi_times(uint64_t access, uint64_t modification, uint32_t flags, struct timespec times[2])
{
    return flags < 16 && set_time(&times[0], access, flags & 3) &&
           set_time(&times[1], modification, flags >> 2);
}

uint32_t wasi_fd_filestat_set_times(struct w2c_dagger *imports, uint32_t fd, uint64_t access,
                                    uint64_t modification, uint32_t flags)
{
    struct wasi_file file;
    struct timespec times[2];
    enum wasi_errno error = wasi_find(imports, fd, WASI_RIGHT(FD_FILESTAT_SET_TIMES), &file);
    if (error)
        return error;
    if (!wasi_times(access, modification, flags, times))
        return WASI_INVAL;
    return file.node->set_times ? wasi_result(file.node->set_times(file.stream, times))
                                : WASI_NOTSUP;
}
