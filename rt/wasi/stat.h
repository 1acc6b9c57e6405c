/* What descriptors and paths have in common of stat.c. */
#ifndef DAGGER_RT_WASI_STAT_H
#define DAGGER_RT_WASI_STAT_H

#include "wasi.h"

/* fdflags as open(2)'s. */
int wasi_flags_to_host(uint32_t flags) WASI_LINKED(flags_to_host);

/* Writes a `filestat`, `unstable` in the form that it had before preview 1. */
enum wasi_errno wasi_put_filestat(struct w2c_dagger *imports, uint32_t at, const struct stat *st,
                                  bool unstable) WASI_LINKED(put_filestat);

/* `fstflags` and two timestamps as futimens(2) has them. False for flags that are none or exclude
 * each other. */
bool wasi_times(uint64_t access, uint64_t modification, uint32_t flags, struct timespec times[2])
    WASI_LINKED(times);

#endif
