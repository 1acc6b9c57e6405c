/* wasi.h: WASI preview 1 as a guest sees it, from its specification: the numbers, the layouts in
 * memory and the imports. It needs no libc. Results are 32 bits wide here, not the 16 of an errno,
 * so that a host that leaves something in the upper half is found.
 *
 * A guest that defines WASI_MODULE before it includes this gets the same imports from another
 * module; unstable.c brings the layouts that differ there.
 */
#ifndef WASI_H
#define WASI_H

#include <stddef.h>
#include <stdint.h>

#ifndef WASI_MODULE
#define WASI_MODULE "wasi_snapshot_preview1"
#endif

/* In the order of their numbers, from 0. */
#define WASI_ERRNOS(X)                                                                             \
    X(SUCCESS)                                                                                     \
    X(2BIG)                                                                                        \
    X(ACCES)                                                                                       \
    X(ADDRINUSE)                                                                                   \
    X(ADDRNOTAVAIL)                                                                                \
    X(AFNOSUPPORT)                                                                                 \
    X(AGAIN)                                                                                       \
    X(ALREADY)                                                                                     \
    X(BADF)                                                                                        \
    X(BADMSG)                                                                                      \
    X(BUSY)                                                                                        \
    X(CANCELED)                                                                                    \
    X(CHILD)                                                                                       \
    X(CONNABORTED)                                                                                 \
    X(CONNREFUSED)                                                                                 \
    X(CONNRESET)                                                                                   \
    X(DEADLK)                                                                                      \
    X(DESTADDRREQ)                                                                                 \
    X(DOM)                                                                                         \
    X(DQUOT)                                                                                       \
    X(EXIST)                                                                                       \
    X(FAULT)                                                                                       \
    X(FBIG)                                                                                        \
    X(HOSTUNREACH)                                                                                 \
    X(IDRM)                                                                                        \
    X(ILSEQ)                                                                                       \
    X(INPROGRESS)                                                                                  \
    X(INTR)                                                                                        \
    X(INVAL)                                                                                       \
    X(IO)                                                                                          \
    X(ISCONN)                                                                                      \
    X(ISDIR)                                                                                       \
    X(LOOP)                                                                                        \
    X(MFILE)                                                                                       \
    X(MLINK)                                                                                       \
    X(MSGSIZE)                                                                                     \
    X(MULTIHOP)                                                                                    \
    X(NAMETOOLONG)                                                                                 \
    X(NETDOWN)                                                                                     \
    X(NETRESET)                                                                                    \
    X(NETUNREACH)                                                                                  \
    X(NFILE)                                                                                       \
    X(NOBUFS)                                                                                      \
    X(NODEV)                                                                                       \
    X(NOENT)                                                                                       \
    X(NOEXEC)                                                                                      \
    X(NOLCK)                                                                                       \
    X(NOLINK)                                                                                      \
    X(NOMEM)                                                                                       \
    X(NOMSG)                                                                                       \
    X(NOPROTOOPT)                                                                                  \
    X(NOSPC)                                                                                       \
    X(NOSYS)                                                                                       \
    X(NOTCONN)                                                                                     \
    X(NOTDIR)                                                                                      \
    X(NOTEMPTY)                                                                                    \
    X(NOTRECOVERABLE)                                                                              \
    X(NOTSOCK)                                                                                     \
    X(NOTSUP)                                                                                      \
    X(NOTTY)                                                                                       \
    X(NXIO)                                                                                        \
    X(OVERFLOW)                                                                                    \
    X(OWNERDEAD)                                                                                   \
    X(PERM)                                                                                        \
    X(PIPE)                                                                                        \
    X(PROTO)                                                                                       \
    X(PROTONOSUPPORT)                                                                              \
    X(PROTOTYPE)                                                                                   \
    X(RANGE)                                                                                       \
    X(ROFS)                                                                                        \
    X(SPIPE)                                                                                       \
    X(SRCH)                                                                                        \
    X(STALE)                                                                                       \
    X(TIMEDOUT)                                                                                    \
    X(TXTBSY)                                                                                      \
    X(XDEV)                                                                                        \
    X(NOTCAPABLE)

enum wasi_errno {
#define X(name) WASI_##name,
    WASI_ERRNOS(X)
#undef X
        WASI_ERRNO_COUNT
};
/* Numbers that a slip in the list above would move. */
_Static_assert(WASI_BADF == 8 && WASI_FAULT == 21 && WASI_INVAL == 28 && WASI_LOOP == 32, "");
_Static_assert(WASI_NOENT == 44 && WASI_NOTSOCK == 57 && WASI_PERM == 63 && WASI_SPIPE == 70, "");
_Static_assert(WASI_NOTCAPABLE == 76 && WASI_ERRNO_COUNT == 77, "");

