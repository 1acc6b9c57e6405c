/* Faults that a real descriptor does not give when a test wants them. Linked with
 * --wrap=read,write,poll,calloc: calls in the code under test come here first.
 */
#ifndef DAGGER_TESTS_FAULTS_H
#define DAGGER_TESTS_FAULTS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

/* What happens to one system call. {0, 0}: nothing more is injected. */
struct fault {
    int errno_value; /* fails with this, if not 0 */
    size_t most;     /* transfers at most this many bytes */
};

struct faults {
    const struct fault *reads, *writes; /* one step a call; NULL: none */
    size_t read_calls, write_calls, poll_calls;
    const void *read_into; /* of the last read */
    char order[64];        /* 'r', 'w', 'p' as they came; the rest is dropped */
    size_t order_len;
    void (*before_poll)(const struct pollfd *fds); /* makes ready what is waited for */
    int poll_error;                                /* each poll fails with it; 0: none */
    bool no_memory;                                /* calloc fails */
};
extern struct faults faults;

#endif
