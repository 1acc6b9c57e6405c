#include "http_curl.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

static bool look_up(void *library, struct http_curl *curl)
{
    bool all = true;
    /* Through memcpy: ISO C has no conversion from an object pointer to a function pointer. */
#define X(name)                                                                                    \
    do {                                                                                           \
        void *symbol = dlsym(library, "curl_" #name);                                              \
        memcpy(&curl->name, &symbol, sizeof symbol);                                               \
        all = all && symbol;                                                                       \
    } while (0);
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

static bool load(struct http_curl *curl)
{
    void *library = dlopen(DAGGER_HTTP_CURL_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return false;
    if (look_up(library, curl) && is_usable(curl) && curl->global_init(CURL_GLOBAL_DEFAULT) == 0)
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