typedef uint64_t wasi_rights;
/* In the order of their bits, from bit 0. */
enum wasi_right_bit {
    BIT_FD_DATASYNC,
    BIT_FD_READ,
    BIT_FD_SEEK,
    BIT_FD_FDSTAT_SET_FLAGS,
    BIT_FD_SYNC,
    BIT_FD_TELL,
    BIT_FD_WRITE,
    BIT_FD_ADVISE,
    BIT_FD_ALLOCATE,
    BIT_PATH_CREATE_DIRECTORY,
    BIT_PATH_CREATE_FILE,
    BIT_PATH_LINK_SOURCE,
    BIT_PATH_LINK_TARGET,
    BIT_PATH_OPEN,
    BIT_FD_READDIR,
    BIT_PATH_READLINK,
    BIT_PATH_RENAME_SOURCE,
    BIT_PATH_RENAME_TARGET,
    BIT_PATH_FILESTAT_GET,
    BIT_PATH_FILESTAT_SET_SIZE,
    BIT_PATH_FILESTAT_SET_TIMES,
    BIT_FD_FILESTAT_GET,
    BIT_FD_FILESTAT_SET_SIZE,
    BIT_FD_FILESTAT_SET_TIMES,
    BIT_PATH_SYMLINK,
    BIT_PATH_REMOVE_DIRECTORY,
    BIT_PATH_UNLINK_FILE,
    BIT_POLL_FD_READWRITE,
    BIT_SOCK_SHUTDOWN,
    BIT_SOCK_ACCEPT,
};
#define RIGHT(name) ((wasi_rights)1 << BIT_##name)

enum wasi_clock { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS, CLOCK_THREAD };
enum wasi_whence { WHENCE_SET, WHENCE_CUR, WHENCE_END };
enum wasi_filetype {
    TYPE_UNKNOWN,
    TYPE_BLOCK_DEVICE,
    TYPE_CHARACTER_DEVICE,
    TYPE_DIRECTORY,
    TYPE_REGULAR_FILE,
    TYPE_SOCKET_DGRAM,
    TYPE_SOCKET_STREAM,
    TYPE_SYMBOLIC_LINK,
};
enum wasi_advice { ADVICE_NORMAL, ADVICE_NOREUSE = 5 };
enum wasi_fdflags { FD_APPEND = 1, FD_DSYNC = 2, FD_NONBLOCK = 4, FD_RSYNC = 8, FD_SYNC = 16 };
enum wasi_fstflags { SET_ATIM = 1, SET_ATIM_NOW = 2, SET_MTIM = 4, SET_MTIM_NOW = 8 };
enum wasi_lookupflags { NO_FOLLOW, FOLLOW };
enum wasi_oflags { O_CREATE = 1, O_DIR = 2, O_EXCLUSIVE = 4, O_TRUNCATE = 8 };
enum wasi_eventtype { EVENT_CLOCK, EVENT_FD_READ, EVENT_FD_WRITE };
enum { EVENT_HANGUP = 1, CLOCK_ABSTIME = 1 };
enum { RECV_PEEK = 1, RECV_WAITALL = 2, RECV_TRUNCATED = 1, SHUT_READ = 1, SHUT_WRITE = 2 };

