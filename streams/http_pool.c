#include "http_pool.h"

#include <stddef.h>

#include "error.h"
#include "http_tls.h"
#include "http_transfer.h"

enum { IDLE_CONNECTIONS_MAX = 16 }; /* kept for streams to come */

int dagger_http_pool(struct http_pool **pool)
{
    static struct http_pool shared;
    if (!shared.multi) {
        shared.curl = dagger_http_curl();
        if (!shared.curl)
            return DAGGER_UNAVAIL;
        shared.multi = shared.curl->multi_init();
        if (!shared.multi)
            return DAGGER_NOMEM;
        shared.curl->multi_setopt(shared.multi, CURLMOPT_MAXCONNECTS, (long)IDLE_CONNECTIONS_MAX);
    }
    *pool = &shared;
    return 0;
}

bool dagger_http_pool_perform(struct http_pool *pool)
{
    int running, left;
    dagger_http_tls_forget();
    if (pool->curl->multi_perform(pool->multi, &running) != CURLM_OK)
        return false;
    CURLMsg *message;
    while ((message = pool->curl->multi_info_read(pool->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        char *transfer = NULL;
        pool->curl->easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        dagger_http_transfer_ended((struct http_transfer *)(void *)transfer, message->data.result);
    }
    return true;
}

bool dagger_http_pool_wait(struct http_pool *pool, int timeout_ms)
{
    int ready = 0;
    return pool->curl->multi_poll(pool->multi, NULL, 0, timeout_ms, &ready) == CURLM_OK &&
           ready > 0;
}
