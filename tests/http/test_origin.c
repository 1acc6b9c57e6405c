/* Where a URL's connection goes, by rows, and what policy is asked. */
#include <string.h>

#include <criterion/criterion.h>

#include "streams/error.h"
#include "streams/http_origin.h"

static struct dagger_url url;

static int origin_of(struct http_origin *origin, const char *text)
{
    cr_assert_eq(dagger_url_parse(&url, text, strlen(text)), 0, "no URL: %s", text);
    return dagger_http_origin_init(origin, &url);
}

Test(http_origin, refused)
{
    static char long_label[] =
        "http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/";
    const char *rows[] = {
        "http:///",           "http://:80/",         "http://user@h/",     "http://@h/",
        "http://u:p@h/",      "http://h/#f",         "http://h:0/",        "http://a%2eb/",
        "http://a_b/",        "http://-a/",          "http://a-/",         "http://a..b/",
        "http://.a/",         "http://./",           "http://a,b/",        "http://a;b/",
        "http://0/",          "http://1/",           "http://127.1/",      "http://127.0.1/",
        "http://127.0.0.1./", "http://256.0.0.1/",   "http://1.2.3.4.5/",  "http://0177.0.0.1/",
        "http://0x7f.0.0.1/", "http://127.0.0.0x1/", "http://0x7f000001/", "http://h.0x/",
        "http://2130706433/", "http://a.1/",         long_label,
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_origin origin;
        cr_expect_eq(origin_of(&origin, rows[i]), DAGGER_BADINPUT, "accepted: %s", rows[i]);
    }
}

static const struct {
    const char *text, *host;
    int port;
    bool tls, host_is_ipv6;
    const char *asked, *connected; /* URLs: for policy, for libcurl */
} accepted_rows[] = {
    {"http://h", "h", 80, false, false, "http://h/t", "http://h:80/t"},
    {"HTTPS://Ex-1.ample", "Ex-1.ample", 443, true, false, "https://Ex-1.ample/t",
     "https://Ex-1.ample:443/t"},
    {"https://h:80/p?q", "h", 80, true, false, "https://h:80/t", "https://h:80/t"},
    {"http://root./", "root.", 80, false, false, "http://root./t", "http://root.:80/t"},
    {"http://3com/", "3com", 80, false, false, "http://3com/t", "http://3com:80/t"},
    {"http://1.2.3.com/", "1.2.3.com", 80, false, false, "http://1.2.3.com/t",
     "http://1.2.3.com:80/t"},
    {"http://127.0.0.1:65535/", "127.0.0.1", 65535, false, false, "http://127.0.0.1:65535/t",
     "http://127.0.0.1:65535/t"},
    {"tcp://h:81", "h", 81, false, false, "http://h:81/t", "http://h:81/t"},
    {"tcp+tls://h:81", "h", 81, true, false, "https://h:81/t", "https://h:81/t"},
    {"http://[::1]:81/", "::1", 81, false, true, "http://[::1]:81/t", "http://[::1]:81/t"},
};

Test(http_origin, accepted)
{
    const struct dagger_slice target = {"/t", 2};
    for (size_t i = 0; i < sizeof accepted_rows / sizeof *accepted_rows; i++) {
        struct http_origin origin;
        char text[256];
        cr_assert_eq(origin_of(&origin, accepted_rows[i].text), 0, "%s", accepted_rows[i].text);
        cr_expect_str_eq(origin.host, accepted_rows[i].host);
        cr_expect_eq(origin.port, accepted_rows[i].port);
        cr_expect_eq(origin.tls, accepted_rows[i].tls);
        cr_expect_eq(origin.host_is_ipv6, accepted_rows[i].host_is_ipv6);
        cr_expect_gt(dagger_http_origin_url(&origin, false, target, text, sizeof text), 0);
        cr_expect_str_eq(text, accepted_rows[i].asked);
        cr_expect_gt(dagger_http_origin_url(&origin, true, target, text, sizeof text), 0);
        cr_expect_str_eq(text, accepted_rows[i].connected);
    }
}

Test(http_origin, url_that_does_not_fit)
{
    struct http_origin origin;
    cr_assert_eq(origin_of(&origin, "http://h/"), 0);
    char text[sizeof "http://h/"];
    struct dagger_slice target = {"/x", 1};
    cr_expect_eq(dagger_http_origin_url(&origin, false, target, text, sizeof text), 9);
    target.len = 2;
    cr_expect_eq(dagger_http_origin_url(&origin, false, target, text, sizeof text),
                 DAGGER_BADINPUT);
}

static bool only_public(const struct dagger_host *host, const struct dagger_url *asked)
{
    (void)host;
    return dagger_slice_is(asked->path, "/public") && dagger_slice_is(asked->host, "h");
}

Test(http_origin, policy)
{
    struct http_origin origin;
    struct dagger_host host = {.allowed = only_public};
    cr_assert_eq(origin_of(&origin, "http://h/"), 0);
    const struct {
        const char *target;
        int result;
    } rows[] = {
        {"/public", 0},
        {"/public?query", 0},
        {"/other", DAGGER_PERM},
        {"//public", DAGGER_PERM},
        {"/public#x", DAGGER_BADINPUT},
        {"/%zz", DAGGER_BADINPUT},
        {"/\"", DAGGER_BADINPUT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dagger_slice target = {rows[i].target, strlen(rows[i].target)};
        cr_expect_eq(dagger_http_origin_allows(&origin, &host, target), rows[i].result, "%s",
                     rows[i].target);
    }
}
