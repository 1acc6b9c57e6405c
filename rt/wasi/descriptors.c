/* Descriptors: what a guest of WASI finds at its start, rights, and looking one up. */
#include <stdlib.h>

#include "policy.h"
#include "wasi.h"

static const struct dagger_node_ops no_node;
static const struct dagger_directory_ops no_directory;

/* What rights are about, by the kind of thing. */
#define RIGHTS_ANY                                                                                 \
    (WASI_RIGHT(FD_FDSTAT_SET_FLAGS) | WASI_RIGHT(FD_FILESTAT_GET) | WASI_RIGHT(POLL_FD_READWRITE))
#define RIGHTS_SOCKET                                                                              \
    (RIGHTS_ANY | WASI_RIGHT(FD_READ) | WASI_RIGHT(FD_WRITE) | WASI_RIGHT(SOCK_SHUTDOWN) |         \
     WASI_RIGHT(SOCK_ACCEPT))
#define RIGHTS_DIRECTORY                                                                           \
    (WASI_RIGHT(FD_FDSTAT_SET_FLAGS) | WASI_RIGHT(FD_SYNC) | WASI_RIGHT(FD_ADVISE) |               \
     WASI_RIGHT(PATH_CREATE_DIRECTORY) | WASI_RIGHT(PATH_CREATE_FILE) |                            \
     WASI_RIGHT(PATH_LINK_SOURCE) | WASI_RIGHT(PATH_LINK_TARGET) | WASI_RIGHT(PATH_OPEN) |         \
     WASI_RIGHT(FD_READDIR) | WASI_RIGHT(PATH_READLINK) | WASI_RIGHT(PATH_RENAME_SOURCE) |         \
     WASI_RIGHT(PATH_RENAME_TARGET) | WASI_RIGHT(PATH_FILESTAT_GET) |                              \
     WASI_RIGHT(PATH_FILESTAT_SET_SIZE) | WASI_RIGHT(PATH_FILESTAT_SET_TIMES) |                    \
     WASI_RIGHT(FD_FILESTAT_GET) | WASI_RIGHT(FD_FILESTAT_SET_TIMES) | WASI_RIGHT(PATH_SYMLINK) |  \
     WASI_RIGHT(PATH_REMOVE_DIRECTORY) | WASI_RIGHT(PATH_UNLINK_FILE) |                            \
     WASI_RIGHT(POLL_FD_READWRITE))
#define RIGHTS_FILE                                                                                \
    (RIGHTS_ANY | WASI_RIGHT(FD_DATASYNC) | WASI_RIGHT(FD_READ) | WASI_RIGHT(FD_SEEK) |            \
     WASI_RIGHT(FD_SYNC) | WASI_RIGHT(FD_TELL) | WASI_RIGHT(FD_WRITE) | WASI_RIGHT(FD_ADVISE) |    \
     WASI_RIGHT(FD_ALLOCATE) | WASI_RIGHT(FD_FILESTAT_SET_SIZE) |                                  \
     WASI_RIGHT(FD_FILESTAT_SET_TIMES))
#define RIGHTS_SEEKING (WASI_RIGHT(FD_SEEK) | WASI_RIGHT(FD_TELL))

enum wasi_filetype wasi_filetype(unsigned mode)
{
    switch (mode & S_IFMT) {
    case S_IFBLK:
        return WASI_FILETYPE_BLOCK_DEVICE;
    case S_IFCHR:
        return WASI_FILETYPE_CHARACTER_DEVICE;
    case S_IFDIR:
        return WASI_FILETYPE_DIRECTORY;
    case S_IFREG:
        return WASI_FILETYPE_REGULAR_FILE;
    case S_IFLNK:
        return WASI_FILETYPE_SYMBOLIC_LINK;
    case S_IFSOCK:
        return WASI_FILETYPE_SOCKET_STREAM;
    default:
        return WASI_FILETYPE_UNKNOWN;
    }
}

enum wasi_filetype wasi_stream_type(const struct wasi_file *file)
{
    struct stat st;
    if (!file->node->stat || file->node->stat(file->stream, &st) < 0)
        return WASI_FILETYPE_UNKNOWN;
    return wasi_filetype(st.st_mode);
}

bool wasi_can_seek(const struct wasi_file *file)
{
    enum wasi_filetype type = wasi_stream_type(file);
    return file->node->seek &&
           (type == WASI_FILETYPE_REGULAR_FILE || type == WASI_FILETYPE_BLOCK_DEVICE);
}

/* Rights that make sense for what the stream is. A guest's C library takes a character device that
 * can't seek for a terminal. */
static uint64_t sensible(const struct wasi_file *file)
{
    switch (wasi_stream_type(file)) {
    case WASI_FILETYPE_DIRECTORY:
        return RIGHTS_DIRECTORY;
    case WASI_FILETYPE_SOCKET_STREAM:
        return RIGHTS_SOCKET;
    case WASI_FILETYPE_CHARACTER_DEVICE:
    case WASI_FILETYPE_UNKNOWN:
        return RIGHTS_FILE & ~RIGHTS_SEEKING;
    default:
        return RIGHTS_FILE;
    }
}

static void look_at(struct wasi_file *file, struct dagger_stream *stream)
{
    file->stream = stream;
    file->node = stream->ops->node ? stream->ops->node : &no_node;
    file->directory = stream->ops->directory ? stream->ops->directory : &no_directory;
}

