/* log://[?prefix=P]: records on standard error.
 *
 * One write is one record: a line "TIME P: text" for each line of the text. A record goes out with
 * one write(2) if it fits PIPE_BUF bytes, which a pipe or terminal shared with other programs does
 * not tear apart; a longer one goes out in pieces that end between lines where they can.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fdio.h"
#include "kinds.h"
#include "printable.h"
#include "std.h"

struct log_stream {
    struct dagger_stream base;
    bool torn;         /* the last line on standard error lacks its end */
    size_t prefix_len; /* with ": ", escaped; 0: no prefix */
    char prefix[];
};

/* The output of one write on its way out. */
struct record {
    struct log_stream *log;
    size_t len;         /* bytes in text */
    size_t lines_len;   /* of these, whole lines */
    size_t taken;       /* the guest's bytes that text stands for, with all before them */
    size_t taken_lines; /* as taken, for the whole lines */
    size_t delivered;   /* the guest's bytes that are out */
    int error;          /* once set, nothing more is written */
    char time[40];
    char text[PIPE_BUF];
};

/* Writes the first `len` bytes of the text, which stand for the guest's bytes up to `taken`. */
static void record_out(struct record *record, size_t len, size_t taken)
{
    size_t done = 0;
    while (done < len && !record->error) {
        int64_t count = dagger_fd_write(STDERR_FILENO, record->text + done, len - done);
        if (count > 0)
            done += (size_t)count;
        else if (count != DAGGER_INTERRUPTED)
            record->error = count ? (int)count : DAGGER_IO;
    }
    if (done)
        record->log->torn = record->text[done - 1] != '\n';
    if (done == len)
        record->delivered = taken;
    memmove(record->text, record->text + len, record->len - len);
    record->len -= len;
    record->lines_len = record->lines_len > len ? record->lines_len - len : 0;
}

static void record_add(struct record *record, const char *bytes, size_t len)
{
    while (len && !record->error) {
        size_t room = sizeof record->text - record->len;
        if (len > room && record->lines_len) {
            record_out(record, record->lines_len, record->taken_lines);
            continue;
        }
        size_t count = len < room ? len : room;
        memcpy(record->text + record->len, bytes, count);
        record->len += count;
        bytes += count;
        len -= count;
        if (len) /* a line longer than the buffer */
            record_out(record, record->len, record->taken);
    }
}

static void record_begin(struct record *record, struct log_stream *log)
{
    memset(record, 0, offsetof(struct record, text));
    record->log = log;
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    size_t len = gmtime_r(&now.tv_sec, &utc)
                     ? strftime(record->time, sizeof record->time, "%Y-%m-%dT%H:%M:%S", &utc)
                     : 0;
    snprintf(record->time + len, sizeof record->time - len, ".%03ldZ ", now.tv_nsec / 1000000);
    if (log->torn)
        record_add(record, "\n", 1);
}

static void record_line(struct record *record, const uint8_t *text, size_t len)
{
    struct log_stream *log = record->log;
    record_add(record, record->time, strlen(record->time));
    record_add(record, log->prefix, log->prefix_len);
    for (size_t at = 0; at < len && !record->error;) {
        char out[DAGGER_PRINTABLE_MAX];
        size_t written;
        size_t taken = dagger_printable_step(text + at, len - at, out, &written);
        record_add(record, out, written);
        record->taken += taken;
        at += taken;
    }
    record_add(record, "\n", 1);
}

static int64_t log_write(struct dagger_stream *stream, const void *data, size_t len)
{
    const uint8_t *text = data;
    struct record record;
    record_begin(&record, (struct log_stream *)stream);
    for (size_t at = 0; at < len && !record.error;) {
        const uint8_t *end = memchr(text + at, '\n', len - at);
        size_t line = end ? (size_t)(end - (text + at)) : len - at;
        record_line(&record, text + at, line);
        at += end ? line + 1 : line;
        record.taken = record.taken_lines = at;
        record.lines_len = record.len;
    }
    if (!record.error)
        record_out(&record, record.len, len);
    return record.error && !record.delivered ? record.error : (int64_t)record.delivered;
}

/* The end of the stream, as a log can't be read back. */
static int64_t log_read(struct dagger_stream *stream, void *data, size_t len)
{
    (void)stream, (void)data, (void)len;
    return 0;
}

static int log_close(struct dagger_stream *stream, enum dagger_ending ending)
{
    (void)ending;
    free(stream);
    return 0;
}

static const struct dagger_stream_ops log_ops = {
    .kind = "log",
    .read = log_read,
    .write = log_write,
    .close = log_close,
};

/* Finds the prefix as the URL has it, *found false if there is none. */
static int log_options(const struct dagger_url *url, struct dagger_slice *prefix, bool *found)
{
    *found = false;
    if (!dagger_url_is_plain(url, false, true))
        return DAGGER_BADINPUT;
    struct dagger_slice rest = url->query;
    struct dagger_query_pair pair;
    while (dagger_query_next(&rest, &pair)) {
        if (*found || !pair.has_value || !dagger_slice_is(pair.key, "prefix"))
            return DAGGER_BADINPUT;
        *found = true;
        *prefix = pair.value;
    }
    return 0;
}

int dagger_log_open(const struct dagger_host *host, const struct dagger_url *url,
                    struct dagger_stream **out)
{
    (void)host;
    struct dagger_slice encoded;
    bool found;
    int error = log_options(url, &encoded, &found);
    if (!error)
        error = dagger_std_check(STDERR_FILENO);
    if (error)
        return error;

    char text[DAGGER_URL_MAX + 1];
    int64_t len = found ? dagger_percent_decode(encoded, text, sizeof text) : 0;
    if (len < 0)
        return (int)len;

    size_t most = (size_t)len * DAGGER_PRINTABLE_MAX + 2;
    struct log_stream *log = calloc(1, sizeof *log + most);
    if (!log)
        return DAGGER_NOMEM;
    log->base.ops = &log_ops;
    for (size_t at = 0; at < (size_t)len;) {
        size_t written;
        at += dagger_printable_step((const uint8_t *)text + at, (size_t)len - at,
                                    log->prefix + log->prefix_len, &written);
        log->prefix_len += written;
    }
    if (log->prefix_len) {
        memcpy(log->prefix + log->prefix_len, ": ", 2);
        log->prefix_len += 2;
    }
    *out = &log->base;
    return 0;
}
