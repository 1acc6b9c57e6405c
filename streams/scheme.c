#include "kinds.h"

const struct dagger_scheme dagger_schemes[] = {
    {"log", dagger_log_open},
    {"file", dagger_file_open},
    {"http", dagger_http_open},
    {"https", dagger_http_open},
    {"random", dagger_random_open},
    {"stdin", dagger_std_open},
    {"stdout", dagger_std_open},
    {"stderr", dagger_std_open},
    {"null", dagger_null_open},
    {"zero", dagger_null_open},
    {"fd", dagger_fd_open},
    {"args", dagger_args_open},
    {"env", dagger_env_open},
    {"clock", dagger_clock_open},
    {"tcp", dagger_tcp_open},
    {"tcp+tls", dagger_tcp_open},
    {"tcp+listen", dagger_listen_open},
    {"listen", dagger_inherited_open},
    {"gopher", dagger_gopher_open},
    {"gophers", dagger_gopher_open},
    {"control", dagger_control_open},
    {NULL, NULL},
};

int dagger_stream_open_in(const struct dagger_scheme *schemes, const struct dagger_host *host,
                          const char *url, size_t len, struct dagger_stream **out)
{
    struct dagger_url parsed;
    int error = dagger_url_parse(&parsed, url, len);
    if (error)
        return error;
    if (host->allowed && !host->allowed(host, &parsed))
        return DAGGER_PERM;
    const struct dagger_scheme *scheme = schemes;
    while (scheme->name && !dagger_slice_is(parsed.scheme, scheme->name))
        scheme++;
    if (!scheme->name)
        return DAGGER_NOSCHEME;
    if (!scheme->open)
        return DAGGER_UNAVAIL;
    error = scheme->open(host, &parsed, out);
    if (!error)
        (*out)->scheme = scheme->name;
    return error;
}

int dagger_stream_open(const struct dagger_host *host, const char *url, size_t len,
                       struct dagger_stream **out)
{
    return dagger_stream_open_in(dagger_schemes, host, url, len, out);
}
