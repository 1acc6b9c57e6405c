/* libFuzzer target: whatever bytes a guest writes as a head, parsing ends and stays inside, and
 * what is accepted holds nothing by which the message on the wire could be another one than was
 * checked.
 *
 *     build-fuzz/tests/fuzz_http_head -max_total_time=300 CORPUS tests/http/corpus/head
 */
#include <stdlib.h>
#include <string.h>

#include "streams/http_head.h"
#include "streams/http_response.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void has_no_controls(struct dagger_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        require(((unsigned char)text.data[i] >= ' ' || text.data[i] == '\t') &&
                text.data[i] != 0x7f);
}

static void request_is_safe(const struct http_head *head)
{
    require(head->method.len && !memchr(head->method.data, ' ', head->method.len));
    require(head->target.len && head->target.data[0] == '/');
    require(!memchr(head->target.data, ' ', head->target.len));
    require(head->content_length >= -1 && !(head->chunked && head->content_length >= 0));
    has_no_controls(head->method);
    has_no_controls(head->target);
    struct dagger_slice rest = head->fields;
    struct http_field field;
    while (dagger_http_field_next(&rest, &field)) {
        static const char *const never[] = {"Content-Length", "Transfer-Encoding", "Host",
                                            "Connection", "Upgrade"};
        require(field.name.len && !memchr(field.name.data, ':', field.name.len));
        has_no_controls(field.name);
        has_no_controls(field.value);
        for (size_t i = 0; i < sizeof never / sizeof *never; i++)
            require(field.name.len != strlen(never[i]) ||
                    strncasecmp(field.name.data, never[i], field.name.len) != 0);
    }
}

/* The same bytes as a response, which comes from a peer that is as hostile. */
static void response_is_bounded(const char *text, size_t size)
{
    struct http_response response = {0};
    while (size) {
        const char *end = memchr(text, '\n', size);
        size_t len = end ? (size_t)(end - text) + 1 : size;
        if (dagger_http_response_line(&response, text, len))
            break;
        text += len;
        size -= len;
    }
    require(dagger_http_bytes_len(&response.head) <= DAGGER_HTTP_RESPONSE_HEAD_MAX);
    if (response.complete)
        require(!memcmp(response.head.data + response.head.end - 4, "\r\n\r\n", 4));
    dagger_http_bytes_release(&response.head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    size_t seen = 0, end = dagger_http_head_end(text, size, &seen);
    require(end <= size && seen <= size);
    struct http_head head;
    if (end && dagger_http_head_parse(&head, text, end) == 0)
        request_is_safe(&head);
    response_is_bounded(text, size);
    return 0;
}
