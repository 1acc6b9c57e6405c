/* path_*: names beneath a directory that the guest holds open. That they stay there is the stream
 * kind's work (node.h). */
#include <fcntl.h>
#include <limits.h>

#include "stat.h"
#include "wasi.h"

/* A path of the guest's: a copy, since the guest's has no NUL at its end. Any bytes may be in it
 * that may be in a name of the host's. */
static enum wasi_errno take_path(struct w2c_dagger *imports, uint32_t at, uint32_t len,
                                 char path[PATH_MAX])
{
    const uint8_t *text = wasi_at(imports, at, len);
    if (!text)
        return WASI_FAULT;
    if (len >= PATH_MAX)
        return WASI_NAMETOOLONG;
    if (memchr(text, '\0', len))
        return WASI_INVAL;
    memcpy(path, text, len);
    path[len] = '\0';
    return len ? WASI_SUCCESS : WASI_NOENT;
}

/* A directory and a path beneath it. */
struct place {
    struct wasi_file dir;
    char path[PATH_MAX];
};

static enum wasi_errno find_place(struct w2c_dagger *imports, uint32_t fd, uint64_t rights,
                                  uint32_t at, uint32_t len, struct place *place)
{
    enum wasi_errno error = wasi_find_directory(imports, fd, rights, &place->dir);
    return error ? error : take_path(imports, at, len, place->path);
}

static bool bad_lookup(uint32_t lookup)
{
    return (lookup & ~(uint32_t)WASI_LOOKUP_FOLLOW) != 0;
}

/* ---- Changing names ---------------------------------------------------------------------------
 */

uint32_t wasi_path_create_directory(struct w2c_dagger *imports, uint32_t fd, uint32_t path,
                                    uint32_t len)
{
    struct place place;
    enum wasi_errno error =
        find_place(imports, fd, WASI_RIGHT(PATH_CREATE_DIRECTORY), path, len, &place);
    return error ? error
                 : wasi_result(place.dir.directory->make_directory(place.dir.stream, place.path));
}

uint32_t wasi_path_remove_directory(struct w2c_dagger *imports, uint32_t fd, uint32_t path,
                                    uint32_t len)
{
    struct place place;
    enum wasi_errno error =
        find_place(imports, fd, WASI_RIGHT(PATH_REMOVE_DIRECTORY), path, len, &place);
    return error ? error
                 : wasi_result(place.dir.directory->remove_directory(place.dir.stream, place.path));
}

uint32_t wasi_path_unlink_file(struct w2c_dagger *imports, uint32_t fd, uint32_t path, uint32_t len)
{
    struct place place;
    enum wasi_errno error =
        find_place(imports, fd, WASI_RIGHT(PATH_UNLINK_FILE), path, len, &place);
    return error ? error : wasi_result(place.dir.directory->unlink(place.dir.stream, place.path));
}

uint32_t wasi_path_rename(struct w2c_dagger *imports, uint32_t fd, uint32_t path, uint32_t len,
                          uint32_t new_fd, uint32_t new_path, uint32_t new_len)
{
    struct place from, to;
    enum wasi_errno error =
        find_place(imports, fd, WASI_RIGHT(PATH_RENAME_SOURCE), path, len, &from);
    if (!error)
        error = find_place(imports, new_fd, WASI_RIGHT(PATH_RENAME_TARGET), new_path, new_len, &to);
    return error ? error
                 : wasi_result(from.dir.directory->rename(from.dir.stream, from.path, to.dir.stream,
                                                          to.path));
}

uint32_t wasi_path_link(struct w2c_dagger *imports, uint32_t fd, uint32_t lookup, uint32_t path,
                        uint32_t len, uint32_t new_fd, uint32_t new_path, uint32_t new_len)
{
    struct place from, to;
    enum wasi_errno error = find_place(imports, fd, WASI_RIGHT(PATH_LINK_SOURCE), path, len, &from);
    if (!error)
        error = find_place(imports, new_fd, WASI_RIGHT(PATH_LINK_TARGET), new_path, new_len, &to);
    if (!error && bad_lookup(lookup))
        error = WASI_INVAL;
    return error ? error
                 : wasi_result(from.dir.directory->link(from.dir.stream, from.path, lookup != 0,
                                                        to.dir.stream, to.path));
}

uint32_t wasi_path_symlink(struct w2c_dagger *imports, uint32_t target, uint32_t target_len,
                           uint32_t fd, uint32_t path, uint32_t len)
{
    struct place place;
    char text[PATH_MAX];
    enum wasi_errno error = find_place(imports, fd, WASI_RIGHT(PATH_SYMLINK), path, len, &place);
    if (!error)
        error = take_path(imports, target, target_len, text);
    return error
               ? error
               : wasi_result(place.dir.directory->make_symlink(place.dir.stream, text, place.path));
}

uint32_t wasi_path_readlink(struct w2c_dagger *imports, uint32_t fd, uint32_t path, uint32_t len,
                            uint32_t data, uint32_t size, uint32_t used_at)
{
    struct place place;
    enum wasi_errno error = find_place(imports, fd, WASI_RIGHT(PATH_READLINK), path, len, &place);
    uint8_t *out = wasi_at(imports, data, size), *used = wasi_at(imports, used_at, 4);
    if (error)
        return error;
    if (!out || !used)
        return WASI_FAULT;
    char text[PATH_MAX];
    int64_t count = place.dir.directory->read_link(place.dir.stream, place.path, text, sizeof text);
    if (count < 0)
        return wasi_from_host(count);
    uint32_t given = (uint64_t)count < size ? (uint32_t)count : size;
    memcpy(out, text, given);
    wasi_put32(used, given);
    return WASI_SUCCESS;
}

