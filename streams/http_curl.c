#include "http_curl.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

/* Through memcpy: ISO C has no conversion from an object pointer to a function pointer. */
static bool look_up(void *library, const char *name, void *function)
{
    void *symbol = dlsym(library, name);
    memcpy(function, &symbol, sizeof symbol);
    return symbol != NULL;
}

static bool look_up_all(void *library, struct http_curl *curl)
{
    bool all = true;
#define X(name) all = look_up(library, "curl_" #name, &curl->name) && all;
    DAGGER_HTTP_CURL_FUNCTIONS(X)
#undef X
    return all;
}

static bool is_usable(const struct http_curl *curl)
{
    const curl_version_info_data *info = curl->version_info(CURLVERSION_NOW);
    return info && info->version_num >= DAGGER_HTTP_CURL_VERSION_MIN &&
           (info->features & CURL_VERSION_SSL);
}

/* dlsym looks into the libraries that libcurl was linked with, too. False: OpenSSL has no context,
 * for want of memory, which it would follow to address 0; libcurl does not ask. */
static bool look_up_tls(void *library, struct http_curl *curl)
{
    const char *tls = curl->version_info(CURLVERSION_NOW)->ssl_version;
    if (!tls || strncmp(tls, "OpenSSL/", strlen("OpenSSL/")) != 0)
        return true;
    look_up(library, "SSL_CTX_set_info_callback", &curl->ssl_ctx_set_info_callback);
    void *(*default_context)(void);
    return !look_up(library, "OSSL_LIB_CTX_get0_global_default", &default_context) ||
           default_context() != NULL;
}

static bool load(struct http_curl *curl)
{
    void *library = dlopen(DAGGER_HTTP_CURL_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return false;
    if (look_up_all(library, curl) && is_usable(curl) &&
        curl->global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK && look_up_tls(library, curl))
        return true; /* stays loaded until the process ends */
    dlclose(library);
    return false;
}

const struct http_curl *dagger_http_curl(void)
{
    static struct http_curl curl;
    static bool tried, loaded;
    if (!tried) {
        tried = true;
        loaded = load(&curl);
    }
    return loaded ? &curl : NULL;
}
