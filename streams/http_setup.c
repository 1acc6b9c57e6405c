#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "http_tls.h"
#include "http_transfer.h"

enum {
    /* A read of the connection takes at most so much; the callbacks get it in pieces of 16 KiB. */
    RECEIVE_BUFFER = 64 * 1024,
    SEND_BUFFER = 64 * 1024,
    CONNECT_TIMEOUT_MS = 10 * 1000,
    IDLE_TIMEOUT_MS = 60 * 1000,
};

/* The same for every request: what keeps libcurl to this one exchange with this one peer. */
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

static int or_default(int value, int default_value)
{
    return value > 0 ? value : default_value;
}

static bool set_fixed(struct http_transfer *transfer)
{
    const struct http_curl *curl = transfer->pool->curl;
    for (size_t i = 0; i < sizeof fixed_options / sizeof *fixed_options; i++)
        if (curl->easy_setopt(transfer->easy, fixed_options[i].option, fixed_options[i].value))
            return false;
    /* A resolver that hangs must not hold up the end of a transfer; libcurl 7.87 knows how. */
    curl->easy_setopt(transfer->easy, CURLOPT_QUICK_EXIT, 1L);
    return true;
}

static bool set_text(struct http_transfer *transfer, CURLoption option, const char *text)
{
    return transfer->pool->curl->easy_setopt(transfer->easy, option, text) == CURLE_OK;
}

/* As set_text, for a slice; without a NUL in it, or the text would be another one. */
static bool set_slice(struct http_transfer *transfer, CURLoption option, struct dagger_slice slice)
{
    char *text = strndup(slice.data, slice.len);
    bool done = text && set_text(transfer, option, text);
    free(text);
    return done;
}

static bool set_tls(struct http_transfer *transfer, const struct http_request *request)
{
    bool done = dagger_http_tls_watch(transfer->pool->curl, transfer->easy);
    if (done && request->host->ca_file)
        done = set_text(transfer, CURLOPT_CAINFO, request->host->ca_file) &&
               set_text(transfer, CURLOPT_CAPATH, NULL);
    return done;
}

static bool set_peer(struct http_transfer *transfer, const struct http_request *request)
{
    const char *scheme = request->origin->tls ? "https" : "http";
    char url[DAGGER_HTTP_HOST_MAX + sizeof "https://[]:65535/"];
    struct dagger_slice root = {"/", 1};
    if (dagger_http_origin_url(request->origin, true, root, url, sizeof url) < 0)
        return false;
    /* Proxies that the environment names are not used: the connection goes to the URL's host. */
    return set_text(transfer, CURLOPT_URL, url) &&
           set_text(transfer, CURLOPT_PROTOCOLS_STR, scheme) &&
           set_text(transfer, CURLOPT_REDIR_PROTOCOLS_STR, scheme) &&
           set_text(transfer, CURLOPT_PROXY, "") && set_text(transfer, CURLOPT_NOPROXY, "*");
}

/* Lines for CURLOPT_HTTPHEADER: "Name: value" is sent, "Name;" is sent with an empty value, "Name:"
 * keeps libcurl from sending one of its own. */
static bool add_field(struct http_transfer *transfer, const char *line)
{
    struct curl_slist *more = transfer->pool->curl->slist_append(transfer->fields, line);
    if (more)
        transfer->fields = more;
    return more != NULL;
}

static bool add_guest_field(struct http_transfer *transfer, const struct http_field *field)
{
    char *line = NULL;
    int len = field->value.len
                  ? asprintf(&line, "%.*s: %.*s", (int)field->name.len, field->name.data,
                             (int)field->value.len, field->value.data)
                  : asprintf(&line, "%.*s;", (int)field->name.len, field->name.data);
    bool done = len >= 0 && add_field(transfer, line);
    if (len >= 0)
        free(line);
    return done;
}

static bool set_fields(struct http_transfer *transfer, const struct http_request *request)
{
    struct dagger_slice rest = request->fields;
    struct http_field field;
    bool accept = false;
    while (dagger_http_field_next(&rest, &field)) {
        if (!add_guest_field(transfer, &field))
            return false;
        accept = accept || (field.name.len == 6 && !strncasecmp(field.name.data, "Accept", 6));
    }
    if (!add_field(transfer, "Expect:") || (!accept && !add_field(transfer, "Accept:")))
        return false;
    if (request->close && !add_field(transfer, "Connection: close"))
        return false;
    const struct http_curl *curl = transfer->pool->curl;
    return !curl->easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->fields);
}

/* RFC 9110, section 9.2.2: may it be sent again when nobody knows what became of it? */
static bool is_idempotent(struct dagger_slice method)
{
    static const char *const methods[] = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (dagger_slice_is(method, methods[i]))
            return true;
    return false;
}

/* When a kept connection turns out to be dead, libcurl sends the request again on a new one, unless
 * bytes of a body are gone. A request without any that must not arrive twice gets a new connection.
 */
static bool set_reuse(struct http_transfer *transfer, const struct http_request *request)
{
    const struct http_curl *curl = transfer->pool->curl;
    bool empty = !request->has_body || request->content_length == 0;
    long fresh = empty && !is_idempotent(request->method);
    return !curl->easy_setopt(transfer->easy, CURLOPT_FRESH_CONNECT, fresh) &&
           !curl->easy_setopt(transfer->easy, CURLOPT_FORBID_REUSE, (long)request->close);
}

static bool set_method(struct http_transfer *transfer, const struct http_request *request)
{
    const struct http_curl *curl = transfer->pool->curl;
    CURL *easy = transfer->easy;
    transfer->is_head = dagger_slice_is(request->method, "HEAD");
    bool done;
    if (request->has_body)
        done =
            !curl->easy_setopt(easy, CURLOPT_UPLOAD, 1L) &&
            !curl->easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->content_length);
    else if (transfer->is_head)
        done = !curl->easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else
        done = !curl->easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    return done && set_slice(transfer, CURLOPT_CUSTOMREQUEST, request->method) &&
           set_slice(transfer, CURLOPT_REQUEST_TARGET, request->target);
}

int dagger_http_setup(struct http_transfer *transfer, const struct http_request *request)
{
    const struct http_curl *curl = transfer->pool->curl;
    transfer->has_body = request->has_body;
    transfer->content_length = request->has_body ? request->content_length : 0;
    transfer->idle_timeout_ms = or_default(request->host->idle_timeout_ms, IDLE_TIMEOUT_MS);
    long connect_ms = or_default(request->host->connect_timeout_ms, CONNECT_TIMEOUT_MS);
    /* What has been checked can't be refused any more, so that what is left is a lack of memory. */
    bool done = set_fixed(transfer) && set_peer(transfer, request) && set_tls(transfer, request) &&
                set_method(transfer, request) && set_fields(transfer, request) &&
                set_reuse(transfer, request) &&
                !curl->easy_setopt(transfer->easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    return done ? 0 : DAGGER_NOMEM;
}
