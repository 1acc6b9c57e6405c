/* The URL parser, by rows; percent-decoding; the query's pairs. */
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "streams/error.h"
#include "streams/url.h"
#include "url_invariants.h"
#include "url_rows.h"

static struct dagger_url url;

/* Parses from a block of exactly `len` bytes, so that a sanitizer sees any byte read beyond. */
static int parse(const char *text, size_t len)
{
    char *exact = malloc(len ? len : 1);
    memcpy(exact, text, len);
    memset(&url, 0xaa, sizeof url);
    int result = dagger_url_parse(&url, exact, len);
    free(exact);
    return result;
}

static void expect_part(const char *of, const char *name, struct dagger_slice part,
                        const char *expected)
{
    cr_expect(dagger_slice_is(part, expected), "%s: %s is \"%.*s\"", of, name, (int)part.len,
              part.data);
    cr_expect(part.data >= url.text && part.data + part.len <= url.text + url.whole.len,
              "%s: %s is not inside", of, name);
}

Test(slice, decimal)
{
    static const struct {
        const char *text;
        int64_t value;
    } rows[] = {
        {"0", 0},
        {"7", 7},
        {"10", 10},
        {"9223372036854775806", INT64_MAX - 1},
        {"9223372036854775807", INT64_MAX},
        {"9223372036854775808", INT64_MAX},
        {"18446744073709551616", INT64_MAX},
        {"18446744073709551617000", INT64_MAX},
        {"", -1},
        {"00", -1},
        {"01", -1},
        {"-1", -1},
        {"+1", -1},
        {" 1", -1},
        {"1 ", -1},
        {"1a", -1},
        {"99999999999999999999a", -1},
        {"/", -1},
        {":", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dagger_slice slice = {rows[i].text, strlen(rows[i].text)};
        cr_expect_eq(dagger_slice_decimal(slice), rows[i].value, "\"%s\"", rows[i].text);
    }
}

Test(url, refused)
{
    for (size_t i = 0; i < sizeof refused_rows / sizeof refused_rows[0]; i++)
        cr_expect_eq(parse(refused_rows[i].url, refused_rows[i].len), DAGGER_BADURL, "%s",
                     refused_rows[i].why);
}

Test(url, accepted)
{
    for (size_t i = 0; i < sizeof accepted_rows / sizeof accepted_rows[0]; i++) {
        const struct accepted_row *row = &accepted_rows[i];
        int result = parse(row->url, strlen(row->url));
        cr_expect_eq(result, 0, "%s", row->url);
        if (result)
            continue;
        expect_part(row->url, "scheme", url.scheme, row->scheme);
        expect_part(row->url, "userinfo", url.userinfo, row->userinfo ? row->userinfo : "");
        expect_part(row->url, "host", url.host, row->host);
        expect_part(row->url, "path", url.path, row->path);
        expect_part(row->url, "query", url.query, row->query ? row->query : "");
        cr_expect_eq(url.port, row->port, "%s: port %d", row->url, url.port);
        cr_expect_eq(url.has_userinfo, row->userinfo != NULL, "%s", row->url);
        cr_expect_eq(url.has_query, row->query != NULL, "%s", row->url);
        cr_expect_eq(url.has_fragment, row->fragment, "%s", row->url);
        cr_expect_eq(url.host_is_ipv6, strchr(row->url, '[') != NULL, "%s", row->url);
    }
}

/* The fuzzer's property, on inputs that reach all of the parser. */
Test(url, invariants_hold_for_all_rows_and_their_prefixes)
{
    for (size_t i = 0; i < sizeof refused_rows / sizeof refused_rows[0]; i++)
        url_invariants((const uint8_t *)refused_rows[i].url, refused_rows[i].len);
    for (size_t i = 0; i < sizeof accepted_rows / sizeof accepted_rows[0]; i++)
        for (size_t len = 0; len <= strlen(accepted_rows[i].url); len++)
            url_invariants((const uint8_t *)accepted_rows[i].url, len);
}

Test(url, whole_is_as_given_but_for_the_scheme)
{
    cr_assert_eq(parse("HtTp://User@HOST/Path?Query#Frag", 32), 0);
    expect_part("whole", "whole", url.whole, "http://User@HOST/Path?Query#Frag");
    cr_expect_eq(url.text[url.whole.len], '\0');
}

/* Every byte, in every component: the grammar of RFC 3986, written down a second time. */
Test(url, every_byte_in_every_component)
{
    static const char unreserved[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    static const char sub_delims[] = "!$&'()*+,;=";
    static const struct {
        const char *before, *after;
        const char *more; /* allowed there, or for other reasons valid */
        bool sub_delims;
    } places[] = {
        {"http://u", "u@h/", ":/?#@", true}, {"http://h", "h/", ":/?#@", true},
        {"http://h/", "p", ":@/?#", true},   {"http://h/?", "q", ":@/?#", true},
        {"http://h/#", "f", ":@/?", true},
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[64];
            int len = snprintf(text, sizeof text, "%s_%s", places[i].before, places[i].after);
            text[strlen(places[i].before)] = (char)byte;
            bool known = byte && (strchr(unreserved, byte) || strchr(sub_delims, byte));
            bool other = byte && strchr(places[i].more, byte);
            if (other)
                continue; /* delimiters: the rows above */
            cr_expect_eq(parse(text, (size_t)len), known ? 0 : DAGGER_BADURL,
                         "byte 0x%02x after %s", byte, places[i].before);
        }
    }
}

Test(url, every_prefix_of_a_long_url_is_taken_or_refused)
{
    static const char text[] = "https://us%41er@[2001:db8::1]:8443/p%41th/x?q=%20&r#f%2fr";
    for (size_t len = 0; len < sizeof text; len++) {
        int result = parse(text, len);
        cr_expect(result == 0 || result == DAGGER_BADURL);
        if (result == 0)
            cr_expect_eq(url.whole.len, len);
    }
}

Test(url, length_limit)
{
    static char text[DAGGER_URL_MAX + 2];
    memset(text, 'a', sizeof text);
    memcpy(text, "file:///", 8);
    cr_expect_eq(parse(text, DAGGER_URL_MAX), 0);
    cr_expect_eq(url.path.len, DAGGER_URL_MAX - 7);
    cr_expect_eq(parse(text, DAGGER_URL_MAX + 1), DAGGER_BADURL);
    cr_expect_eq(dagger_url_parse(&url, text, SIZE_MAX), DAGGER_BADURL);
}

Test(url, plain)
{
    static const struct {
        const char *url;
        bool bare, with_host, with_query;
    } rows[] = {
        {"null://", true, true, true},         {"null:///", true, true, true},
        {"null://?", true, true, true},        {"null://1", false, true, false},
        {"null://1/", false, true, false},     {"null://?a=b", false, false, true},
        {"null://1?a=b", false, false, false}, {"null:///a", false, false, false},
        {"null:////", false, false, false},    {"null://#", false, false, false},
        {"null://@", false, false, false},     {"null://u@1", false, false, false},
        {"null://:1", false, false, false},    {"null://1:1", false, false, false},
        {"null://[::1]", false, false, false}, {"null:///?#f", false, false, false},
        {"null:///.", false, false, false},    {"null:///%2f", false, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_assert_eq(parse(rows[i].url, strlen(rows[i].url)), 0, "%s", rows[i].url);
        cr_expect_eq(dagger_url_is_plain(&url, false, false), rows[i].bare, "%s", rows[i].url);
        cr_expect_eq(dagger_url_is_plain(&url, true, false), rows[i].with_host, "%s", rows[i].url);
        cr_expect_eq(dagger_url_is_plain(&url, false, true), rows[i].with_query, "%s", rows[i].url);
    }
}

/* --- percent-decoding ------------------------------------------------------------------------ */

static int64_t decode(const char *text, char *out, size_t cap)
{
    return dagger_percent_decode((struct dagger_slice){text, strlen(text)}, out, cap);
}

Test(url, percent_decode)
{
    static const struct {
        const char *in, *out; /* NULL: refused */
    } rows[] = {
        {"%00", NULL},
        {"a%00b", NULL},
        {"%", NULL},
        {"%4", NULL},
        {"%4g", NULL},
        {"a%", NULL},
        {"%-1", NULL},
        {"", ""},
        {"abc", "abc"},
        {"%41", "A"},
        {"%2f%2F", "//"},
        {"%25", "%"},
        {"%2541", "%41"},
        {"a+b", "a+b"},
        {"%ff%FE", "\xff\xfe"},
        {"%2e%2E", ".."},
        {"%0a%1b", "\n\x1b"},
        {"x%20y", "x y"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[16];
        int64_t len = decode(rows[i].in, out, sizeof out);
        if (!rows[i].out) {
            cr_expect_eq(len, DAGGER_BADURL, "%s", rows[i].in);
        } else {
            cr_expect_eq(len, (int64_t)strlen(rows[i].out), "%s", rows[i].in);
            cr_expect_str_eq(out, rows[i].out);
        }
    }
}

Test(url, percent_decode_fits_exactly_or_not_at_all)
{
    char out[4];
    memset(out, 'z', sizeof out);
    cr_expect_eq(decode("ab", out, 3), 2);
    cr_expect_eq(out[2], '\0');
    cr_expect_eq(out[3], 'z');
    cr_expect_eq(decode("abc", out, 3), DAGGER_BADURL);
    cr_expect_eq(decode("a%62c", out, 3), DAGGER_BADURL);
    cr_expect_eq(decode("", out, 1), 0);
    cr_expect_eq(decode("", out, 0), DAGGER_BADURL);
    cr_expect_eq(out[3], 'z');
}

/* --- query --------------------------------------------------------------------------------- */

Test(url, query_pairs)
{
    static const struct {
        const char *query;
        const char *pairs; /* "key:value;" each, "key;" without '=' */
    } rows[] = {
        {"", ""},
        {"&", ""},
        {"&&&", ""},
        {"=", ":;"},
        {"a", "a;"},
        {"a=", "a:;"},
        {"=b", ":b;"},
        {"a=b", "a:b;"},
        {"a=b=c", "a:b=c;"},
        {"a=b&c=d", "a:b;c:d;"},
        {"a=b&", "a:b;"},
        {"&a=b", "a:b;"},
        {"a&&b", "a;b;"},
        {"a=1&a=2", "a:1;a:2;"},
        {"a%3Db=c%26d", "a%3Db:c%26d;"},
        {"a=?x/y", "a:?x/y;"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dagger_slice rest = {rows[i].query, strlen(rows[i].query)};
        struct dagger_query_pair pair;
        char pairs[64];
        size_t len = 0;
        pairs[0] = '\0';
        while (dagger_query_next(&rest, &pair))
            len += (size_t)snprintf(pairs + len, sizeof pairs - len, "%.*s%s%.*s;",
                                    (int)pair.key.len, pair.key.data, pair.has_value ? ":" : "",
                                    (int)pair.value.len, pair.value.data);
        cr_expect_str_eq(pairs, rows[i].pairs, "%s gives %s", rows[i].query, pairs);
        cr_expect_not(dagger_query_next(&rest, &pair), "%s: goes on after its end", rows[i].query);
    }
}
