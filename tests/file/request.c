/* What a file URL may say. */
#include "place.h"

#include <stdio.h>
#include <string.h>

TestSuite(file_request, .init = place_setup, .fini = place_teardown, .timeout = 30);

static int parse(const char *text, struct dagger_file_request *request)
{
    static struct dagger_url url;
    int error = dagger_url_parse(&url, text, strlen(text));
    return error ? error : dagger_file_request(request, &url);
}

Test(file_request, rows)
{
    static const struct {
        const char *url;
        int error;
    } rows[] = {
        {"file:///f", 0},
        {"FILE:///f", 0},
        {"file://localhost/f", 0},
        {"file://LocalHost/f", 0},
        {"file:///f?", 0},
        {"file:///f?mode=r", 0},
        {"file:///f?mode=w", 0},
        {"file:///f?mode=a", 0},
        {"file:///f?mode=x", 0},
        {"file:///f?mode=rw", 0},
        {"file:///f?offset=0", 0},
        {"file:///f?offset=9223372036854775807", 0},
        {"file:///f?mode=w&offset=1", 0},
        {"file:///f?mode=x&offset=1", 0},
        {"file:///f?offset=1&mode=rw&sync=1", 0},
        {"file:///f?atomic=1&mode=w&sync=1", 0},
        {"file:///f?mode=a&sync=1", 0},
        {"file:///f?m%6fde=%77", 0}, /* the same as mode=w: RFC 3986, 6.2.2.2 */
        /* hosts and parts that file URLs do not have */
        {"file://example.org/f", DAGGER_BADINPUT},
        {"file://localhos/f", DAGGER_BADINPUT},
        {"file://localhost./f", DAGGER_BADINPUT},
        {"file://[::1]/f", DAGGER_BADINPUT},
        {"file://127.0.0.1/f", DAGGER_BADINPUT},
        {"file://user@/f", DAGGER_BADINPUT},
        {"file://user@localhost/f", DAGGER_BADINPUT},
        {"file://localhost:80/f", DAGGER_BADINPUT},
        {"file:///f#part", DAGGER_BADINPUT},
        {"file://", DAGGER_BADINPUT},
        {"file://localhost", DAGGER_BADINPUT},
        {"file://?mode=r", DAGGER_BADINPUT},
        {"file://relative/f", DAGGER_BADINPUT},
        /* NUL */
        {"file:///%00", DAGGER_BADURL},
        {"file:///f%00.txt", DAGGER_BADURL},
        /* keys */
        {"file:///f?x", DAGGER_BADINPUT},
        {"file:///f?x=1", DAGGER_BADINPUT},
        {"file:///f?mode", DAGGER_BADINPUT},
        {"file:///f?Mode=r", DAGGER_BADINPUT},
        {"file:///f?mode=r&mode=r", DAGGER_BADINPUT},
        {"file:///f?mode=r&mode=w", DAGGER_BADINPUT},
        {"file:///f?m%00de=r", DAGGER_BADINPUT},
        {"file:///f?=r", DAGGER_BADINPUT},
        {"file:///f?mode=r;offset=1", DAGGER_BADINPUT},
        {"file:///f?averyveryverylongkeythatfitsnowhere=1", DAGGER_BADINPUT},
        /* values */
        {"file:///f?mode=", DAGGER_BADINPUT},
        {"file:///f?mode=R", DAGGER_BADINPUT},
        {"file:///f?mode=wr", DAGGER_BADINPUT},
        {"file:///f?mode=r%00", DAGGER_BADINPUT},
        {"file:///f?offset=", DAGGER_BADINPUT},
        {"file:///f?offset=-1", DAGGER_BADINPUT},
        {"file:///f?offset=+1", DAGGER_BADINPUT},
        {"file:///f?offset=%201", DAGGER_BADINPUT},
        {"file:///f?offset=0x10", DAGGER_BADINPUT},
        {"file:///f?offset=1k", DAGGER_BADINPUT},
        {"file:///f?offset=9223372036854775808", DAGGER_BADINPUT},
        {"file:///f?offset=99999999999999999999", DAGGER_BADINPUT},
        {"file:///f?mode=w&sync=", DAGGER_BADINPUT},
        {"file:///f?mode=w&sync=2", DAGGER_BADINPUT},
        {"file:///f?mode=w&sync=yes", DAGGER_BADINPUT},
        {"file:///f?mode=w&atomic=0", DAGGER_BADINPUT},
        {"file:///f?mode=w&atomic=1&atomic=1", DAGGER_BADINPUT},
        /* options that do not go together */
        {"file:///f?atomic=1", DAGGER_BADINPUT},
        {"file:///f?mode=r&atomic=1", DAGGER_BADINPUT},
        {"file:///f?mode=a&atomic=1", DAGGER_BADINPUT},
        {"file:///f?mode=x&atomic=1", DAGGER_BADINPUT},
        {"file:///f?mode=rw&atomic=1", DAGGER_BADINPUT},
        {"file:///f?mode=w&atomic=1&offset=0", DAGGER_BADINPUT},
        {"file:///f?mode=a&offset=0", DAGGER_BADINPUT},
        {"file:///f?sync=1", DAGGER_BADINPUT},
        {"file:///f?mode=r&sync=1", DAGGER_BADINPUT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dagger_file_request request;
        int error = parse(rows[i].url, &request);
        cr_expect(error == rows[i].error, "%s: %s, expected %s", rows[i].url,
                  dagger_error_name(error), dagger_error_name(rows[i].error));
    }
}

Test(file_request, all_options_arrive)
{
    struct dagger_file_request request;
    cr_assert(parse("file:///a%20b/%2e%2E/c%2Fd?sync=1&offset=42&mode=rw", &request) == 0);
    cr_assert(strcmp(request.path, "/a b/../c/d") == 0);
    cr_assert(request.mode == DAGGER_FILE_READ_WRITE);
    cr_assert(request.offset == 42);
    cr_assert(request.sync && !request.atomic);

    cr_assert(parse("file:///f", &request) == 0);
    cr_assert(request.mode == DAGGER_FILE_READ);
    cr_assert(request.offset == 0 && !request.sync && !request.atomic);
}

/* A refused URL must not have touched anything. */
Test(file_request, refused_before_anything_is_opened)
{
    fails_to_open("/new?mode=w&what=1", DAGGER_BADINPUT);
    fails_to_open("/new?mode=w&offset=-1", DAGGER_BADINPUT);
    fails_to_open("/new?mode=x&atomic=1", DAGGER_BADINPUT);
    fails_to_open("/new%00?mode=w", DAGGER_BADURL);
    cr_assert(entries(root) == 0);
}

Test(file_request, names_are_decoded_once)
{
    put(root, "a%2f b\xc3\xa9", "odd\n");
    reads_as("/a%252f%20b%c3%A9", "odd\n");
    fails_to_open("/a%2f%20b%c3%a9", DAGGER_NOENT);
}
