#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "http_connection.h"
#include "http_transfer.h"
#include "socket.h"

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
    transfer->idle_timeout_ms = dagger_idle_timeout(request->host);
    int error = dagger_http_connection_setup(curl, transfer->easy, request->origin, request->host,
                                             &transfer->connection);
    /* What has been checked can't be refused any more, so that what is left is a lack of memory. */
    bool done = !error && set_method(transfer, request) && set_fields(transfer, request) &&
                set_reuse(transfer, request);
    return done ? 0 : DAGGER_NOMEM;
}
