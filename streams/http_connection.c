#include "http_connection.h"

#include <sys/socket.h>

#include "address.h"
#include "error.h"
#include "http_tls.h"

enum {
    /* A read of the connection takes at most so much; the callbacks get it in pieces of 16 KiB. */
    RECEIVE_BUFFER = 64 * 1024,
    SEND_BUFFER = 64 * 1024,
    CONNECT_TIMEOUT_MS = 10 * 1000,
};

/* The same for every connection: what keeps libcurl to this one exchange with this one peer. */
static const struct {
    CURLoption option;
    long value;
} fixed_options[] = {
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_FOLLOWLOCATION, 0},
    {CURLOPT_MAXREDIRS, 0},
    {CURLOPT_NETRC, CURL_NETRC_IGNORED},
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
    {CURLOPT_HTTP09_ALLOWED, 0},
    {CURLOPT_HTTP_TRANSFER_DECODING, 1},
    {CURLOPT_HTTP_CONTENT_DECODING, 0},
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_SSL_VERIFYPEER, 1},
    {CURLOPT_SSL_VERIFYHOST, 2},
    {CURLOPT_BUFFERSIZE, RECEIVE_BUFFER},
    {CURLOPT_UPLOAD_BUFFERSIZE, SEND_BUFFER},
    {CURLOPT_PATH_AS_IS, 1},
    {CURLOPT_TIMEOUT_MS, 0},
};

static const struct {
    CURLcode code;
    int error;
} error_map[] = {
    {CURLE_OK, 0},
    {CURLE_URL_MALFORMAT, DAGGER_BADINPUT},
    {CURLE_COULDNT_RESOLVE_HOST, DAGGER_CONNECT},
    {CURLE_COULDNT_CONNECT, DAGGER_CONNECT},
    {CURLE_OPERATION_TIMEDOUT, DAGGER_TIMEOUT},
    {CURLE_OUT_OF_MEMORY, DAGGER_NOMEM},
    {CURLE_SEND_ERROR, DAGGER_PIPE},
    {CURLE_SSL_CONNECT_ERROR, DAGGER_TLS},
    {CURLE_PEER_FAILED_VERIFICATION, DAGGER_TLS},
    {CURLE_SSL_CACERT_BADFILE, DAGGER_TLS},
    {CURLE_SSL_CERTPROBLEM, DAGGER_TLS},
    {CURLE_SSL_CIPHER, DAGGER_TLS},
    {CURLE_SSL_CRL_BADFILE, DAGGER_TLS},
    {CURLE_SSL_ISSUER_ERROR, DAGGER_TLS},
    {CURLE_SSL_INVALIDCERTSTATUS, DAGGER_TLS},
    {CURLE_USE_SSL_FAILED, DAGGER_TLS},
};

int dagger_http_error(CURLcode code)
{
    for (size_t i = 0; i < sizeof error_map / sizeof *error_map; i++)
        if (error_map[i].code == code)
            return error_map[i].error;
    return DAGGER_IO;
}

int dagger_http_connection_error(const struct http_connection *connection, CURLcode code)
{
    bool none = connection->refused && !connection->tried;
    return code && none ? DAGGER_PERM : dagger_http_error(code);
}

/* libcurl is about to connect: to this address, whatever was asked of which resolver. Without a
 * socket it goes on with the next one. */
static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct http_connection *connection = user;
    if (dagger_address_is_private(&address->addr, address->addrlen)) {
        connection->refused = true;
        return CURL_SOCKET_BAD;
    }
    connection->tried = true;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool set_addresses(const struct http_curl *curl, CURL *easy, const struct dagger_host *host,
                          struct http_connection *connection)
{
    return !host->deny_private ||
           (!curl->easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) &&
            !curl->easy_setopt(easy, CURLOPT_OPENSOCKETDATA, connection));
}

static bool set_fixed(const struct http_curl *curl, CURL *easy)
{
    for (size_t i = 0; i < sizeof fixed_options / sizeof *fixed_options; i++)
        if (curl->easy_setopt(easy, fixed_options[i].option, fixed_options[i].value))
            return false;
    /* A resolver that hangs must not hold up the end of a transfer; libcurl 7.87 knows how. */
    curl->easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    return true;
}

static bool set_text(const struct http_curl *curl, CURL *easy, CURLoption option, const char *text)
{
    return curl->easy_setopt(easy, option, text) == CURLE_OK;
}

static bool set_tls(const struct http_curl *curl, CURL *easy, const struct dagger_host *host)
{
    bool done = dagger_http_tls_watch(curl, easy);
    if (done && host->ca_file)
        done = set_text(curl, easy, CURLOPT_CAINFO, host->ca_file) &&
               set_text(curl, easy, CURLOPT_CAPATH, NULL);
    return done;
}

static bool set_peer(const struct http_curl *curl, CURL *easy, const struct http_origin *origin)
{
    const char *scheme = origin->tls ? "https" : "http";
    char url[DAGGER_HTTP_HOST_MAX + sizeof "https://[]:65535/"];
    struct dagger_slice root = {"/", 1};
    if (dagger_http_origin_url(origin, true, root, url, sizeof url) < 0)
        return false;
    /* Proxies that the environment names are not used: the connection goes to the URL's host. */
    return set_text(curl, easy, CURLOPT_URL, url) &&
           set_text(curl, easy, CURLOPT_PROTOCOLS_STR, scheme) &&
           set_text(curl, easy, CURLOPT_REDIR_PROTOCOLS_STR, scheme) &&
           set_text(curl, easy, CURLOPT_PROXY, "") && set_text(curl, easy, CURLOPT_NOPROXY, "*");
}

int dagger_http_connection_setup(const struct http_curl *curl, CURL *easy,
                                 const struct http_origin *origin, const struct dagger_host *host,
                                 struct http_connection *connection)
{
    long connect_ms = host->connect_timeout_ms > 0 ? host->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    bool done = set_fixed(curl, easy) && set_peer(curl, easy, origin) &&
                set_tls(curl, easy, host) && set_addresses(curl, easy, host, connection) &&
                !curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    return done ? 0 : DAGGER_NOMEM;
}
