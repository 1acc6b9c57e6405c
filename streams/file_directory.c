/* A directory, read: the names in it, one a line, in the order the file system gives them.
 *
 * A line is the name as a URL's path segment (RFC 3986, pchar): other bytes are percent-encoded, so
 * that no name can forge a line, and the directory's URL, "/" and the line make the entry's URL. A
 * directory has a "/" at its end; a symbolic link has none, whatever it leads to. Names are not
 * sorted: that would take as much memory as there are names.
 */
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct directory {
    struct dagger_stream stream;
    DIR *dir;
    char line[3 * NAME_MAX + sizeof "/\n"];
    size_t at, len; /* of the line: what was read of it, and all */
};

static bool is_segment_byte(unsigned char byte)
{
    if ((byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
        (byte >= '0' && byte <= '9'))
        return true;
    return byte && strchr("-._~!$&'()*+,;=:@", byte);
}

static bool is_directory(const struct directory *directory, const struct dirent *entry)
{
    struct stat st;
    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type == DT_DIR;
    return fstatat(dirfd(directory->dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(st.st_mode);
}

static void format_line(struct directory *directory, const struct dirent *entry)
{
    static const char hex[] = "0123456789ABCDEF";
    char *end = directory->line;
    /* A file system may have longer names than NAME_MAX; none of Linux's has. */
    size_t len = strnlen(entry->d_name, NAME_MAX);
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)entry->d_name[i];
        if (is_segment_byte(byte)) {
            *end++ = (char)byte;
        } else {
            *end++ = '%';
            *end++ = hex[byte >> 4];
            *end++ = hex[byte & 15];
        }
    }
    if (is_directory(directory, entry))
        *end++ = '/';
    *end++ = '\n';
    directory->at = 0;
    directory->len = (size_t)(end - directory->line);
}

/* Makes the next entry's line. Returns 1, 0 at the end, or an error. */
static int next_line(struct directory *directory)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(directory->dir);
        if (!entry)
            return errno ? dagger_error_from_errno(errno) : 0;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            format_line(directory, entry);
            return 1;
        }
    }
}

static int64_t directory_read(struct dagger_stream *stream, void *data, size_t len)
{
    struct directory *directory = (struct directory *)stream;
    size_t done = 0;
    while (done < len) {
        if (directory->at == directory->len) {
            int more = next_line(directory);
            if (more <= 0)
                return done ? (int64_t)done : more;
        }
        size_t part = directory->len - directory->at;
        if (part > len - done)
            part = len - done;
        memcpy((char *)data + done, directory->line + directory->at, part);
        directory->at += part;
        done += part;
    }
    return (int64_t)done;
}

static int directory_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    struct directory *directory = (struct directory *)stream;
    (void)ending;
    closedir(directory->dir);
    free(directory);
    return 0;
}

static const struct dagger_stream_ops directory_ops = {
    .kind = "file",
    .read = directory_read,
    .close = directory_close,
};

int dagger_directory_new(int fd, struct dagger_stream **out)
{
    struct directory *directory = calloc(1, sizeof *directory);
    DIR *dir = directory ? fdopendir(fd) : NULL;
    if (!dir) {
        int error = directory ? dagger_error_from_errno(errno) : DAGGER_NOMEM;
        close(fd);
        free(directory);
        return error;
    }
    directory->stream.ops = &directory_ops;
    directory->dir = dir;
    *out = &directory->stream;
    return 0;
}
