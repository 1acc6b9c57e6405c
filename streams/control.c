/* control://: a command is a line that is written, its answer the lines that can be read then, the
 * last of which is "ok" or "error NAME". */
#include "reply.h"

#include <stdlib.h>
#include <string.h>

#include "kinds.h"

enum {
    COMMAND_MAX = DAGGER_URL_MAX + 64,
    ANSWERS_KEPT = 64 * 1024, /* unread; no further command is done then */
    ANSWERS_MAX = 1024 * 1024 /* with that of one more command */
};

struct control {
    struct dagger_stream base;
    const struct dagger_host *host;
    struct dagger_reply reply;
    size_t len; /* of the command so far; more than COMMAND_MAX: too long, and not kept */
    char command[COMMAND_MAX];
};

void dagger_reply_slice(struct dagger_reply *reply, struct dagger_slice text)
{
    if (!reply->error)
        reply->error = dagger_http_bytes_add(&reply->bytes, text.data, text.len, ANSWERS_MAX);
}

void dagger_reply_text(struct dagger_reply *reply, const char *text)
{
    dagger_reply_slice(reply, (struct dagger_slice){text, strlen(text)});
}

void dagger_reply_number(struct dagger_reply *reply, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    dagger_reply_slice(reply, (struct dagger_slice){digits + at, sizeof digits - at});
}

/* Does the command that is complete. Returns 0, or an error if there is no room for the answer. */
static int answer(struct control *control)
{
    struct dagger_reply *reply = &control->reply;
    struct dagger_slice command = {control->command, control->len};
    size_t before = dagger_http_bytes_len(&reply->bytes);
    control->len = 0;
    if (command.len && command.len <= COMMAND_MAX && command.data[command.len - 1] == '\r')
        command.len--;
    int error = command.len > COMMAND_MAX ? DAGGER_BADINPUT
                                          : control->host->control(control->host, command, reply);
    if (error) {
        dagger_reply_text(reply, "error ");
        dagger_reply_text(reply, dagger_error_name(error));
    } else {
        dagger_reply_text(reply, "ok");
    }
    dagger_reply_text(reply, "\n");
    error = reply->error;
    if (error)
        reply->bytes.end = reply->bytes.start + before;
    reply->error = 0;
    return error;
}

static int64_t control_write(struct dagger_stream *stream, const void *data, size_t len)
{
    struct control *control = (struct control *)stream;
    if (dagger_http_bytes_len(&control->reply.bytes) >= ANSWERS_KEPT)
        return DAGGER_NOSPACE;
    const char *end = memchr(data, '\n', len);
    size_t part = end ? (size_t)(end - (const char *)data) : len;
    if (part <= COMMAND_MAX && control->len <= COMMAND_MAX - part) {
        memcpy(control->command + control->len, data, part);
        control->len += part;
    } else {
        control->len = COMMAND_MAX + 1;
    }
    if (!end)
        return (int64_t)part;
    int error = answer(control);
    return error ? error : (int64_t)part + 1;
}

static int64_t control_read(struct dagger_stream *stream, void *data, size_t len)
{
    return (int64_t)dagger_http_bytes_take(&((struct control *)stream)->reply.bytes, data, len);
}

static int control_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    (void)ending;
    struct control *control = (struct control *)stream;
    int error = control->len ? DAGGER_BADINPUT : 0;
    dagger_http_bytes_release(&control->reply.bytes);
    free(control);
    return error;
}

static const struct dagger_stream_ops control_ops = {
    .kind = "control",
    .read = control_read,
    .write = control_write,
    .close = control_close,
};

int dagger_control_open(const struct dagger_host *host, const struct dagger_url *url,
                        struct dagger_stream **out)
{
    if (!dagger_url_is_plain(url, false, false))
        return DAGGER_BADINPUT;
    if (!host->control)
        return DAGGER_UNAVAIL;
    struct control *control = calloc(1, sizeof *control);
    if (!control)
        return DAGGER_NOMEM;
    control->base.ops = &control_ops;
    control->host = host;
    *out = &control->base;
    return 0;
}
