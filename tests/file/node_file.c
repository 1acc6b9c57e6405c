/* Files opened beneath a directory, FIFOs among them, and the directory's own operations. */
#include "node_place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(node_file, .init = node_setup, .fini = node_teardown, .timeout = 20);

static int64_t transfer(struct dagger_stream *file, bool write, char *text, int64_t offset)
{
    /* In two pieces, with an empty one between. */
    size_t len = strlen(text), half = len / 2;
    struct iovec data[] = {{text, half}, {NULL, 0}, {text + half, len - half}};
    return write ? node_of(file)->write_vector(file, data, 3, offset)
                 : node_of(file)->read_vector(file, data, 3, offset);
}

static int64_t writes(struct dagger_stream *file, const char *text, int64_t offset)
{
    char copy[64] = "";
    memcpy(copy, text, strlen(text));
    return transfer(file, true, copy, offset);
}

static void reads(struct dagger_stream *file, const char *want, int64_t offset)
{
    char text[] = "################";
    size_t len = strlen(want);
    GIVES(transfer(file, false, text, offset), (int64_t)len);
    cr_assert(memcmp(text, want, len) == 0, "\"%s\", expected \"%s\"", text, want);
}

Test(node_file, transfers_and_positions)
{
    struct dagger_stream *file = open_beneath(top, "f", O_RDWR | O_CREAT);
    const struct dagger_node_ops *ops = node_of(file);
    GIVES(writes(file, "hello world", -1), 11);
    holds(root, "f", "hello world"); /* nothing is held back */
    GIVES(ops->seek(file, 0, SEEK_CUR), 11);
    GIVES(writes(file, "J", 0), 1);
    GIVES(ops->seek(file, 0, SEEK_CUR), 11);
    GIVES(ops->seek(file, -5, SEEK_END), 6);
    reads(file, "world", -1);
    reads(file, "", -1);
    reads(file, "Jello world", 0);
    reads(file, "", 100);
    GIVES(ops->seek(file, 3, SEEK_SET), 3);
    GIVES(ops->seek(file, -4, SEEK_CUR), -EINVAL);
    GIVES(ops->seek(file, 0, 77), -EINVAL);
    GIVES(ops->seek(file, INT64_MIN, SEEK_SET), -EINVAL);
    cr_assert(ops->seek(file, INT64_MAX, SEEK_END) < 0);
    GIVES(writes(file, "x", -2), -EINVAL);
    char text[8] = "";
    cr_assert(dagger_stream_read(file, text, 2) == 2 && strcmp(text, "lo") == 0);
    cr_assert(dagger_stream_write(file, "W", 1) == 1);
    must_close(file);
    holds(root, "f", "JelloWworld");

    file = open_beneath(top, "f", O_RDONLY);
    GIVES(writes(file, "x", -1), -EBADF);
    cr_assert(dagger_stream_write(file, "x", 1) == DAGGER_NOTSUP);
    must_close(file);
    file = open_beneath(top, "f", O_WRONLY | O_APPEND);
    cr_assert(dagger_stream_read(file, text, 1) == DAGGER_NOTSUP);
    GIVES(transfer(file, false, text, -1), -EBADF);
    GIVES(writes(file, "!", -1), 1);
    must_close(file);
    holds(root, "f", "JelloWworld!");
}

Test(node_file, size_and_times)
{
    struct timespec times[2] = {{.tv_sec = 1000, .tv_nsec = 5}, {.tv_nsec = UTIME_OMIT}};
    struct dagger_stream *file = open_beneath(top, "f", O_RDWR | O_CREAT);
    const struct dagger_node_ops *ops = node_of(file);
    struct stat st;
    GIVES(ops->set_size(file, 10), 0);
    GIVES(ops->allocate(file, 5, 15), 0);
    GIVES(ops->set_times(file, times), 0);
    GIVES(ops->stat(file, &st), 0);
    cr_assert(st.st_size == 20 && st.st_atim.tv_sec == 1000 && st.st_atim.tv_nsec == 5);
    cr_assert(st.st_mtim.tv_sec > 1000);
    times[0].tv_nsec = 1000000000;
    GIVES(ops->set_times(file, times), -EINVAL);
    GIVES(ops->set_size(file, -1), -EINVAL);
    GIVES(ops->set_size(file, INT64_MAX), -EFBIG);
    GIVES(ops->allocate(file, 0, 0), -EINVAL);
    GIVES(ops->allocate(file, -1, 1), -EINVAL);
    GIVES(ops->allocate(file, INT64_MAX, INT64_MAX), -EFBIG);
    GIVES(ops->advise(file, 0, 10, POSIX_FADV_SEQUENTIAL), 0);
    GIVES(ops->advise(file, 0, 10, 77), -EINVAL);
    GIVES(ops->sync(file, false), 0);
    GIVES(ops->sync(file, true), 0);
    must_close(file);
    file = open_beneath(top, "f", O_RDONLY);
    GIVES(ops->set_size(file, 1), -EINVAL);
    GIVES(ops->allocate(file, 0, 1), -EBADF);
    must_close(file);
}

