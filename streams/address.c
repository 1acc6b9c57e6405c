#include "address.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

struct prefix {
    uint8_t bytes[16];
    uint8_t bits;
};

static const struct prefix private_v4[] = {
    {{0}, 8},                 /* "this network"; Linux connects 0.0.0.0 to itself */
    {{10}, 8},                /* RFC 1918 */
    {{100, 64}, 10},          /* shared, RFC 6598; 100.100.100.200 tells Alibaba's machines */
    {{127}, 8},               /* loopback */
    {{168, 63, 129, 16}, 32}, /* Azure's host, from within its machines */
    {{169, 254}, 16},         /* link-local; 169.254.169.254 tells most clouds' machines */
    {{172, 16}, 12},          /* RFC 1918 */
    {{192, 0, 0}, 24},        /* protocol assignments; 192.0.0.192 tells Oracle's machines */
    {{192, 0, 2}, 24},        /* documentation */
    {{192, 88, 99}, 24},      /* relays of 6to4 */
    {{192, 168}, 16},         /* RFC 1918 */
    {{198, 18}, 15},          /* benchmarks */
    {{198, 51, 100}, 24},     /* documentation */
    {{203, 0, 113}, 24},      /* documentation */
    {{224}, 3},               /* multicast, reserved and broadcast */
};

/* Of 2000::/3, which is all that is public. */
static const struct prefix private_v6[] = {
    {{0x20, 0x01}, 23},             /* protocol assignments, Teredo among them */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x3f, 0xff}, 20},             /* documentation */
};

/* Where an IPv4 address stands in an IPv6 address that begins so. */
static const struct {
    struct prefix prefix;
    size_t at;
} embedded[] = {
    {{{[10] = 0xff, 0xff}, 96}, 12},      /* mapped: the host itself speaks IPv4 */
    {{{0x00, 0x64, 0xff, 0x9b}, 96}, 12}, /* NAT64, RFC 6052 */
    {{{0x20, 0x02}, 16}, 2},              /* 6to4, RFC 3056 */
};

static bool begins_with(const uint8_t *address, const struct prefix *prefix)
{
    size_t whole = prefix->bits / 8;
    unsigned rest = prefix->bits % 8;
    return memcmp(address, prefix->bytes, whole) == 0 &&
           (!rest || (uint8_t)(address[whole] ^ prefix->bytes[whole]) >> (8 - rest) == 0);
}

static bool is_in(const uint8_t *address, const struct prefix *prefixes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (begins_with(address, &prefixes[i]))
            return true;
    return false;
}

static bool is_private_v4(const uint8_t *address)
{
    return is_in(address, private_v4, sizeof private_v4 / sizeof *private_v4);
}

static bool is_private_v6(const uint8_t *address)
{
    static const struct prefix public = {{0x20}, 3};
    for (size_t i = 0; i < sizeof embedded / sizeof *embedded; i++)
        if (begins_with(address, &embedded[i].prefix))
            return is_private_v4(address + embedded[i].at);
    return !begins_with(address, &public) ||
           is_in(address, private_v6, sizeof private_v6 / sizeof *private_v6);
}

bool dagger_address_is_private(const struct sockaddr *address, size_t len)
{
    /* Copied, since libcurl's and others' storage is not that of these types. */
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (len >= sizeof v4 && address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        return is_private_v4((const uint8_t *)&v4.sin_addr);
    }
    if (len >= sizeof v6 && address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        return is_private_v6(v6.sin6_addr.s6_addr);
    }
    return true;
}
