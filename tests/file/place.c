#include "place.h"

#include "streams/kinds.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct dagger_host host;
int root = -1, outside = -1;

static char base[PATH_MAX];
static char root_dir[PATH_MAX];

static int must_open_directory(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    cr_assert(fd >= 0, "%s: %m", path);
    return fd;
}

void place_setup(void)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(base, sizeof base, "%.3000s/dagger-file-XXXXXX", tmp ? tmp : "/tmp");
    cr_assert(mkdtemp(base), "%s: %m", base);
    cr_assert(chmod(base, 0755) == 0); /* tests change their user */
    cr_assert(mkdir(root_path(""), 0755) == 0);
    cr_assert(mkdir(outside_path(""), 0755) == 0);
    root = must_open_directory(root_path(""));
    outside = must_open_directory(outside_path(""));
    put(outside, "secret", SECRET);
    snprintf(root_dir, sizeof root_dir, "%.4000s/root", base);
    host = (struct dagger_host){.root = root_dir};
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st, (void)type, (void)walk;
    return remove(path);
}

void place_teardown(void)
{
    holds(outside, "secret", SECRET);
    close(root);
    close(outside);
    nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *path_in(const char *dir, const char *name)
{
    static char paths[4][PATH_MAX];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, PATH_MAX, "%.3500s/%s/%.500s", base, dir, name);
    return path;
}

const char *root_path(const char *name)
{
    return path_in("root", name);
}

const char *outside_path(const char *name)
{
    return path_in("outside", name);
}

int try_open(const char *rest, struct dagger_stream **out)
{
    static struct dagger_url url;
    char text[DAGGER_URL_MAX + 1];
    int len = snprintf(text, sizeof text, "file://%s", rest);
    cr_assert(len > 0 && (size_t)len < sizeof text);
    int error = dagger_url_parse(&url, text, (size_t)len);
    return error ? error : dagger_file_open(&host, &url, out);
}

struct dagger_stream *must_open(const char *rest)
{
    struct dagger_stream *stream = NULL;
    int error = try_open(rest, &stream);
    cr_assert(error == 0, "file://%s: %s", rest, dagger_error_name(error));
    cr_assert(stream != NULL);
    return stream;
}

void fails_to_open(const char *rest, int expected)
{
    struct dagger_stream *stream = NULL;
    int error = try_open(rest, &stream);
    if (error == 0)
        dagger_stream_close(stream, DAGGER_END_TRAP);
    cr_assert(error == expected, "file://%.100s: %s, expected %s", rest, dagger_error_name(error),
              dagger_error_name(expected));
}

void must_write(struct dagger_stream *stream, const char *text)
{
    int64_t count = dagger_stream_write(stream, text, strlen(text));
    cr_assert(count == (int64_t)strlen(text), "wrote %jd of %zu", (intmax_t)count, strlen(text));
}

void must_close(struct dagger_stream *stream)
{
    int error = dagger_stream_close(stream, DAGGER_END_NORMAL);
    cr_assert(error == 0, "close: %s", dagger_error_name(error));
}

char *read_all(struct dagger_stream *stream)
{
    size_t len = 0, cap = 1 << 16;
    char *text = malloc(cap);
    for (;;) {
        cr_assert(text != NULL);
        int64_t count = dagger_stream_read(stream, text + len, cap - len - 1);
        cr_assert(count >= 0, "read: %s", dagger_error_name((int)count));
        if (!count)
            break;
        len += (size_t)count;
        if (len + 1 == cap)
            text = realloc(text, cap *= 2);
    }
    text[len] = '\0';
    return text;
}

void reads_as(const char *rest, const char *text)
{
    struct dagger_stream *stream = must_open(rest);
    char *found = read_all(stream);
    cr_assert(strcmp(found, text) == 0, "file://%s: \"%s\", expected \"%s\"", rest, found, text);
    free(found);
    must_close(stream);
}

void put(int dir, const char *name, const char *text)
{
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    cr_assert(fd >= 0, "%s: %m", name);
    cr_assert(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

void holds(int dir, const char *name, const char *text)
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
    cr_assert(fd >= 0, "%s: %m", name);
    size_t len = strlen(text);
    char *found = calloc(1, len + 2);
    ssize_t count = read(fd, found, len + 1);
    cr_assert(count == (ssize_t)len && strcmp(found, text) == 0,
              "%s holds \"%.100s\", expected \"%.100s\"", name, found, text);
    free(found);
    close(fd);
}

bool exists(int dir, const char *name)
{
    struct stat st;
    return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int entries(int dir)
{
    int count = 0;
    DIR *d = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    cr_assert(d != NULL);
    while (readdir(d))
        count++;
    closedir(d);
    return count - 2; /* "." and ".." */
}

void both_ways(void (*body)(void))
{
    dagger_file_lacks.openat2 = false;
    body();
    cr_assert(!dagger_file_lacks.openat2, "this kernel has no openat2: only the walk was tested");
    dagger_file_lacks.openat2 = true;
    body();
}
