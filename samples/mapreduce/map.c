/* The words of stdin:// and how often each is there, as WORD<TAB>COUNT lines sorted by bytes.
 *
 * A word is a run of ASCII letters, digits, and bytes of 128 and above (so that words in UTF-8 stay
 * whole); capital ASCII letters count as small ones. All other bytes separate words.
 *
 * It reads all before it writes, unless the memory is full: then it writes what it has and goes on,
 * so that a word can come more than once. reduce.c adds them up in any case. */
#include "counts.h"

static unsigned char block[65536];

/* The byte as it is part of a word, or 0. */
static unsigned char letter(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 'a';
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 128 ? c : 0;
}

/* Takes a byte of the text: part of a word, or the end of one. */
static int take(unsigned char byte)
{
    unsigned char part = letter(byte);
    if (part != 0)
        return counts_push(part);
    return counts.building->len > 0 ? counts_add(1) : 0;
}

static int take_or_make_room(unsigned char byte, int out)
{
    int error = take(byte);
    if (error != DAGGER_NOMEM || counts.words == 0)
        return error;
    error = counts_write(out);
    return error < 0 ? error : take(byte);
}

int dagger_main(void)
{
    int in = dagger_open_url("stdin://");
    int out = dagger_open_url("stdout://");
    if (in < 0 || out < 0)
        return 1;
    int error = counts_init();
    if (error < 0)
        return dagger_fail("start", error);

    int n;
    while ((n = dagger_read(in, block, sizeof block)) > 0) {
        for (int i = 0; i < n; i++) {
            error = take_or_make_room(block[i], out);
            if (error < 0)
                return dagger_fail("words", error);
        }
    }
    if (n < 0)
        return dagger_fail("stdin", n);
    error = take_or_make_room('\n', out); /* ends the last word */
    if (error == 0)
        error = counts_write(out);
    if (error == 0)
        error = dagger_close(out);
    return error < 0 ? dagger_fail("stdout", error) : 0;
}
