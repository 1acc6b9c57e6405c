/* WASI preview 1 over the process and its streams: what the areas (args, clock, fd, path, poll,
 * proc, sock) share. A descriptor of WASI is an offset into the process's slice, so that what one
 * set of calls opened the other can use.
 *
 * Source: the witx files of wasi_snapshot_preview1 (github.com/WebAssembly/WASI, legacy/preview1).
 * Structures are laid out as they say; their members are little-endian, as the host is.
 */
#ifndef DAGGER_RT_WASI_H
#define DAGGER_RT_WASI_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "calls.h"
#include "node.h"
#include "runtime.h"

/* What the linker knows wasi_NAME as: where guests are embedded, the program it is linked into may
 * have a WASI of its own. */
#define WASI_LINKED(name) __asm__("dagger_wasi_" #name)

/* The errno values in their order, from 0 on, and the host's of the same meaning. */
#define WASI_ERRNOS(X)                                                                             \
    X(SUCCESS, 0)                                                                                  \
    X(2BIG, E2BIG)                                                                                 \
    X(ACCES, EACCES)                                                                               \
    X(ADDRINUSE, EADDRINUSE)                                                                       \
    X(ADDRNOTAVAIL, EADDRNOTAVAIL)                                                                 \
    X(AFNOSUPPORT, EAFNOSUPPORT)                                                                   \
    X(AGAIN, EAGAIN)                                                                               \
    X(ALREADY, EALREADY)                                                                           \
    X(BADF, EBADF)                                                                                 \
    X(BADMSG, EBADMSG)                                                                             \
    X(BUSY, EBUSY)                                                                                 \
    X(CANCELED, ECANCELED)                                                                         \
    X(CHILD, ECHILD)                                                                               \
    X(CONNABORTED, ECONNABORTED)                                                                   \
    X(CONNREFUSED, ECONNREFUSED)                                                                   \
    X(CONNRESET, ECONNRESET)                                                                       \
    X(DEADLK, EDEADLK)                                                                             \
    X(DESTADDRREQ, EDESTADDRREQ)                                                                   \
    X(DOM, EDOM)                                                                                   \
    X(DQUOT, EDQUOT)                                                                               \
    X(EXIST, EEXIST)                                                                               \
    X(FAULT, EFAULT)                                                                               \
    X(FBIG, EFBIG)                                                                                 \
    X(HOSTUNREACH, EHOSTUNREACH)                                                                   \
    X(IDRM, EIDRM)                                                                                 \
    X(ILSEQ, EILSEQ)                                                                               \
    X(INPROGRESS, EINPROGRESS)                                                                     \
    X(INTR, EINTR)                                                                                 \
    X(INVAL, EINVAL)                                                                               \
    X(IO, EIO)                                                                                     \
    X(ISCONN, EISCONN)                                                                             \
    X(ISDIR, EISDIR)                                                                               \
    X(LOOP, ELOOP)                                                                                 \
    X(MFILE, EMFILE)                                                                               \
    X(MLINK, EMLINK)                                                                               \
    X(MSGSIZE, EMSGSIZE)                                                                           \
    X(MULTIHOP, EMULTIHOP)                                                                         \
    X(NAMETOOLONG, ENAMETOOLONG)                                                                   \
    X(NETDOWN, ENETDOWN)                                                                           \
    X(NETRESET, ENETRESET)                                                                         \
    X(NETUNREACH, ENETUNREACH)                                                                     \
    X(NFILE, ENFILE)                                                                               \
    X(NOBUFS, ENOBUFS)                                                                             \
    X(NODEV, ENODEV)                                                                               \
    X(NOENT, ENOENT)                                                                               \
    X(NOEXEC, ENOEXEC)                                                                             \
    X(NOLCK, ENOLCK)                                                                               \
    X(NOLINK, ENOLINK)                                                                             \
    X(NOMEM, ENOMEM)                                                                               \
    X(NOMSG, ENOMSG)                                                                               \
    X(NOPROTOOPT, ENOPROTOOPT)                                                                     \
    X(NOSPC, ENOSPC)                                                                               \
    X(NOSYS, ENOSYS)                                                                               \
    X(NOTCONN, ENOTCONN)                                                                           \
    X(NOTDIR, ENOTDIR)                                                                             \
    X(NOTEMPTY, ENOTEMPTY)                                                                         \
    X(NOTRECOVERABLE, ENOTRECOVERABLE)                                                             \
    X(NOTSOCK, ENOTSOCK)                                                                           \
    X(NOTSUP, EOPNOTSUPP)                                                                          \
    X(NOTTY, ENOTTY)                                                                               \
    X(NXIO, ENXIO)                                                                                 \
    X(OVERFLOW, EOVERFLOW)                                                                         \
    X(OWNERDEAD, EOWNERDEAD)                                                                       \
    X(PERM, EPERM)                                                                                 \
    X(PIPE, EPIPE)                                                                                 \
    X(PROTO, EPROTO)                                                                               \
    X(PROTONOSUPPORT, EPROTONOSUPPORT)                                                             \
    X(PROTOTYPE, EPROTOTYPE)                                                                       \
    X(RANGE, ERANGE)                                                                               \
    X(ROFS, EROFS)                                                                                 \
    X(SPIPE, ESPIPE)                                                                               \
    X(SRCH, ESRCH)                                                                                 \
    X(STALE, ESTALE)                                                                               \
    X(TIMEDOUT, ETIMEDOUT)                                                                         \
    X(TXTBSY, ETXTBSY)                                                                             \
    X(XDEV, EXDEV)                                                                                 \
    X(NOTCAPABLE, -1)