Test(node_file, flags)
{
    struct dagger_stream *file = open_beneath(top, "f", O_RDWR | O_CREAT | O_DSYNC);
    const struct dagger_node_ops *ops = node_of(file);
    GIVES(ops->get_flags(file), O_RDWR | O_DSYNC);
    GIVES(ops->set_flags(file, O_APPEND), -EINVAL); /* would change O_DSYNC */
    GIVES(ops->set_flags(file, O_DSYNC | O_NOATIME), -EINVAL);
    GIVES(ops->set_flags(file, O_DSYNC | O_SYNC), -EINVAL);
    GIVES(ops->set_flags(file, O_APPEND | O_NONBLOCK | O_DSYNC), 0);
    GIVES(ops->get_flags(file), O_RDWR | O_DSYNC | O_APPEND | O_NONBLOCK);
    GIVES(writes(file, "one", -1), 3);
    GIVES(ops->seek(file, 0, SEEK_SET), 0);
    GIVES(writes(file, "two", -1), 3);
    GIVES(ops->set_flags(file, O_DSYNC), 0);
    GIVES(ops->get_flags(file), O_RDWR | O_DSYNC);
    GIVES(ops->seek(file, 0, SEEK_SET), 0);
    GIVES(writes(file, "T", -1), 1);
    must_close(file);
    holds(root, "f", "Tnetwo");

    GIVES(try_beneath(top, "f", O_PATH), -EINVAL);
    GIVES(try_beneath(top, "f", O_ACCMODE), -EINVAL);
    GIVES(try_beneath(top, ".", O_TMPFILE | O_RDWR), -EINVAL);
    GIVES(try_beneath(top, "f", O_DIRECT), -EINVAL);
    GIVES(try_beneath(top, "new", O_CREAT | O_DIRECTORY), -EINVAL);
    cr_assert(entries(root) == 1);
}

Test(node_file, ready)
{
    int fd = -1;
    put(root, "f", "12345");
    struct dagger_stream *file = open_beneath(top, "f", O_RDWR);
    const struct dagger_node_ops *ops = node_of(file);
    GIVES(ops->ready(file, POLLIN, &fd), 5);
    GIVES(ops->seek(file, 3, SEEK_SET), 3);
    GIVES(ops->ready(file, POLLIN, &fd), 2);
    GIVES(ops->seek(file, 30, SEEK_SET), 30);
    GIVES(ops->ready(file, POLLIN, &fd), 0);
    GIVES(ops->ready(file, POLLOUT, &fd), -EAGAIN);
    cr_assert(fd >= 0 && poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 0) == 1);
    must_close(file);
}

Test(node_file, descriptors_are_not_inherited)
{
    int fd = -1;
    struct dagger_stream *file = open_beneath(top, "f", O_RDWR | O_CREAT);
    GIVES(node_of(file)->ready(file, POLLOUT, &fd), -EAGAIN);
    cr_assert(fcntl(fd, F_GETFD) == FD_CLOEXEC);
    must_close(file);
    cr_assert(fcntl(fd, F_GETFD) < 0);
}

Test(node_file, umask_is_applied)
{
    struct stat st;
    umask(027);
    GIVES(try_beneath(top, "f", O_CREAT), 0);
    GIVES(names_of(top)->make_directory(top, "d"), 0);
    GIVES(names_of(top)->stat(top, "f", true, &st), 0);
    cr_assert((st.st_mode & 07777) == 0640);
    GIVES(names_of(top)->stat(top, "d", true, &st), 0);
    cr_assert((st.st_mode & 07777) == 0750);
}

static void fifo(void)
{
    char byte, sent[] = "ab";
    int fd;
    unlinkat(root, "p", 0);
    cr_assert(mkfifoat(root, "p", 0644) == 0);
    GIVES(try_beneath(top, "p", O_WRONLY), -ENXIO);
    GIVES(try_beneath(top, "p", O_WRONLY | O_NONBLOCK), -ENXIO);
    struct dagger_stream *in = open_beneath(top, "p", O_RDONLY | O_NONBLOCK);
    const struct dagger_node_ops *ops = node_of(in);
    struct iovec data = {&byte, 1};
    GIVES(ops->get_flags(in), O_RDONLY | O_NONBLOCK);
    GIVES(ops->read_vector(in, &data, 1, -1), 0); /* as read(2): nobody writes */
    struct dagger_stream *out = open_beneath(top, "p", O_WRONLY);
    GIVES(node_of(out)->get_flags(out), O_WRONLY);
    GIVES(ops->read_vector(in, &data, 1, -1), -EAGAIN);
    GIVES(ops->ready(in, POLLIN, &fd), -EAGAIN);
    GIVES(node_of(out)->write_vector(out, &(struct iovec){sent, 2}, 1, -1), 2);
    GIVES(ops->read_vector(in, &data, 1, -1), 1);
    GIVES(ops->read_vector(in, &data, 1, 0), -ESPIPE);
    GIVES(ops->seek(in, 0, SEEK_CUR), -ESPIPE);
    GIVES(ops->set_flags(in, 0), 0);
    GIVES(ops->read_vector(in, &data, 1, -1), 1);
    must_close(in);
    signal(SIGPIPE, SIG_IGN);
    GIVES(node_of(out)->write_vector(out, &data, 1, -1), -EPIPE);
    must_close(out);
}

