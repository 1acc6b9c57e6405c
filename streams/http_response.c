#include "http_response.h"

#include <string.h>
#include <strings.h>

#include "error.h"

static int add(struct http_response *response, const char *data, size_t len)
{
    int error = dagger_http_bytes_add(&response->head, data, len, DAGGER_HTTP_RESPONSE_HEAD_MAX);
    return error == DAGGER_NOSPACE ? DAGGER_IO : error;
}

static bool is_field(const char *line, size_t len, const char *name)
{
    size_t name_len = strlen(name);
    if (len <= name_len || strncasecmp(line, name, name_len) != 0)
        return false;
    while (name_len < len && (line[name_len] == ' ' || line[name_len] == '\t'))
        name_len++;
    return name_len < len && line[name_len] == ':';
}

/* Takes the lines of this field out of what is held, with their continuations. */
static void remove_field(struct http_bytes *head, const char *name)
{
    size_t to = head->start;
    bool dropping = false;
    for (size_t from = head->start; from < head->end;) {
        const char *line = head->data + from;
        const char *end = memchr(line, '\n', head->end - from);
        size_t len = end ? (size_t)(end - line) + 1 : head->end - from;
        if (line[0] != ' ' && line[0] != '\t')
            dropping = is_field(line, len, name);
        from += len;
        if (!dropping) {
            memmove(head->data + to, line, len);
            to += len;
        }
    }
    head->end = to;
}

/* status-line = HTTP-version SP status-code SP [ reason-phrase ] */
static int parse_status(const char *line, size_t len)
{
    const char *space = memchr(line, ' ', len);
    if (!space || line + len - space < 4)
        return -1;
    int status = 0;
    for (int i = 1; i <= 3; i++) {
        if (space[i] < '0' || space[i] > '9')
            return -1;
        status = status * 10 + (space[i] - '0');
    }
    return status;
}

/* RFC 9112, section 6.3. A coding that does not end in chunked ends with the connection, whatever
 * Content-Length says. */
static void note_framing(struct http_response *response, const char *line, size_t len)
{
    static const char chunked[] = "chunked";
    size_t chunked_len = sizeof chunked - 1;
    while (len && (line[len - 1] == ' ' || line[len - 1] == '\t'))
        len--;
    if (response->dropping)
        response->framed =
            len > chunked_len && !strncasecmp(line + len - chunked_len, chunked, chunked_len);
    else if (!response->transfer_coded && is_field(line, len, "Content-Length"))
        response->framed = true;
}

static int begin(struct http_response *response, const char *line, size_t len)
{
    response->head.start = response->head.end = 0;
    response->transfer_coded = response->framed = response->dropping = false;
    response->status = parse_status(line, len);
    return response->status < 100 || response->status == 101 ? DAGGER_IO : 0;
}

int dagger_http_response_line(struct http_response *response, const char *line, size_t len)
{
    if (response->complete)
        return 0;
    while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
        len--;

    if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        int error = begin(response, line, len);
        if (error)
            return error;
    } else if (!response->status) {
        return DAGGER_IO;
    }
    if (response->status < 200)
        return 0;

    bool continued = len && (line[0] == ' ' || line[0] == '\t');
    if (!continued) {
        response->dropping = is_field(line, len, "Transfer-Encoding");
        response->transfer_coded = response->transfer_coded || response->dropping;
        note_framing(response, line, len);
    }
    if (response->dropping)
        return 0;
    if (!len && response->transfer_coded)
        remove_field(&response->head, "Content-Length");
    int error = add(response, line, len);
    if (!error)
        error = add(response, "\r\n", 2);
    response->complete = !len && !error;
    return error;
}