#define AT_OFFSET(type, member, at)                                                                \
    _Static_assert(offsetof(type, member) == (at), #type "." #member)
#define HAS_SIZE(type, size) _Static_assert(sizeof(type) == (size), #type)

struct wasi_iovec {
    void *data;
    uint32_t len;
};
HAS_SIZE(struct wasi_iovec, 8);

struct wasi_fdstat {
    uint8_t type;
    uint16_t flags;
    wasi_rights base, inheriting;
};
AT_OFFSET(struct wasi_fdstat, flags, 2);
AT_OFFSET(struct wasi_fdstat, base, 8);
HAS_SIZE(struct wasi_fdstat, 24);

struct wasi_filestat {
    uint64_t dev, ino;
    uint8_t type;
    uint64_t nlink, size, atim, mtim, ctim;
};
AT_OFFSET(struct wasi_filestat, type, 16);
AT_OFFSET(struct wasi_filestat, nlink, 24);
AT_OFFSET(struct wasi_filestat, ctim, 56);
HAS_SIZE(struct wasi_filestat, 64);

struct wasi_dirent {
    uint64_t next, ino;
    uint32_t name_len;
    uint8_t type;
};
AT_OFFSET(struct wasi_dirent, name_len, 16);
AT_OFFSET(struct wasi_dirent, type, 20);
HAS_SIZE(struct wasi_dirent, 24);

struct wasi_prestat {
    uint8_t tag;
    uint32_t name_len;
};
AT_OFFSET(struct wasi_prestat, name_len, 4);
HAS_SIZE(struct wasi_prestat, 8);

struct wasi_subscription {
    uint64_t userdata;
    uint8_t tag;
    union {
        struct {
            uint32_t id;
            uint64_t timeout, precision;
            uint16_t flags;
        } clock;
        uint32_t fd;
    };
};
AT_OFFSET(struct wasi_subscription, tag, 8);
AT_OFFSET(struct wasi_subscription, clock.id, 16);
AT_OFFSET(struct wasi_subscription, clock.timeout, 24);
AT_OFFSET(struct wasi_subscription, clock.flags, 40);
AT_OFFSET(struct wasi_subscription, fd, 16);
HAS_SIZE(struct wasi_subscription, 48);

struct wasi_event {
    uint64_t userdata;
    uint16_t error;
    uint8_t type;
    uint64_t nbytes;
    uint16_t flags;
};
AT_OFFSET(struct wasi_event, error, 8);
AT_OFFSET(struct wasi_event, type, 10);
AT_OFFSET(struct wasi_event, nbytes, 16);
AT_OFFSET(struct wasi_event, flags, 24);
HAS_SIZE(struct wasi_event, 32);

typedef uint32_t u32;
typedef uint64_t u64;
typedef const struct wasi_iovec *wasi_iovecs;

#define IMPORT(name, ...)                                                                          \
    __attribute__((import_module(WASI_MODULE), import_name(#name))) u32 wasi_##name(__VA_ARGS__)

IMPORT(args_get, char **argv, char *text);
IMPORT(args_sizes_get, u32 *count, u32 *size);
IMPORT(environ_get, char **environ, char *text);
IMPORT(environ_sizes_get, u32 *count, u32 *size);
IMPORT(clock_res_get, u32 id, u64 *res);
IMPORT(clock_time_get, u32 id, u64 precision, u64 *time);
IMPORT(fd_advise, u32 fd, u64 offset, u64 len, u32 advice);
IMPORT(fd_allocate, u32 fd, u64 offset, u64 len);
IMPORT(fd_close, u32 fd);
IMPORT(fd_datasync, u32 fd);
IMPORT(fd_fdstat_get, u32 fd, struct wasi_fdstat *stat);
IMPORT(fd_fdstat_set_flags, u32 fd, u32 flags);
IMPORT(fd_fdstat_set_rights, u32 fd, wasi_rights base, wasi_rights inheriting);
IMPORT(fd_filestat_get, u32 fd, struct wasi_filestat *stat);
IMPORT(fd_filestat_set_size, u32 fd, u64 size);
IMPORT(fd_filestat_set_times, u32 fd, u64 atim, u64 mtim, u32 flags);
IMPORT(fd_pread, u32 fd, wasi_iovecs to, u32 count, u64 offset, u32 *done);
IMPORT(fd_prestat_get, u32 fd, struct wasi_prestat *prestat);
IMPORT(fd_prestat_dir_name, u32 fd, char *name, u32 len);
IMPORT(fd_pwrite, u32 fd, wasi_iovecs from, u32 count, u64 offset, u32 *done);
IMPORT(fd_read, u32 fd, wasi_iovecs to, u32 count, u32 *done);
IMPORT(fd_readdir, u32 fd, void *entries, u32 len, u64 cookie, u32 *used);
IMPORT(fd_renumber, u32 fd, u32 to);
IMPORT(fd_seek, u32 fd, int64_t offset, u32 whence, u64 *position);
IMPORT(fd_sync, u32 fd);
IMPORT(fd_tell, u32 fd, u64 *position);
IMPORT(fd_write, u32 fd, wasi_iovecs from, u32 count, u32 *done);
IMPORT(path_create_directory, u32 fd, const char *path, u32 len);
IMPORT(path_filestat_get, u32 fd, u32 lookup, const char *path, u32 len, struct wasi_filestat *);
IMPORT(path_filestat_set_times, u32 fd, u32 lookup, const char *path, u32 len, u64 atim, u64 mtim,
       u32 flags);
IMPORT(path_link, u32 old, u32 lookup, const char *path, u32 len, u32 new, const char *new_path,
       u32 new_len);
IMPORT(path_open, u32 fd, u32 lookup, const char *path, u32 len, u32 oflags, wasi_rights base,
       wasi_rights inheriting, u32 fdflags, u32 *opened);
IMPORT(path_readlink, u32 fd, const char *path, u32 len, char *text, u32 size, u32 *used);
IMPORT(path_remove_directory, u32 fd, const char *path, u32 len);
IMPORT(path_rename, u32 old, const char *path, u32 len, u32 new, const char *new_path, u32 new_len);
IMPORT(path_symlink, const char *target, u32 target_len, u32 fd, const char *path, u32 len);
IMPORT(path_unlink_file, u32 fd, const char *path, u32 len);
IMPORT(poll_oneoff, const void *subscriptions, struct wasi_event *events, u32 count, u32 *happened);
IMPORT(proc_raise, u32 signal);
IMPORT(sched_yield, void);
IMPORT(random_get, void *data, u32 len);
IMPORT(sock_accept, u32 fd, u32 flags, u32 *accepted);
IMPORT(sock_recv, u32 fd, wasi_iovecs to, u32 count, u32 flags, u32 *done, uint16_t *out_flags);
IMPORT(sock_send, u32 fd, wasi_iovecs from, u32 count, u32 flags, u32 *done);
IMPORT(sock_shutdown, u32 fd, u32 how);
__attribute__((import_module(WASI_MODULE), import_name("proc_exit"))) _Noreturn void
wasi_proc_exit(u32 status);

#endif
