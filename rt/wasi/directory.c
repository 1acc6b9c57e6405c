/* Directories: which ones the guest was given, and what is in them. */
#include <dirent.h>

#include "wasi.h"

/* Guests find the end of their directories by BADF, so that nothing else answers anything else. */
static enum wasi_errno find_preopen(struct w2c_dagger *imports, uint32_t fd, struct wasi_file *file)
{
    enum wasi_errno error = wasi_find(imports, fd, 0, file);
    return error || !file->fd || !file->fd->is_preopen ? WASI_BADF : WASI_SUCCESS;
}

uint32_t wasi_fd_prestat_get(struct w2c_dagger *imports, uint32_t fd, uint32_t at)
{
    enum { PRESTAT_SIZE = 8 };
    struct wasi_file file;
    enum wasi_errno error = find_preopen(imports, fd, &file);
    uint8_t *out = wasi_at(imports, at, PRESTAT_SIZE);
    if (error)
        return error;
    if (!out)
        return WASI_FAULT;
    wasi_put32(out, 0); /* a directory: there is no other kind */
    wasi_put32(out + 4, (uint32_t)file.fd->name_len);
    return WASI_SUCCESS;
}

uint32_t wasi_fd_prestat_dir_name(struct w2c_dagger *imports, uint32_t fd, uint32_t at,
                                  uint32_t len)
{
    struct wasi_file file;
    enum wasi_errno error = find_preopen(imports, fd, &file);
    if (error)
        return error;
    if (len < file.fd->name_len)
        return WASI_NAMETOOLONG;
    uint8_t *out = wasi_at(imports, at, (uint32_t)file.fd->name_len);
    if (!out)
        return WASI_FAULT;
    memcpy(out, file.fd->name, file.fd->name_len);
    return WASI_SUCCESS;
}

static enum wasi_filetype entry_type(unsigned char type)
{
    switch (type) {
    case DT_BLK:
        return WASI_FILETYPE_BLOCK_DEVICE;
    case DT_CHR:
        return WASI_FILETYPE_CHARACTER_DEVICE;
    case DT_DIR:
        return WASI_FILETYPE_DIRECTORY;
    case DT_REG:
        return WASI_FILETYPE_REGULAR_FILE;
    case DT_LNK:
        return WASI_FILETYPE_SYMBOLIC_LINK;
    case DT_SOCK:
        return WASI_FILETYPE_SOCKET_STREAM;
    default:
        return WASI_FILETYPE_UNKNOWN;
    }
}

/* Entries one behind the other, the last one cut where the room ends: a full buffer says that there
 * may be more. */
uint32_t wasi_fd_readdir(struct w2c_dagger *imports, uint32_t fd, uint32_t data, uint32_t size,
                         uint64_t cookie, uint32_t used_at)
{
    enum { DIRENT_SIZE = 24 };
    struct wasi_file file;
    enum wasi_errno error = wasi_find_directory(imports, fd, WASI_RIGHT(FD_READDIR), &file);
    uint8_t *out = wasi_at(imports, data, size), *used = wasi_at(imports, used_at, 4);
    if (error)
        return error;
    if (!out || !used)
        return WASI_FAULT;
    uint32_t done = 0;
    while (done < size) {
        struct dagger_entry entry;
        int more = file.directory->list(file.stream, cookie, &entry);
        /* What was found before an error is not lost: the next call starts at the error. */
        if (more < 0 && done == 0)
            return wasi_from_host(more);
        if (more <= 0)
            break;
        uint8_t head[DIRENT_SIZE] = {0};
        wasi_put64(head, entry.next);
        wasi_put64(head + 8, entry.inode);
        wasi_put32(head + 16, (uint32_t)entry.len);
        head[20] = (uint8_t)entry_type(entry.type);
        size_t part = size - done < DIRENT_SIZE ? size - done : DIRENT_SIZE;
        memcpy(out + done, head, part);
        done += (uint32_t)part;
        part = size - done < entry.len ? size - done : entry.len;
        memcpy(out + done, entry.name, part);
        done += (uint32_t)part;
        cookie = entry.next;
    }
    wasi_put32(used, done);
    return WASI_SUCCESS;
}
