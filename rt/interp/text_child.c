#include "text_child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alloc.h"
#include "diag.h"
#include "text.h"

enum { CPU_SECONDS = 60, MESSAGE_MAX = 8192 };

static void limit(int resource, rlim_t most)
{
    setrlimit(resource, &(struct rlimit){most, most});
}

static int write_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t done = write(fd, bytes, size);
        if (done < 0 && errno != EINTR)
            return -1;
        bytes += done > 0 ? done : 0;
        size -= done > 0 ? (size_t)done : 0;
    }
    return 0;
}

/* In the child: the module, or the message, goes into the file. */
static _Noreturn void parse(const struct input *input, const char *name, int file)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, CPU_SECONDS);
    limit(RLIMIT_AS, TEXT_ADDRESS_SPACE);
    uint8_t *bytes = NULL;
    size_t size = 0;
    int result = text_parse(name, input->bytes, input->size, &bytes, &size);
    if (write_all(file, bytes, size) != 0)
        result = -1;
    _exit(result == 0 ? 0 : 1);
}

static void print_message(int file)
{
    char message[MESSAGE_MAX];
    ssize_t size = pread(file, message, sizeof message, 0);
    diag_error("the text is no module that wabt 1.0.32 reads");
    if (size > 0)
        text_print_lines(stderr, "wabt", message, (size_t)size);
    diag_note("daggercc reads newer forms of the text, and so does a newer wat2wasm");
}

/* What became of the child. */
static int finish(struct input *input, int status, int file)
{
    if (WIFSIGNALED(status)) {
        diag_error("reading the text was ended by signal %d (%s)", WTERMSIG(status),
                   strsignal(WTERMSIG(status)));
        return -1;
    }
    if (WEXITSTATUS(status) != 0) {
        print_message(file);
        return -1;
    }
    off_t size = lseek(file, 0, SEEK_END);
    if (size < 0 || size > (off_t)INPUT_MAX) {
        diag_error("the module that the text makes is too large");
        return -1;
    }
    input->bytes = alloc_resize(input->bytes, size > 0 ? (size_t)size : 1);
    for (input->size = 0; input->size < (size_t)size;) {
        ssize_t got =
            pread(file, input->bytes + input->size, (size_t)size - input->size, (off_t)input->size);
        if (got <= 0 && errno != EINTR) {
            diag_error("can't read the module that the text makes:");
            return -1;
        }
        input->size += got > 0 ? (size_t)got : 0;
    }
    return 0;
}

int text_child(struct input *input, const char *name)
{
    int file = memfd_create("module", MFD_CLOEXEC), status;
    if (file < 0) {
        diag_error("can't create a file in memory:");
        return -1;
    }
    pid_t child = fork();
    if (child == 0)
        parse(input, name, file);
    int result = -1;
    if (child < 0) {
        diag_error("can't start a process to read the text:");
    } else {
        while (waitpid(child, &status, 0) < 0 && errno == EINTR)
            ;
        result = finish(input, status, file);
    }
    close(file);
    return result;
}