enum wasi_errno {
#define X(name, host) WASI_##name,
    WASI_ERRNOS(X)
#undef X
        WASI_ERRNO_COUNT
};
_Static_assert(WASI_NOTCAPABLE == 76, "the list is complete");

/* The bits of `rights`, in their order. */
#define WASI_RIGHTS(X)                                                                             \
    X(FD_DATASYNC)                                                                                 \
    X(FD_READ)                                                                                     \
    X(FD_SEEK)                                                                                     \
    X(FD_FDSTAT_SET_FLAGS)                                                                         \
    X(FD_SYNC)                                                                                     \
    X(FD_TELL)                                                                                     \
    X(FD_WRITE)                                                                                    \
    X(FD_ADVISE)                                                                                   \
    X(FD_ALLOCATE)                                                                                 \
    X(PATH_CREATE_DIRECTORY)                                                                       \
    X(PATH_CREATE_FILE)                                                                            \
    X(PATH_LINK_SOURCE)                                                                            \
    X(PATH_LINK_TARGET)                                                                            \
    X(PATH_OPEN)                                                                                   \
    X(FD_READDIR)                                                                                  \
    X(PATH_READLINK)                                                                               \
    X(PATH_RENAME_SOURCE)                                                                          \
    X(PATH_RENAME_TARGET)                                                                          \
    X(PATH_FILESTAT_GET)                                                                           \
    X(PATH_FILESTAT_SET_SIZE)                                                                      \
    X(PATH_FILESTAT_SET_TIMES)                                                                     \
    X(FD_FILESTAT_GET)                                                                             \
    X(FD_FILESTAT_SET_SIZE)                                                                        \
    X(FD_FILESTAT_SET_TIMES)                                                                       \
    X(PATH_SYMLINK)                                                                                \
    X(PATH_REMOVE_DIRECTORY)                                                                       \
    X(PATH_UNLINK_FILE)                                                                            \
    X(POLL_FD_READWRITE)                                                                           \
    X(SOCK_SHUTDOWN)                                                                               \
    X(SOCK_ACCEPT)

enum wasi_right_number {
#define X(name) WASI_RIGHT_NUMBER_##name,
    WASI_RIGHTS(X)
#undef X
        WASI_RIGHT_COUNT
};
#define WASI_RIGHT(name) (UINT64_C(1) << WASI_RIGHT_NUMBER_##name)
#define WASI_RIGHTS_ALL  ((UINT64_C(1) << WASI_RIGHT_COUNT) - 1)

enum wasi_filetype {
    WASI_FILETYPE_UNKNOWN,
    WASI_FILETYPE_BLOCK_DEVICE,
    WASI_FILETYPE_CHARACTER_DEVICE,
    WASI_FILETYPE_DIRECTORY,
    WASI_FILETYPE_REGULAR_FILE,
    WASI_FILETYPE_SOCKET_DGRAM,
    WASI_FILETYPE_SOCKET_STREAM,
    WASI_FILETYPE_SYMBOLIC_LINK,
};

enum {
    WASI_FDFLAG_APPEND = 1,
    WASI_FDFLAG_DSYNC = 2,
    WASI_FDFLAG_NONBLOCK = 4,
    WASI_FDFLAG_RSYNC = 8,
    WASI_FDFLAG_SYNC = 16,
    WASI_FDFLAGS_ALL = 31,
    WASI_LOOKUP_FOLLOW = 1,
};

enum wasi_clock {
    WASI_CLOCK_REALTIME,
    WASI_CLOCK_MONOTONIC,
    WASI_CLOCK_PROCESS,
    WASI_CLOCK_THREAD
};

/* The functions behind the entry points of entries.c, on guest numbers. */
#define X(name, results, count, ...)                                                               \
    DAGGER_TYPE_##results wasi_##name(struct w2c_dagger *imports DAGGER_EACH_##count(              \
        DAGGER_PARAMETER, __VA_ARGS__)) WASI_LINKED(name);
DAGGER_WASI_IMPORTS(X)
#undef X

/* ---- Errors -----------------------------------------------------------------------------------
 */

