#include "http_tls.h"

#include <stddef.h>

/* openssl/ssl.h: SSL_CB_READ_ALERT, SSL_AD_CLOSE_NOTIFY. */
enum { READ_ALERT = 0x4004, ALERT_MASK = 0xff, CLOSE_NOTIFY = 0 };

enum {
    CLOSED_MAX = 64
}; /* more in one turn: the others count as cut off, which is the safe side */

static const void *closed[CLOSED_MAX];
static size_t closed_count;

static void on_event(const void *session, int where, int value)
{
    bool is_end = where == READ_ALERT && (value & ALERT_MASK) == CLOSE_NOTIFY;
    if (is_end && closed_count < CLOSED_MAX)
        closed[closed_count++] = session;
}

static CURLcode on_context(CURL *easy, void *ssl_ctx, void *user)
{
    (void)easy;
    const struct http_curl *curl = user;
    curl->ssl_ctx_set_info_callback(ssl_ctx, on_event);
    return CURLE_OK;
}

bool dagger_http_tls_watch(const struct http_curl *curl, CURL *easy)
{
    return !curl->ssl_ctx_set_info_callback ||
           (!curl->easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_context) &&
            !curl->easy_setopt(easy, CURLOPT_SSL_CTX_DATA, curl));
}

const void *dagger_http_tls_session(const struct http_curl *curl, CURL *easy)
{
    struct curl_tlssessioninfo *info = NULL;
    if (!curl->ssl_ctx_set_info_callback ||
        curl->easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK || !info)
        return NULL;
    return info->backend == CURLSSLBACKEND_OPENSSL ? info->internals : NULL;
}

bool dagger_http_tls_closed(const void *session)
{
    for (size_t i = 0; i < closed_count; i++)
        if (closed[i] == session)
            return true;
    return false;
}

bool dagger_http_tls_any_closed(void)
{
    return closed_count > 0;
}

void dagger_http_tls_forget(void)
{
    closed_count = 0;
}
