#include "node_place.h"

#include <string.h>

struct dagger_stream *top;

void node_setup(void)
{
    place_setup();
    top = host_directory(root_path(""), false);
}

void node_teardown(void)
{
    must_close(top);
    place_teardown();
}

const struct dagger_directory_ops *names_of(struct dagger_stream *dir)
{
    cr_assert(dir->ops->directory != NULL);
    return dir->ops->directory;
}

const struct dagger_node_ops *node_of(struct dagger_stream *stream)
{
    cr_assert(stream->ops->node != NULL);
    return stream->ops->node;
}

struct dagger_stream *open_beneath(struct dagger_stream *dir, const char *path, int flags)
{
    struct dagger_stream *stream = NULL;
    int error = names_of(dir)->open(dir, path, flags, &stream);
    cr_assert(error == 0, "%s: %s", path, strerror(-error));
    return stream;
}

int try_beneath(struct dagger_stream *dir, const char *path, int flags)
{
    struct dagger_stream *stream;
    int error = names_of(dir)->open(dir, path, flags, &stream);
    if (!error)
        must_close(stream);
    return error;
}

struct dagger_stream *host_directory(const char *path, bool read_only)
{
    struct dagger_stream *stream = NULL;
    int error = dagger_directory_open(path, read_only, &stream);
    cr_assert(error == 0, "%s: %s", path, strerror(-error));
    return stream;
}

void gives(int64_t result, int64_t want, const char *call, int line)
{
    cr_assert(result == want, "line %d: %s gives %jd (%s), expected %jd (%s)", line, call,
              (intmax_t)result, result < 0 ? strerror((int)-result) : "", (intmax_t)want,
              want < 0 ? strerror((int)-want) : "");
}
