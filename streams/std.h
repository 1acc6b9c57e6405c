/* What the kinds over the host's standard descriptors share. */
#ifndef DAGGER_STREAMS_STD_H
#define DAGGER_STREAMS_STD_H

/* Whether the host's descriptor 0, 1 or 2 can be read (0) or written (1, 2): 0, NOENT if it was
 * closed when the program started, PERM if it was opened for the other direction. */
int dagger_std_check(int fd);

#endif
