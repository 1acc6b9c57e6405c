#include "http_head.h"

#include <string.h>
#include <strings.h>

#include "error.h"

/* What becomes of a field of the guest's. */
enum field_use {
    FIELD_SENT,    /* goes out as it is */
    FIELD_OURS,    /* its meaning is kept, the field itself is written by the host */
    FIELD_DROPPED, /* a hint to the next hop that has no effect here */
    FIELD_REFUSED, /* would change the protocol, the framing or the way: BADINPUT */
};

/* Fields that are not FIELD_SENT: connection-specific ones (RFC 9110, section 7.6.1), framing, and
 * Expect, since the body is streamed and an early answer ends it anyway. */
static const struct {
    const char *name;
    enum field_use use;
} field_table[] = {
    {"Connection", FIELD_OURS},
    {"Content-Length", FIELD_OURS},
    {"Expect", FIELD_DROPPED},
    {"Host", FIELD_OURS},
    {"HTTP2-Settings", FIELD_REFUSED},
    {"Keep-Alive", FIELD_DROPPED},
    {"Proxy-Authenticate", FIELD_REFUSED},
    {"Proxy-Authorization", FIELD_REFUSED},
    {"Proxy-Connection", FIELD_DROPPED},
    {"TE", FIELD_DROPPED},
    {"Trailer", FIELD_REFUSED},
    {"Transfer-Encoding", FIELD_OURS},
    {"Upgrade", FIELD_REFUSED},
};

static bool slice_is_nocase(struct dagger_slice slice, const char *text)
{
    return slice.len == strlen(text) && strncasecmp(slice.data, text, slice.len) == 0;
}

static enum field_use use_of(struct dagger_slice name)
{
    for (size_t i = 0; i < sizeof field_table / sizeof *field_table; i++)
        if (slice_is_nocase(name, field_table[i].name))
            return field_table[i].use;
    return FIELD_SENT;
}