/* ---- What a name stands for -------------------------------------------------------------------
 */

static uint32_t path_filestat(struct w2c_dagger *imports, uint32_t fd, uint32_t lookup,
                              uint32_t path, uint32_t len, uint32_t at, bool unstable)
{
    struct place place;
    struct stat st;
    enum wasi_errno error =
        find_place(imports, fd, WASI_RIGHT(PATH_FILESTAT_GET), path, len, &place);
    if (error)
        return error;
    if (bad_lookup(lookup))
        return WASI_INVAL;
    int host = place.dir.directory->stat(place.dir.stream, place.path, lookup != 0, &st);
    return host ? wasi_from_host(host) : wasi_put_filestat(imports, at, &st, unstable);
}

uint32_t wasi_path_filestat_get(struct w2c_dagger *imports, uint32_t fd, uint32_t lookup,
                                uint32_t path, uint32_t len, uint32_t at)
{
    return path_filestat(imports, fd, lookup, path, len, at, false);
}

uint32_t wasi_unstable_path_filestat_get(struct w2c_dagger *imports, uint32_t fd, uint32_t lookup,
                                         uint32_t path, uint32_t len, uint32_t at)
{
    return path_filestat(imports, fd, lookup, path, len, at, true);
}

uint32_t wasi_path_filestat_set_times(struct w2c_dagger *imports, uint32_t fd, uint32_t lookup,
                                      uint32_t path, uint32_t len, uint64_t access,
                                      uint64_t modification, uint32_t flags)
{
    struct place place;
    struct timespec times[2];
    enum wasi_errno error =
        find_place(imports, fd, WASI_RIGHT(PATH_FILESTAT_SET_TIMES), path, len, &place);
    if (error)
        return error;
    if (bad_lookup(lookup) || !wasi_times(access, modification, flags, times))
        return WASI_INVAL;
    return wasi_result(
        place.dir.directory->set_times(place.dir.stream, place.path, lookup != 0, times));
}

/* ---- path_open --------------------------------------------------------------------------------
 */

enum { OFLAG_CREAT = 1, OFLAG_DIRECTORY = 2, OFLAG_EXCL = 4, OFLAG_TRUNC = 8, OFLAGS_ALL = 15 };

/* What is asked for by rights is the access mode of POSIX. A directory is only ever read. */
static int access_mode(uint64_t rights, uint32_t oflags)
{
    const uint64_t reading = WASI_RIGHT(FD_READ) | WASI_RIGHT(FD_READDIR),
                   writing = WASI_RIGHT(FD_WRITE) | WASI_RIGHT(FD_DATASYNC) |
                             WASI_RIGHT(FD_ALLOCATE) | WASI_RIGHT(FD_FILESTAT_SET_SIZE);
    if (!(rights & writing) || (oflags & OFLAG_DIRECTORY))
        return O_RDONLY;
    return rights & reading ? O_RDWR : O_WRONLY;
}

static int open_flags(uint32_t lookup, uint32_t oflags, uint64_t rights, uint32_t fdflags)
{
    static const int flags[] = {O_CREAT, O_DIRECTORY, O_EXCL, O_TRUNC};
    int host = access_mode(rights, oflags) | wasi_flags_to_host(fdflags);
    for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++)
        if (oflags >> i & 1)
            host |= flags[i];
    return host | (lookup & WASI_LOOKUP_FOLLOW ? 0 : O_NOFOLLOW);
}

uint32_t wasi_path_open(struct w2c_dagger *imports, uint32_t fd, uint32_t lookup, uint32_t path,
                        uint32_t len, uint32_t oflags, uint64_t base, uint64_t inheriting,
                        uint32_t fdflags, uint32_t at)
{
    struct place place;
    uint64_t needed = WASI_RIGHT(PATH_OPEN) |
                      (oflags & OFLAG_CREAT ? WASI_RIGHT(PATH_CREATE_FILE) : 0) |
                      (oflags & OFLAG_TRUNC ? WASI_RIGHT(PATH_FILESTAT_SET_SIZE) : 0);
    enum wasi_errno error = find_place(imports, fd, needed, path, len, &place);
    uint8_t *result = wasi_at(imports, at, 4);
    if (error)
        return error;
    if (bad_lookup(lookup) || oflags & ~(uint32_t)OFLAGS_ALL ||
        fdflags & ~(uint32_t)WASI_FDFLAGS_ALL ||
        (oflags & OFLAG_DIRECTORY && oflags & (OFLAG_CREAT | OFLAG_EXCL | OFLAG_TRUNC)))
        return WASI_INVAL;
    if (!result)
        return WASI_FAULT;
    /* Bits that are no rights mean nothing; all else must be the directory's to give. */
    base &= WASI_RIGHTS_ALL;
    inheriting &= WASI_RIGHTS_ALL;
    if ((base | inheriting) & ~place.dir.inheriting)
        return WASI_NOTCAPABLE;
    struct dagger_stream *stream;
    int host = place.dir.directory->open(place.dir.stream, place.path,
                                         open_flags(lookup, oflags, base, fdflags), &stream);
    if (host < 0)
        return wasi_from_host(host);
    uint32_t number;
    error = wasi_add(imports, stream, base, inheriting, &number);
    if (!error)
        wasi_put32(result, number);
    return error;
}
