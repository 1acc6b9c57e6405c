/* The streams of embedded modules are their instances' own, and no signal ends the program. */
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "io.h"

static int32_t open_url(struct dagger_instance *io, const char *url)
{
    int32_t sd = -99;
    CHECK(dagger_memory_write(io, 0, url, strlen(url)) == 0);
    CHECK(io_open(io, 0, (int32_t)strlen(url), &sd) == 0);
    return sd;
}

static int32_t write_text(struct dagger_instance *io, int32_t sd, const char *text)
{
    int32_t n = -99;
    CHECK(dagger_memory_write(io, 1000, text, strlen(text)) == 0);
    CHECK(io_write(io, sd, 1000, (int32_t)strlen(text), &n) == 0);
    return n;
}

static void files(void)
{
    struct dagger_instance *one, *other;
    struct dagger_options options = {.root = "one"};
    char found[6] = "";
    int32_t n;
    CHECK(mkdir("one", 0777) == 0);
    CHECK(dagger_instance_new(&io_module, &options, &one) == 0);
    CHECK(dagger_instance_new(&io_module, NULL, &other) == 0);
    CHECK(open_url(one, "file:///a?mode=w") == 0);
    CHECK(open_url(other, "file:///a") == -7);
    CHECK(write_text(one, 0, "hello") == 5 && write_text(one, 0, "!") == 1);
    CHECK(io_flush(one, 0, &n) == 0 && n == 0);
    CHECK(open_url(other, "file:///one/a") == 0);
    CHECK(io_read(other, 0, 2000, 100, &n) == 0 && n == 6);
    CHECK(dagger_memory_read(other, 2000, found, 5) == 0 && strcmp(found, "hello") == 0);
    CHECK(io_read(other, 0, 131072 - 3, 4, &n) == 0 && n == -5);
    CHECK(io_close(other, 0, &n) == 0 && n == 0);

    /* What was promised whole or not at all is not there after a trap. */
    CHECK(open_url(one, "file:///whole?mode=w&atomic=1") == 1);
    CHECK(open_url(other, "file:///whole?mode=w&atomic=1") == 0);
    CHECK(write_text(one, 1, "half") == 4 && write_text(other, 0, "all") == 3);
    CHECK(io_abort(one) == DAGGER_RESULT_UNREACHABLE);
    CHECK(dagger_instance_free(one) == 0 && dagger_instance_free(other) == 0);
    CHECK(access("one/whole", F_OK) != 0 && access("whole", F_OK) == 0);
}

static void broken_pipe(void)
{
    struct dagger_instance *io;
    int ends[2], old = dup(1);
    CHECK(pipe(ends) == 0 && dup2(ends[1], 1) == 1);
    close(ends[0]), close(ends[1]);
    CHECK(dagger_instance_new(&io_module, NULL, &io) == 0);
    CHECK(open_url(io, "stdout://") == 0);
    CHECK(write_text(io, 0, "nobody reads this") == 17);
    int32_t n;
    CHECK(io_flush(io, 0, &n) == 0 && n == -17);
    CHECK_RESULT(dagger_instance_free(io), DAGGER_RESULT_UNDELIVERED, "not all output was");
    CHECK(dup2(old, 1) == 1);
}

int main(void)
{
    files();
    broken_pipe();
    struct dagger_instance *io;
    int32_t n;
    CHECK(dagger_instance_new(&io_module, NULL, &io) == 0);
    CHECK(open_url(io, "stdout://") == 0);
    CHECK(write_text(io, 0, "delivered\n") == 10);
    for (const char *c = "byte by byte\n"; *c; c++) {
        char one[2] = {*c, 0};
        CHECK(write_text(io, 0, one) == 1);
    }
    CHECK(io_down(io, 1, &n) == DAGGER_RESULT_STACK_EXHAUSTED);
    CHECK(dagger_instance_free(io) == 0);
    return 0;
}
