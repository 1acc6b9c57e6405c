/* Stands between libcurl and the network of the probe: names that resolve as the environment
 * variable FAKE_NAMES says, and a public address that leads to this machine.
 *
 *   FAKE_NAMES="rebind.test=8.8.8.8;127.0.0.1 both.test=127.0.0.1,8.8.8.8"
 *
 * Each resolution of a name gives the next of its answers, and then the last again. libcurl finds
 * these functions before the C library's, because the probe's are exported.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const char public_address[] = "8.8.8.8";

typedef int resolver(const char *name, const char *service, const struct addrinfo *hints,
                     struct addrinfo **found);
typedef int connector(int fd, const struct sockaddr *address, socklen_t len);

static void find_next(const char *name, void *function)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(function, &symbol, sizeof symbol);
}

/* The answers behind "NAME=" in FAKE_NAMES, or NULL. */
static const char *answers_of(const char *name)
{
    const char *names = getenv("FAKE_NAMES");
    size_t len = strlen(name);
    for (; names && *names; names += strcspn(names, " "), names += *names == ' ')
        if (!strncmp(names, name, len) && names[len] == '=')
            return names + len + 1;
    return NULL;
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    static int asked;
    resolver *next;
    find_next("getaddrinfo", &next);
    const char *answers = name ? answers_of(name) : NULL;
    if (!answers)
        return next(name, service, hints, found);
    for (int i = 0; i < asked && answers[strcspn(answers, "; ")] == ';'; i++)
        answers += strcspn(answers, "; ") + 1;
    asked++;
    struct addrinfo **end = found;
    *found = NULL;
    for (size_t len = 0; len = strcspn(answers, ",; "), len;
         answers += len + (answers[len] == ',')) {
        char address[INET6_ADDRSTRLEN];
        snprintf(address, sizeof address, "%.*s", (int)len, answers);
        int error = next(address, service, hints, end);
        if (error)
            return error;
        while (*end)
            end = &(*end)->ai_next;
    }
    return 0;
}

int connect(int fd, const struct sockaddr *address, socklen_t len)
{
    connector *next;
    find_next("connect", &next);
    struct sockaddr_in there;
    if (address->sa_family == AF_INET && len >= sizeof there && getenv("FAKE_NAMES")) {
        memcpy(&there, address, sizeof there);
        if (there.sin_addr.s_addr == inet_addr(public_address))
            there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return next(fd, (const struct sockaddr *)&there, sizeof there);
    }
    return next(fd, address, len);
}