Test(node_file, fifo)
{
    both_ways(fifo);
}

static void *write_later(void *arg)
{
    usleep(20000);
    int fd = openat(root, "p", O_WRONLY | O_CLOEXEC);
    (void)!write(fd, arg, 3);
    usleep(20000);
    (void)!write(fd, arg, 2);
    close(fd);
    return NULL;
}

/* The open does not wait for a writer, so the read does; and then for what is written. */
Test(node_file, fifo_read_waits_for_its_writer)
{
    char text[4] = "", sent[] = "abc";
    pthread_t writer;
    cr_assert(mkfifoat(root, "p", 0644) == 0);
    struct dagger_stream *in = open_beneath(top, "p", O_RDONLY);
    cr_assert(pthread_create(&writer, NULL, write_later, sent) == 0);
    GIVES(node_of(in)->read_vector(in, &(struct iovec){text, 3}, 1, -1), 3);
    cr_assert(strcmp(text, "abc") == 0);
    GIVES(node_of(in)->read_vector(in, &(struct iovec){text, 3}, 1, -1), 2);
    pthread_join(writer, NULL);
    GIVES(node_of(in)->read_vector(in, &(struct iovec){text, 3}, 1, -1), 0);
    must_close(in);
}

Test(node_file, devices)
{
    char bytes[4] = "abc";
    struct dagger_stream *dir = host_directory("/dev", false);
    struct dagger_stream *zero = open_beneath(dir, "zero", O_RDWR);
    GIVES(node_of(zero)->read_vector(zero, &(struct iovec){bytes, 4}, 1, -1), 4);
    cr_assert(memcmp(bytes, "\0\0\0\0", 4) == 0);
    must_close(zero);
    struct dagger_stream *full = open_beneath(dir, "full", O_WRONLY);
    GIVES(node_of(full)->write_vector(full, &(struct iovec){bytes, 4}, 1, -1), -ENOSPC);
    must_close(full);
    must_close(dir);
}

Test(node_file, directory_opening)
{
    struct dagger_stream *stream;
    struct stat st;
    struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    GIVES(dagger_directory_open(root_path("nowhere"), false, &stream), -ENOENT);
    GIVES(dagger_directory_open("", false, &stream), -ENOENT);
    put(root, "f", "");
    GIVES(dagger_directory_open(root_path("f"), false, &stream), -ENOTDIR);
    /* The host's path may go through links. */
    cr_assert(symlinkat(".", root, "l") == 0);
    struct dagger_stream *dir = host_directory(root_path("l"), false);
    GIVES(try_beneath(dir, "f", O_RDONLY), 0);
    GIVES(node_of(dir)->stat(dir, &st), 0);
    cr_assert(S_ISDIR(st.st_mode));
    GIVES(node_of(dir)->get_flags(dir), O_RDONLY);
    GIVES(node_of(dir)->set_flags(dir, O_NONBLOCK), 0);
    GIVES(node_of(dir)->get_flags(dir), O_NONBLOCK);
    GIVES(node_of(dir)->sync(dir, false), 0);
    GIVES(node_of(dir)->set_times(dir, times), 0);
    GIVES(node_of(dir)->stat(dir, &st), 0);
    cr_assert(st.st_mtim.tv_sec == 1000);
    cr_assert(dagger_stream_read(dir, &st, 1) == DAGGER_NOTSUP);
    must_close(dir);
}

/* Streams of another kind have no names to exchange with. */
Test(node_file, another_kinds_directory)
{
    static const struct dagger_directory_ops ops;
    static const struct dagger_stream_ops stream_ops = {.kind = "other", .directory = &ops};
    struct dagger_stream other = {.ops = &stream_ops};
    put(root, "f", "");
    GIVES(names_of(top)->rename(top, "f", &other, "g"), -EXDEV);
    GIVES(names_of(top)->link(top, "f", false, &other, "g"), -EXDEV);
    struct dagger_stream *file = open_beneath(top, "f", O_RDONLY);
    GIVES(names_of(top)->rename(top, "f", file, "g"), -EXDEV);
    must_close(file);
}