/* RFC 9110, section 5.6.2. */
static bool is_token(struct dagger_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        bool alphanumeric =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!alphanumeric && (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return text.len > 0;
}

static struct dagger_slice trimmed(struct dagger_slice text)
{
    while (text.len && (text.data[0] == ' ' || text.data[0] == '\t')) {
        text.data++;
        text.len--;
    }
    while (text.len && (text.data[text.len - 1] == ' ' || text.data[text.len - 1] == '\t'))
        text.len--;
    return text;
}

/* Takes what is before the first `stop` off the front of `*rest`, the stop too. Without a stop:
 * false, and nothing is taken. */
static bool take_until(struct dagger_slice *rest, char stop, struct dagger_slice *part)
{
    const char *at = rest->len ? memchr(rest->data, stop, rest->len) : NULL;
    if (!at)
        return false;
    *part = (struct dagger_slice){rest->data, (size_t)(at - rest->data)};
    rest->data += part->len + 1;
    rest->len -= part->len + 1;
    return true;
}

static bool take_line(struct dagger_slice *rest, struct dagger_slice *line)
{
    if (!take_until(rest, '\n', line))
        return false;
    if (line->len && line->data[line->len - 1] == '\r')
        line->len--;
    return true;
}

size_t dagger_http_head_end(const char *bytes, size_t len, size_t *seen)
{
    /* *seen: start of the line that was not complete yet. */
    struct dagger_slice rest = {bytes + *seen, len - *seen}, line;
    while (take_line(&rest, &line)) {
        *seen = (size_t)(rest.data - bytes);
        if (!line.len)
            return *seen;
    }
    return 0;
}

/* request-line = method SP request-target SP HTTP-version */
static bool parse_request_line(struct http_head *head, struct dagger_slice line)
{
    if (!take_until(&line, ' ', &head->method) || !take_until(&line, ' ', &head->target))
        return false;
    if (!is_token(head->method) || slice_is_nocase(head->method, "CONNECT"))
        return false;
    if (!head->target.len || head->target.data[0] != '/')
        return false;
    for (size_t i = 0; i < head->target.len; i++) {
        unsigned char c = (unsigned char)head->target.data[i];
        if (c <= ' ' || c >= 0x7f || c == '#')
            return false;
    }
    return dagger_slice_is(line, "HTTP/1.1") || dagger_slice_is(line, "HTTP/1.0");
}

/* field-line = field-name ":" OWS field-value OWS. A line that begins with space has an empty name,
 * so that obs-fold is refused here too. */
static bool parse_field(struct http_field *field, struct dagger_slice line)
{
    if (!take_until(&line, ':', &field->name) || !is_token(field->name))
        return false;
    field->value = trimmed(line);
    for (size_t i = 0; i < field->value.len; i++) {
        unsigned char c = (unsigned char)field->value.data[i];
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static bool parse_content_length(struct http_head *head, struct dagger_slice value)
{
    if (head->content_length >= 0 || !value.len)
        return false;
    int64_t length = 0;
    for (size_t i = 0; i < value.len; i++) {
        int digit = value.data[i] - '0';
        if (digit < 0 || digit > 9 || length > (INT64_MAX - digit) / 10)
            return false;
        length = length * 10 + digit;
    }
    head->content_length = length;
    return true;
}

/* Connection = #connection-option. An option other than these two would name a field that the next
 * hop has to take out, or ask for another protocol. */
static bool parse_connection(struct http_head *head, struct dagger_slice value)
{
    struct dagger_slice option;
    bool more = true;
    while (more) {
        more = take_until(&value, ',', &option);
        option = trimmed(more ? option : value);
        if (slice_is_nocase(option, "close"))
            head->close = true;
        else if (option.len && !slice_is_nocase(option, "keep-alive"))
            return false;
    }
    return true;
}

static bool parse_own_field(struct http_head *head, const struct http_field *field)
{
    if (slice_is_nocase(field->name, "Content-Length"))
        return parse_content_length(head, field->value);
    if (slice_is_nocase(field->name, "Connection"))
        return parse_connection(head, field->value);
    if (slice_is_nocase(field->name, "Transfer-Encoding")) {
        bool again = head->chunked;
        head->chunked = slice_is_nocase(field->value, "chunked");
        return head->chunked && !again;
    }
    bool again = head->has_host;
    head->has_host = true;
    head->host = field->value;
    return !again;
}

int dagger_http_head_parse(struct http_head *head, const char *bytes, size_t len)
{
    *head = (struct http_head){.content_length = -1};
    struct dagger_slice rest = {bytes, len}, line;
    if (len > DAGGER_HTTP_HEAD_MAX || !take_line(&rest, &line) || !parse_request_line(head, line))
        return DAGGER_BADINPUT;
    head->fields = rest;
    for (;;) {
        if (!take_line(&rest, &line))
            return DAGGER_BADINPUT;
        if (!line.len)
            break;
        struct http_field field;
        if (!parse_field(&field, line))
            return DAGGER_BADINPUT;
        enum field_use use = use_of(field.name);
        if (use == FIELD_REFUSED || (use == FIELD_OURS && !parse_own_field(head, &field)))
            return DAGGER_BADINPUT;
        if (slice_is_nocase(field.name, "Expect") && !slice_is_nocase(field.value, "100-continue"))
            return DAGGER_BADINPUT;
    }
    bool two_lengths = head->chunked && head->content_length >= 0;
    return rest.len || two_lengths ? DAGGER_BADINPUT : 0;
}

bool dagger_http_field_next(struct dagger_slice *rest, struct http_field *field)
{
    struct dagger_slice line;
    while (take_line(rest, &line) && line.len) {
        if (parse_field(field, line) && use_of(field->name) == FIELD_SENT)
            return true;
    }
    return false;
}

/* The port "digits" say, the default if there are none, or -1. */
static int port_of(struct dagger_slice digits, int default_port)
{
    if (!digits.len)
        return default_port;
    int port = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return -1;
        port = port * 10 + (digits.data[i] - '0');
        if (port > 65535)
            return -1;
    }
    return port;
}

/* Host = uri-host [ ":" port ] */
bool dagger_http_host_agrees(struct dagger_slice value, const char *host, bool host_is_ipv6,
                             int port, int default_port)
{
    struct dagger_slice name;
    if (host_is_ipv6) {
        if (!value.len || value.data[0] != '[')
            return false;
        value = (struct dagger_slice){value.data + 1, value.len - 1};
        if (!take_until(&value, ']', &name) || (value.len && value.data[0] != ':'))
            return false;
        if (value.len)
            value = (struct dagger_slice){value.data + 1, value.len - 1};
    } else if (!take_until(&value, ':', &name)) {
        name = value;
        value.len = 0;
    }
    return slice_is_nocase(name, host) && port_of(value, default_port) == port;
}
