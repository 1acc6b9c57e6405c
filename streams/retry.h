/* TEMP_FAILURE_RETRY(call): the call again as long as it gives -1 with EINTR. <unistd.h> of the GNU
 * C library has it, that of musl has not. */
#ifndef DAGGER_STREAMS_RETRY_H
#define DAGGER_STREAMS_RETRY_H

#include <errno.h>
#include <unistd.h>

#ifndef TEMP_FAILURE_RETRY
#define TEMP_FAILURE_RETRY(call)                                                                   \
    ({                                                                                             \
        ssize_t made;                                                                              \
        do                                                                                         \
            made = (call);                                                                         \
        while (made == -1 && errno == EINTR);                                                      \
        made;                                                                                      \
    })
#endif

#endif
