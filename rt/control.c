/* The commands of control://. They tell what the guest could know by itself, and do nothing that it
 * could not be allowed to do by a URL: so not the time, which policy may deny. */
#include "control.h"

#include <stddef.h>
#include <string.h>

#include "listen.h"
#include "now.h"
#include "process.h"
#include "reply.h"

enum { WORDS = 3 };

struct command {
    struct dagger_process *process;
    const struct dagger_host *host;
    struct dagger_slice word[WORDS]; /* its name first */
    struct dagger_reply *reply;
};

static void add_row(struct dagger_reply *reply, const char *name, uint64_t value)
{
    dagger_reply_text(reply, name);
    dagger_reply_number(reply, value);
}

/* ---- Streams ----------------------------------------------------------------------------------
 */

static struct dagger_slot *find_slot(const struct command *command)
{
    int64_t sd = dagger_slice_decimal(command->word[1]);
    return sd < 0 || sd > UINT32_MAX ? NULL : dagger_process_slot(command->process, (uint32_t)sd);
}

static int list_streams(const struct command *command)
{
    const struct dagger_process *process = command->process;
    struct dagger_reply *reply = command->reply;
    for (uint32_t sd = 0; sd < process->len; sd++) {
        const struct dagger_slot *slot = dagger_process_slot(process, sd);
        if (!slot)
            continue;
        const struct dagger_stream *stream = slot->stream;
        add_row(reply, "stream ", sd);
        dagger_reply_text(reply, " ");
        dagger_reply_text(reply, stream->scheme ? stream->scheme : stream->ops->kind);
        add_row(reply, " read ", stream->read);
        add_row(reply, " written ", stream->written);
        dagger_reply_text(reply, " error ");
        dagger_reply_text(reply, stream->error ? dagger_error_name(stream->error) : "none");
        dagger_reply_text(reply, "\n");
    }
    return 0;
}

static int tell_statistics(const struct command *command)
{
    const struct dagger_process *process = command->process;
    struct dagger_reply *reply = command->reply;
    uint64_t open = 0, read = process->read, written = process->written;
    for (size_t sd = 0; sd < process->len; sd++) {
        const struct dagger_stream *stream = process->slots[sd].stream;
        if (!stream)
            continue;
        open++;
        read += stream->read;
        written += stream->written;
    }
    add_row(reply, "streams-open ", open);
    add_row(reply, "\nstreams-opened ", process->opened);
    add_row(reply, "\nstreams-limit ", process->limit);
    add_row(reply, "\nbytes-read ", read);
    add_row(reply, "\nbytes-written ", written);
    dagger_reply_text(reply, "\n");
    return 0;
}

static int set_deadline(const struct command *command)
{
    struct dagger_slot *slot = find_slot(command);
    int64_t wait = dagger_slice_decimal(command->word[2]);
    bool none = dagger_slice_is(command->word[2], "none");
    if (!slot)
        return DAGGER_BADSD;
    if (!none && wait < 0)
        return DAGGER_BADINPUT;
    slot->stream->deadline = none ? 0 : dagger_deadline(wait);
    return 0;
}

static int end_writing(const struct command *command)
{
    struct dagger_slot *slot = find_slot(command);
    if (!slot)
        return DAGGER_BADSD;
    const struct dagger_stream_ops *ops = slot->stream->ops;
    return ops->end_writing ? ops->end_writing(slot->stream) : DAGGER_NOTSUP;
}

/* ---- Connections ------------------------------------------------------------------------------
 */

static int announce(const struct command *command)
{
    char actual[DAGGER_LISTEN_URL_MAX];
    const struct dagger_slice *url = &command->word[1];
    int error = dagger_listen_announce(command->host, url->data, url->len, actual, sizeof actual);
    if (error)
        return error;
    dagger_reply_text(command->reply, "listening ");
    dagger_reply_text(command->reply, actual);
    dagger_reply_text(command->reply, "\n");
    return 0;
}

static int list_listeners(const struct command *command)
{
    char url[DAGGER_LISTEN_URL_MAX];
    for (size_t i = 0; dagger_listen_address(i, url, sizeof url); i++) {
        dagger_reply_text(command->reply, "listener ");
        dagger_reply_text(command->reply, url);
        dagger_reply_text(command->reply, "\n");
    }
    return 0;
}

/* ---- Policy -----------------------------------------------------------------------------------
 */

static int ask_policy(const struct command *command)
{
    struct dagger_url url;
    const struct dagger_host *host = command->host;
    int error = dagger_url_parse(&url, command->word[1].data, command->word[1].len);
    if (error)
        return error;
    bool allowed = !host->allowed || host->allowed(host, &url);
    dagger_reply_text(command->reply, allowed ? "yes\n" : "no\n");
    return 0;
}

static int tell_policy(const struct command *command)
{
    const struct dagger_host *host = command->host;
    if (host->rules)
        host->rules(command->reply);
    else
        dagger_reply_text(command->reply, host->allowed ? "program\n" : "everything\n");
    return 0;
}

/* -----------------------------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    size_t words;
    int (*run)(const struct command *command);
} commands[] = {
    {"streams", 1, list_streams}, {"statistics", 1, tell_statistics}, {"deadline", 3, set_deadline},
    {"shutdown", 2, end_writing}, {"allowed", 2, ask_policy},         {"policy", 1, tell_policy},
    {"listen", 2, announce},      {"listeners", 1, list_listeners},
};

/* Words have one blank between them. Returns how many there are, WORDS + 1 for more. */
static size_t split(struct dagger_slice rest, struct dagger_slice words[WORDS])
{
    for (size_t count = 0; count < WORDS; count++) {
        const char *blank = memchr(rest.data, ' ', rest.len);
        words[count] =
            (struct dagger_slice){rest.data, blank ? (size_t)(blank - rest.data) : rest.len};
        if (!blank)
            return count + 1;
        rest.len -= words[count].len + 1;
        rest.data = blank + 1;
    }
    return WORDS + 1;
}

int dagger_process_control(const struct dagger_host *host, struct dagger_slice text,
                           struct dagger_reply *reply)
{
    struct command command = {
        .process = (struct dagger_process *)((char *)host - offsetof(struct dagger_process, host)),
        .host = host,
        .reply = reply,
    };
    size_t words = split(text, command.word);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (dagger_slice_is(command.word[0], commands[i].name))
            return words == commands[i].words ? commands[i].run(&command) : DAGGER_BADINPUT;
    return DAGGER_NOTSUP;
}