/* Of a stream that one of the five calls opened. */
static uint64_t rights_by_operations(const struct dagger_stream *stream)
{
    return RIGHTS_ANY | WASI_RIGHT(FD_SYNC) | WASI_RIGHT(FD_DATASYNC) |
           (stream->ops->read ? WASI_RIGHT(FD_READ) : 0) |
           (stream->ops->write ? WASI_RIGHT(FD_WRITE) : 0) |
           (stream->ops->node ? WASI_RIGHT(SOCK_SHUTDOWN) : 0);
}

enum wasi_errno wasi_find(struct w2c_dagger *imports, uint32_t number, uint64_t rights,
                          struct wasi_file *file)
{
    struct dagger_slot *slot = dagger_process_slot(&imports->process, number);
    if (!slot)
        return WASI_BADF;
    look_at(file, slot->stream);
    file->fd = slot->attached;
    file->base = file->fd ? file->fd->base : rights_by_operations(file->stream);
    file->inheriting = file->fd ? file->fd->inheriting : 0;
    return rights & ~file->base ? WASI_NOTCAPABLE : WASI_SUCCESS;
}

enum wasi_errno wasi_find_directory(struct w2c_dagger *imports, uint32_t number, uint64_t rights,
                                    struct wasi_file *file)
{
    enum wasi_errno error = wasi_find(imports, number, 0, file);
    if (!error && !file->stream->ops->directory)
        return WASI_NOTDIR;
    return error ? error : rights & ~file->base ? WASI_NOTCAPABLE : WASI_SUCCESS;
}

/* `name`: of a pre-opened directory, or NULL. */
static enum wasi_errno add(struct w2c_dagger *imports, struct dagger_stream *stream, uint64_t base,
                           uint64_t inheriting, const char *name, uint32_t *number)
{
    struct wasi_file file;
    look_at(&file, stream);
    size_t name_len = name ? strlen(name) : 0;
    struct wasi_fd *fd = malloc(sizeof *fd + name_len);
    int32_t slot = fd ? dagger_process_add(&imports->process, stream, fd) : DAGGER_NOMEM;
    if (slot < 0) {
        free(fd);
        dagger_stream_close(stream, DAGGER_END_NORMAL);
        return wasi_from_stream(slot);
    }
    fd->base = base & sensible(&file);
    fd->inheriting = inheriting & (file.directory != &no_directory ? WASI_RIGHTS_ALL : 0);
    fd->is_preopen = name != NULL;
    fd->name_len = name_len;
    if (name)
        memcpy(fd->name, name, name_len);
    *number = (uint32_t)slot;
    return WASI_SUCCESS;
}

enum wasi_errno wasi_add(struct w2c_dagger *imports, struct dagger_stream *stream, uint64_t base,
                         uint64_t inheriting, uint32_t *number)
{
    return add(imports, stream, base, inheriting, NULL, number);
}

/* ---- What is given at the start ---------------------------------------------------------------
 */

const char *wasi_give_directory(struct w2c_dagger *imports, const char *given, size_t len,
                                char **host)
{
    *host = strndup(given, len);
    if (!*host)
        return strerror(ENOMEM);
    char *guest = strstr(*host, "::"), *how = guest ? strstr(guest + 2, "::") : NULL;
    if (guest == *host || !**host || (guest && (!guest[2] || guest + 2 == how)) ||
        (how && strcmp(how, "::ro") != 0))
        return "expected HOST, HOST::GUEST or HOST::GUEST::ro";
    if (guest) {
        *guest = '\0';
        guest += 2;
    }
    if (how)
        *how = '\0';
    const char *name = guest ? guest : *host;
    if (!dagger_policy_permits_directory(&imports->process.host, name, !how))
        return NULL;
    struct dagger_stream *stream;
    uint32_t number;
    int error = dagger_directory_open(*host, how != NULL, &stream);
    if (error)
        return strerror(-error);
    return add(imports, stream, WASI_RIGHTS_ALL, WASI_RIGHTS_ALL, name, &number)
               ? "too many directories"
               : NULL;
}

enum wasi_errno wasi_give_root(struct w2c_dagger *imports, const char *host)
{
    struct dagger_stream *stream;
    uint32_t number;
    int error = dagger_directory_open(host, false, &stream);
    return error ? wasi_from_host(error)
                 : add(imports, stream, WASI_RIGHTS_ALL, WASI_RIGHTS_ALL, "/", &number);
}

/* Nobody need be asked whether it may be opened. */
static int open_null(struct dagger_stream **stream)
{
    static const char null[] = "null://";
    static const struct dagger_host host;
    return dagger_stream_open(&host, null, sizeof null - 1, stream);
}

enum wasi_errno wasi_give_standard(struct w2c_dagger *imports, int fd, bool hosts)
{
    uint64_t rights = WASI_RIGHTS_ALL & ~(fd == 0 ? WASI_RIGHT(FD_WRITE) : WASI_RIGHT(FD_READ));
    struct dagger_stream *stream;
    uint32_t number;
    int error = hosts ? dagger_standard_open(fd, &stream) : open_null(&stream);
    if (hosts && (error == -EBADF || error == -EACCES)) {
        rights = 0;
        error = open_null(&stream);
    }
    return error ? WASI_IO : add(imports, stream, rights, 0, NULL, &number);
}
