/* args:// and args://N: the arguments that the program was started with. */
#include "kinds.h"
#include "text.h"

int dagger_args_open(const struct dagger_host *host, const struct dagger_url *url,
                     struct dagger_stream **out)
{
    int64_t wanted = url->host.len ? dagger_slice_decimal(url->host) : 0;
    if (!dagger_url_is_plain(url, true, false) || wanted < 0)
        return DAGGER_BADINPUT;
    const char *const *arguments = host->arguments;
    size_t count = 0;
    while (arguments && arguments[count])
        count++;
    if (!url->host.len)
        return dagger_text_new(arguments, count, true, out);
    if ((uint64_t)wanted >= count)
        return DAGGER_NOENT;
    return dagger_text_new(arguments + wanted, 1, false, out);
}
