/* Spellings of addresses, hostile ones first: whatever a resolver makes of each, none of the
 * private ones is one that a guest may connect to where private addresses are denied. */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "streams/address.h"
#include "streams/error.h"
#include "streams/http_origin.h"

/* As a URL's host has them, without brackets. */
static const char *const private_rows[] = {
    /* Other spellings of 127.0.0.1: decimal, octal, hexadecimal, short. */
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0X7F000001",
    "0177.0.0.1",
    "0177.0.0.01",
    "00000177.0.0.1",
    "0x7f.0.0.1",
    "0x7f.0x0.0x0.0x1",
    "0x7f.1",
    "0x7F.0.1",
    "127.1",
    "127.0.1",
    "127.0.0.0x1",
    "127.0x000001",
    "127.00.00.01",
    /* Of others. */
    "0",
    "0x0",
    "00.0.0.0",
    "2852039166",
    "0xa9fea9fe",
    "0xA9.0xFE.0xA9.0xFE",
    "0251.0376.0251.0376",
    "169.254.43518",
    "169.16689662",
    "167772161",
    "012.1",
    "0xc0a80001",
    "0300.0250.1",
    "192.168.257",
    "172.1048577",
    "100.6579400",
    "4294967295",
    /* IPv4 within IPv6. */
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::FFFF:7F00:0001",
    "0:0:0:0:0:ffff:7f00:1",
    "0000:0000:0000:0000:0000:ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "::ffff:10.0.0.1",
    "::ffff:0:0",
    "::ffff:0:127.0.0.1",
    "::127.0.0.1",
    "::8.8.8.8",
    "64:ff9b::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::c0a8:1",
    "64:ff9b:1::808:808",
    "2002:7f00:1::",
    "2002:7f00:1::1",
    "2002:a9fe:a9fe::",
    "2002:c0a8:101::1",
    "2001:0:7f00:1::",
    "2001::8.8.8.8",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    /* In their usual spelling: loopback, unspecified, private, shared, link-local. */
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.0",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "169.254.0.1",
    "::1",
    "::",
    "0:0:0:0:0:0:0:1",
    "fc00::1",
    "fdff:ffff::1",
    "fe80::1",
    "febf::1",
    "fec0::1",
    /* Where clouds tell. */
    "169.254.169.254",
    "169.254.170.2",
    "fd00:ec2::254",
    "fd20:ce::254",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    /* No peers. */
    "192.0.2.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "192.88.99.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "ff02::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "100::1",
    "4000::1",
};

static const char *const public_rows[] = {
    "8.8.8.8",
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
    "2000::1",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2606:4700:4700::1111",
    "3ffe::1",
    "3fff:1000::1",
};

/* What the resolver makes of a text that has to be an address to it; false: nothing. */
static bool resolve(const char *text, struct sockaddr_storage *address, socklen_t *len)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    if (getaddrinfo(text, NULL, &hints, &found))
        return false;
    memcpy(address, found->ai_addr, found->ai_addrlen);
    *len = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
}

static int origin_of(const char *host)
{
    static struct dagger_url url;
    struct http_origin origin;
    char text[128];
    bool v6 = strchr(host, ':');
    int len = snprintf(text, sizeof text, v6 ? "http://[%s]/" : "http://%s/", host);
    cr_assert_eq(dagger_url_parse(&url, text, (size_t)len), 0, "no URL: %s", text);
    return dagger_http_origin_init(&origin, &url);
}

Test(address, private)
{
    cr_assert_geq(sizeof private_rows / sizeof *private_rows, 60);
    for (size_t i = 0; i < sizeof private_rows / sizeof *private_rows; i++) {
        struct sockaddr_storage address;
        socklen_t len = 0;
        cr_assert(resolve(private_rows[i], &address, &len), "%s", private_rows[i]);
        cr_expect(dagger_address_is_private((struct sockaddr *)&address, len), "public: %s",
                  private_rows[i]);
    }
}

/* Spellings other than the usual one do not even come so far. */
Test(address, unusual_spellings_are_no_hosts)
{
    for (size_t i = 0; i < sizeof private_rows / sizeof *private_rows; i++) {
        const char *host = private_rows[i];
        struct in_addr v4;
        bool usual = strchr(host, ':') || inet_pton(AF_INET, host, &v4) == 1;
        cr_expect_eq(origin_of(host), usual ? 0 : DAGGER_BADINPUT, "%s", host);
    }
}

Test(address, public)
{
    for (size_t i = 0; i < sizeof public_rows / sizeof *public_rows; i++) {
        struct sockaddr_storage address;
        socklen_t len = 0;
        cr_assert(resolve(public_rows[i], &address, &len), "%s", public_rows[i]);
        cr_expect_not(dagger_address_is_private((struct sockaddr *)&address, len), "private: %s",
                      public_rows[i]);
        cr_expect_eq(origin_of(public_rows[i]), 0, "%s", public_rows[i]);
    }
}

/* With a zone, which the address does not show. */
Test(address, zones)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_scope_id = 1};
    cr_assert_eq(inet_pton(AF_INET6, "fe80::1", &address.sin6_addr), 1);
    cr_expect(dagger_address_is_private((struct sockaddr *)&address, sizeof address));
}

Test(address, what_is_none)
{
    struct sockaddr_storage address = {.ss_family = AF_UNIX};
    cr_expect(dagger_address_is_private((struct sockaddr *)&address, sizeof address));
    socklen_t len = 0;
    cr_assert(resolve("8.8.8.8", &address, &len));
    cr_expect(dagger_address_is_private((struct sockaddr *)&address, len - 1));
    cr_expect_not(dagger_address_is_private((struct sockaddr *)&address, len));
    cr_assert(resolve("2606:4700:4700::1111", &address, &len));
    cr_expect(dagger_address_is_private((struct sockaddr *)&address, sizeof(struct sockaddr_in)));
}
