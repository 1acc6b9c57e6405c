/* libcurl, loaded when the first http(s) or tcp stream is opened: an executable that never opens
 * one neither needs the library nor pays for it at its start.
 *
 * The table has one row a function, so that a name, its type and its look-up are one line of text.
 */
#ifndef DAGGER_STREAMS_HTTP_CURL_H
#define DAGGER_STREAMS_HTTP_CURL_H

/* Its macros check types of arguments by calling the functions by name. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define DAGGER_HTTP_CURL_LIBRARY     "libcurl.so.4"
#define DAGGER_HTTP_CURL_VERSION_MIN 0x075500 /* 7.85.0: CURLOPT_PROTOCOLS_STR */

#define DAGGER_HTTP_CURL_FUNCTIONS(X)                                                              \
    X(easy_cleanup)                                                                                \
    X(easy_getinfo)                                                                                \
    X(easy_init)                                                                                   \
    X(easy_pause)                                                                                  \
    X(easy_perform)                                                                                \
    X(easy_recv)                                                                                   \
    X(easy_send)                                                                                   \
    X(easy_setopt)                                                                                 \
    X(global_init)                                                                                 \
    X(multi_add_handle)                                                                            \
    X(multi_info_read)                                                                             \
    X(multi_init)                                                                                  \
    X(multi_perform)                                                                               \
    X(multi_poll)                                                                                  \
    X(multi_remove_handle)                                                                         \
    X(multi_setopt)                                                                                \
    X(slist_append)                                                                                \
    X(slist_free_all)                                                                              \
    X(version_info)

struct http_curl {
#define X(name) __typeof__(&curl_##name) name;
    DAGGER_HTTP_CURL_FUNCTIONS(X)
#undef X
    /* OpenSSL's SSL_CTX_set_info_callback; NULL if libcurl uses another TLS library. */
    void (*ssl_ctx_set_info_callback)(void *ssl_ctx,
                                      void (*callback)(const void *ssl, int where, int value));
};

/* The library's functions, or NULL if it is missing, too old, or lacks https. Loads it at the first
 * call; what that call found stays so. */
const struct http_curl *dagger_http_curl(void);

#endif
