/* Text of a guest as it may be shown: on a terminal, in a log that is read line by line. */
#ifndef DAGGER_STREAMS_PRINTABLE_H
#define DAGGER_STREAMS_PRINTABLE_H

#include <stddef.h>
#include <stdint.h>

/* The most bytes one step of dagger_printable_step writes. */
#define DAGGER_PRINTABLE_MAX 10

/* Takes one character from `text` (`len` > 0 bytes) and writes it to `out`, printable UTF-8 as it
 * is and all else escaped: "\\" for a backslash, so that escapes can't be imitated; "\t", "\n",
 * "\r",
 * "\xHH" for other control bytes and bytes that are not UTF-8; "\u{HHHH}" for control,
 * bidirectional and invisible characters. Stores the bytes written (1 to DAGGER_PRINTABLE_MAX) in
 * *written and returns the bytes taken (1 to 4). */
size_t dagger_printable_step(const uint8_t *text, size_t len, char out[DAGGER_PRINTABLE_MAX],
                             size_t *written);

#endif
