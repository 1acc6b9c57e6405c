/* Texts that streams give whole: variables of the environment, arguments. */
#ifndef SAMPLES_SERVE_VARIABLE_H
#define SAMPLES_SERVE_VARIABLE_H

#include <dagger.h>

/* What the stream at the URL gives, as a string. Its length; -1 if there is none, or it does not
 * fit. */
static inline int variable(const char *url, char *value, unsigned cap)
{
    int sd = dagger_open_url(url);
    if (sd < 0)
        return -1;
    int len = dagger_read_all(sd, value, cap);
    dagger_close(sd);
    if (len < 0 || len == (int)cap)
        return -1;
    value[len] = '\0';
    return len;
}

#endif
