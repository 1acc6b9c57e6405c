/* FIFOs, devices and sockets. Nothing hangs: every test has a time limit. */
#include "place.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

TestSuite(file_special, .init = place_setup, .fini = place_teardown, .timeout = 20);

static void *write_fifo(void *arg)
{
    const char *text = arg;
    int fd = openat(root, "p", O_WRONLY | O_CLOEXEC); /* waits for a reader */
    if (fd >= 0) {
        ssize_t count = write(fd, text, strlen(text));
        (void)count;
        close(fd);
    }
    return NULL;
}

static void fifo_read(void)
{
    unlinkat(root, "p", 0);
    cr_assert(mkfifoat(root, "p", 0644) == 0);
    struct dagger_stream *stream = must_open("/p"); /* there is no writer yet */
    static char sent[] = "through a pipe";
    pthread_t writer;
    cr_assert(pthread_create(&writer, NULL, write_fifo, sent) == 0);
    char *text = read_all(stream);
    cr_assert(strcmp(text, sent) == 0, "\"%s\"", text);
    free(text);
    pthread_join(writer, NULL);
    must_close(stream);

    /* Closing without reading does not wait either. */
    must_close(must_open("/p"));
}

Test(file_special, fifo_is_read_when_a_writer_comes)
{
    both_ways(fifo_read);
}

/* A writer that came and went without a byte is an end, as after a waiting open(). */
Test(file_special, fifo_with_a_silent_writer_ends)
{
    cr_assert(mkfifoat(root, "p", 0644) == 0);
    struct dagger_stream *stream = must_open("/p");
    int fd = openat(root, "p", O_WRONLY | O_CLOEXEC);
    cr_assert(fd >= 0);
    close(fd);
    char byte;
    cr_assert(dagger_stream_read(stream, &byte, 1) == 0);
    must_close(stream);
}

Test(file_special, fifo_without_a_reader)
{
    cr_assert(mkfifoat(root, "p", 0644) == 0);
    fails_to_open("/p?mode=w", DAGGER_PIPE);
    fails_to_open("/p?mode=a", DAGGER_PIPE);
    fails_to_open("/p?mode=rw", DAGGER_NOTSUP);
    fails_to_open("/p?mode=x", DAGGER_EXIST);
    fails_to_open("/p?mode=w&atomic=1", DAGGER_NOTSUP);
    fails_to_open("/p?offset=1", DAGGER_NOTSUP);
}

Test(file_special, fifo_written_record_by_record)
{
    char text[16] = "";
    signal(SIGPIPE, SIG_IGN);
    cr_assert(mkfifoat(root, "p", 0644) == 0);
    int reader = openat(root, "p", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    fails_to_open("/p?mode=w&sync=1", DAGGER_NOTSUP);
    struct dagger_stream *stream = must_open("/p?mode=w");
    must_write(stream, "one");
    cr_assert(read(reader, text, sizeof text) == 3, "not held back");
    close(reader);
    cr_assert(dagger_stream_write(stream, "two", 3) == DAGGER_PIPE);
    must_close(stream);
}

static void *drain_fifo(void *arg)
{
    static char buffer[65536];
    size_t *total = arg;
    int fd = openat(root, "p", O_RDONLY | O_CLOEXEC);
    for (ssize_t count; (count = read(fd, buffer, sizeof buffer)) > 0;)
        *total += (size_t)count;
    close(fd);
    return NULL;
}

/* More than a pipe holds: writes wait for the reader although the open did not. */
Test(file_special, fifo_larger_than_its_buffer)
{
    enum { SIZE = 4 << 20 };
    cr_assert(mkfifoat(root, "p", 0644) == 0);
    char *data = calloc(1, SIZE);
    size_t total = 0;
    pthread_t reader;
    struct dagger_stream *stream;
    cr_assert(pthread_create(&reader, NULL, drain_fifo, &total) == 0);
    int error;
    while ((error = try_open("/p?mode=w", &stream)) == DAGGER_PIPE)
        ; /* until the reader is there */
    cr_assert(error == 0);
    cr_assert(dagger_stream_write(stream, data, SIZE) == SIZE);
    must_close(stream);
    pthread_join(reader, NULL);
    cr_assert(total == SIZE);
    free(data);
}

static void sockets(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "s"};
    cr_assert(fchdir(root) == 0);
    unlink("s");
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert(bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    cr_assert(listen(fd, 1) == 0);
    fails_to_open("/s", DAGGER_NOTSUP);
    fails_to_open("/s?mode=w", DAGGER_NOTSUP);
    fails_to_open("/s?mode=rw", DAGGER_NOTSUP);
    fails_to_open("/s?mode=w&atomic=1", DAGGER_NOTSUP);
    fails_to_open("/s?mode=x", DAGGER_EXIST);
    close(fd);
}

Test(file_special, sockets_are_refused)
{
    both_ways(sockets);
}

Test(file_special, devices)
{
    char bytes[4096];
    host.root = "/dev";
    struct dagger_stream *stream = must_open("/zero");
    memset(bytes, 1, sizeof bytes);
    cr_assert(dagger_stream_read(stream, bytes, sizeof bytes) == sizeof bytes);
    cr_assert(bytes[0] == 0 && !memcmp(bytes, bytes + 1, sizeof bytes - 1));
    must_close(stream);
    reads_as("/null", "");

    stream = must_open("/null?mode=rw");
    must_write(stream, "gone");
    cr_assert(dagger_stream_read(stream, bytes, 1) == 0);
    must_close(stream);

    fails_to_open("/zero?offset=1", DAGGER_NOTSUP);
    fails_to_open("/null?mode=w&sync=1", DAGGER_NOTSUP);
    fails_to_open("/null?mode=w&atomic=1", DAGGER_NOTSUP);
    fails_to_open("/null?mode=x", DAGGER_EXIST);
}

Test(file_special, full_device)
{
    host.root = "/dev";
    struct dagger_stream *stream = must_open("/full?mode=w");
    cr_assert(dagger_stream_write(stream, "x", 1) == DAGGER_NOSPACE);
    must_close(stream);
}

/* A terminal does not become the process's own, and opening it does not wait for a line. */
Test(file_special, terminal)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
        cr_skip_test("no pseudo-terminals here");
    cr_assert(setsid() > 0 || getsid(0) == getpid());
    host.root = "/dev";
    struct dagger_stream *stream = must_open(ptsname(master) + strlen("/dev"));
    cr_assert(open("/dev/tty", O_RDWR | O_CLOEXEC) < 0, "got a controlling terminal");
    cr_assert(write(master, "typed\n", 6) == 6);
    char text[16] = "";
    cr_assert(dagger_stream_read(stream, text, sizeof text) == 6);
    cr_assert(memcmp(text, "typed\n", 6) == 0);
    must_close(stream);
    close(master);
}
