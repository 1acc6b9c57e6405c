/* Texts that streams give whole: variables of the environment, arguments. */
#ifndef SAMPLES_SERVE_VARIABLE_H
#define SAMPLES_SERVE_VARIABLE_H

#include <dagger.h>

/* What the stream at the URL gives, as a string. Its length, or an error: DAGGER_NOENT if there is
 * none, and `value` is as before; DAGGER_NOSPACE if it does not fit. */
static inline int variable(const char *url, char *value, unsigned cap)
{
    int sd = dagger_open_url(url);
    if (sd < 0)
        return sd;
    int len = dagger_read_all(sd, value, cap);
    dagger_close(sd);
    if (len == (int)cap)
        return DAGGER_NOSPACE;
    if (len >= 0)
        value[len] = '\0';
    return len;
}

#endif
