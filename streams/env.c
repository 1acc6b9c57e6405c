/* env://NAME: the value of a variable that was let through to the guest. */
#include <string.h>

#include "kinds.h"
#include "text.h"

/* Where the value of `name` (of `len` bytes) begins, or NULL. */
static const char *value_of(const struct dagger_host *host, const char *name, size_t len)
{
    for (const char *const *row = host->environment; row && *row; row++)
        if (strncmp(*row, name, len) == 0 && (*row)[len] == '=')
            return *row + len + 1;
    return NULL;
}

/* The name stands where other schemes have a host, which the parser leaves as it is: in the case it
 * was given. A variable that was not let through is as one that is not there, so that a guest can't
 * tell which others there are. */
int dagger_env_open(const struct dagger_host *host, const struct dagger_url *url,
                    struct dagger_stream **out)
{
    char name[DAGGER_URL_MAX + 1];
    if (!dagger_url_is_plain(url, true, false) || !url->host.len)
        return DAGGER_BADINPUT;
    int64_t len = dagger_percent_decode(url->host, name, sizeof name);
    if (len < 0)
        return (int)len;
    if (strchr(name, '='))
        return DAGGER_BADINPUT;
    const char *value = value_of(host, name, (size_t)len);
    return value ? dagger_text_new(&value, 1, false, out) : DAGGER_NOENT;
}
