/* The open functions that streams/scheme.c names, one row or more each. See struct dagger_scheme
 * for what they return. */
#ifndef DAGGER_STREAMS_KINDS_H
#define DAGGER_STREAMS_KINDS_H

#include "stream.h"

/* The type of the functions below. */
typedef int dagger_open_function(const struct dagger_host *host, const struct dagger_url *url,
                                 struct dagger_stream **out);

dagger_open_function dagger_args_open;
dagger_open_function dagger_clock_open;
dagger_open_function dagger_control_open;
dagger_open_function dagger_env_open;
dagger_open_function dagger_fd_open;
dagger_open_function dagger_file_open;
dagger_open_function dagger_gopher_open;    /* gopher and gophers */
dagger_open_function dagger_http_open;      /* http and https */
dagger_open_function dagger_inherited_open; /* listen */
dagger_open_function dagger_listen_open;    /* tcp+listen */
dagger_open_function dagger_log_open;
dagger_open_function dagger_null_open; /* null and zero */
dagger_open_function dagger_random_open;
dagger_open_function dagger_std_open; /* stdin, stdout and stderr */
dagger_open_function dagger_tcp_open; /* tcp and tcp+tls */

#endif