/* For a host errno value, positive or negated; IO for one that WASI has not. */
enum wasi_errno wasi_from_host(int64_t host) WASI_LINKED(from_host);

/* For the result of an operation of node.h: SUCCESS if it is not negative. */
static inline enum wasi_errno wasi_result(int64_t result)
{
    return result < 0 ? wasi_from_host(result) : WASI_SUCCESS;
}

/* For an enum dagger_error. */
enum wasi_errno wasi_from_stream(int64_t error) WASI_LINKED(from_stream);

/* "NOENT"; static. */
const char *wasi_errno_name(uint32_t number) WASI_LINKED(errno_name);

/* ---- Guest memory -----------------------------------------------------------------------------
 */

/* The host's pointer, or NULL for a range that is not all inside. */
static inline uint8_t *wasi_at(const struct w2c_dagger *imports, uint32_t address, uint32_t len)
{
    uint8_t *host = NULL;
    return dagger_guest_range(imports->memory, address, len, &host) ? host : NULL;
}

static inline void wasi_put32(uint8_t *at, uint32_t number)
{
    memcpy(at, &number, sizeof number);
}

static inline void wasi_put64(uint8_t *at, uint64_t number)
{
    memcpy(at, &number, sizeof number);
}

static inline uint32_t wasi_get32(const uint8_t *at)
{
    uint32_t number;
    memcpy(&number, at, sizeof number);
    return number;
}

static inline uint64_t wasi_get64(const uint8_t *at)
{
    uint64_t number;
    memcpy(&number, at, sizeof number);
    return number;
}

/* The `count` structures of `size` bytes at `address`, computed in 64 bits. */
static inline uint8_t *wasi_array(const struct w2c_dagger *imports, uint32_t address,
                                  uint32_t count, uint32_t size)
{
    uint64_t len = (uint64_t)count * size;
    return len <= UINT32_MAX ? wasi_at(imports, address, (uint32_t)len) : NULL;
}

/* ---- Descriptors ------------------------------------------------------------------------------
 */

/* What WASI knows of a descriptor beyond its stream; in the slot, which frees it. */
struct wasi_fd {
    uint64_t base, inheriting; /* rights */
    size_t name_len;           /* of a pre-opened directory */
    bool is_preopen;
    char name[];
};

/* A descriptor looked up. */
struct wasi_file {
    struct dagger_stream *stream;
    struct wasi_fd *fd; /* NULL: one of the five calls opened it */
    uint64_t base, inheriting;
    /* Of the stream; never NULL, their members may be. */
    const struct dagger_node_ops *node;
    const struct dagger_directory_ops *directory;
};

/* BADF, or NOTCAPABLE if it lacks one of `rights`. */
enum wasi_errno wasi_find(struct w2c_dagger *imports, uint32_t number, uint64_t rights,
                          struct wasi_file *file) WASI_LINKED(find);

/* As wasi_find, and NOTDIR if it is no directory. */
enum wasi_errno wasi_find_directory(struct w2c_dagger *imports, uint32_t number, uint64_t rights,
                                    struct wasi_file *file) WASI_LINKED(find_directory);

/* Takes the stream into the lowest free slot, with rights that are cut to what makes sense for it,
 * or closes it. */
enum wasi_errno wasi_add(struct w2c_dagger *imports, struct dagger_stream *stream, uint64_t base,
                         uint64_t inheriting, uint32_t *number) WASI_LINKED(add);

/* What a guest is given before it starts; it finds it in this order, from 0 on. */

/* The standard stream `fd`, which is to be its descriptor: the process's own, or one that is at its
 * end and takes all that is written. Where the process was started without, the number is there all
 * the same, and has no rights. */
enum wasi_errno wasi_give_standard(struct w2c_dagger *imports, int fd, bool hosts)
    WASI_LINKED(give_standard);

/* "HOST", "HOST::GUEST" or "HOST::GUEST::ro", `len` bytes of `given`. Returns NULL, or what is
 * wrong with it; *host is then the part of it that is wrong. To be freed in either case, NULL if
 * there was no memory for it. */
const char *wasi_give_directory(struct w2c_dagger *imports, const char *given, size_t len,
                                char **host) WASI_LINKED(give_directory);

/* The host's directory, which the guest knows as "/". */
enum wasi_errno wasi_give_root(struct w2c_dagger *imports, const char *host) WASI_LINKED(give_root);

/* The file type of st_mode. */
enum wasi_filetype wasi_filetype(unsigned mode) WASI_LINKED(filetype);

/* Whether it has positions, to be seeked to and to be read and written at. */
bool wasi_can_seek(const struct wasi_file *file) WASI_LINKED(can_seek);

/* The type of a stream, as far as it says. */
enum wasi_filetype wasi_stream_type(const struct wasi_file *file) WASI_LINKED(stream_type);

#endif
