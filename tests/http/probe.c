/* A guest on a lead: does what the lines of its standard input say with http(s) streams, one line
 * of output for each, so that a test can take turns with the server it plays.
 *
 *   open URL             write SD HEX      fill SD TOTAL CHUNK     flush SD
 *   read SD LEN          close SD          sink SD CHUNK           memory
 *
 * Each answers "RESULT [HEX or number]". fill writes TOTAL bytes of the pattern, sink reads to the
 * end and compares with it; both give the error and the bytes moved. memory gives VmHWM in KiB.
 * Options: --ca FILE, --connect MS, --idle MS, --deny TEXT (policy refuses URLs with it), --public
 * 1 (private addresses are denied).
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "streams/stream.h"

enum { STREAMS = 64, LINE = 1 << 20, CHUNK = 1 << 20, PERIOD = 251 };

static struct dagger_stream *streams[STREAMS];
static uint8_t pattern[CHUNK + PERIOD];
static const char *denied;

static bool allowed(const struct dagger_host *host, const struct dagger_url *url)
{
    (void)host;
    return !strstr(url->text, denied);
}

static void reply(int64_t result, int64_t more)
{
    printf("%lld %lld\n", (long long)result, (long long)more);
}

static void do_open(const struct dagger_host *host, const char *url)
{
    int sd = 0;
    while (streams[sd])
        sd++;
    int error = dagger_stream_open(host, url, strlen(url), &streams[sd]);
    reply(error ? error : sd, 0);
}

static void do_write(struct dagger_stream *stream, const char *hex)
{
    uint8_t *data = malloc(strlen(hex) / 2 + 1);
    size_t len = 0;
    for (unsigned byte; data && sscanf(hex + 2 * len, "%2x", &byte) == 1; len++)
        data[len] = (uint8_t)byte;
    reply(dagger_stream_write(stream, data, len), 0);
    free(data);
}

static void do_read(struct dagger_stream *stream, size_t len)
{
    uint8_t *data = malloc(len + 1);
    int64_t count = dagger_stream_read(stream, data, len);
    printf("%lld ", (long long)count);
    for (int64_t i = 0; i < count; i++)
        printf("%02x", data[i]);
    printf("\n");
    free(data);
}

static void do_fill(struct dagger_stream *stream, int64_t total, size_t chunk)
{
    int64_t done = 0, count = 0;
    while (done < total) {
        size_t len = total - done < (int64_t)chunk ? (size_t)(total - done) : chunk;
        count = dagger_stream_write(stream, pattern + done % PERIOD, len);
        if (count < 0)
            break;
        done += count;
    }
    reply(count < 0 ? count : 0, done);
}

static void do_sink(struct dagger_stream *stream, size_t chunk)
{
    static uint8_t data[CHUNK];
    int64_t done = 0, count;
    bool same = true;
    while ((count = dagger_stream_read(stream, data, chunk)) > 0) {
        same = same && !memcmp(data, pattern + done % PERIOD, (size_t)count);
        done += count;
    }
    reply(same ? count : 1, done);
}

static void do_memory(void)
{
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    long long peak = 0;
    while (status && fgets(line, sizeof line, status))
        sscanf(line, "VmHWM: %lld", &peak);
    if (status)
        fclose(status);
    reply(0, peak);
}

static void obey(const struct dagger_host *host, char *line)
{
    int sd = 0, at = 0;
    long long first = 0, second = 0;
    line[strcspn(line, "\n")] = '\0';
    if (!strncmp(line, "open ", 5)) {
        do_open(host, line + 5);
        return;
    }
    if (!strcmp(line, "memory")) {
        do_memory();
        return;
    }
    char *argument = strchr(line, ' ');
    if (!argument || sscanf(argument, "%d%n", &sd, &at) != 1 || !streams[sd])
        exit(2);
    argument += at;
    sscanf(argument, "%lld %lld", &first, &second);
    if (!strncmp(line, "write ", 6))
        do_write(streams[sd], argument + strspn(argument, " "));
    else if (!strncmp(line, "read ", 5))
        do_read(streams[sd], (size_t)first);
    else if (!strncmp(line, "fill ", 5))
        do_fill(streams[sd], first, (size_t)second);
    else if (!strncmp(line, "sink ", 5))
        do_sink(streams[sd], (size_t)first);
    else if (!strncmp(line, "flush ", 6))
        reply(dagger_stream_flush(streams[sd]), 0);
    else if (!strncmp(line, "close ", 6)) {
        reply(dagger_stream_close(streams[sd], DAGGER_END_NORMAL), 0);
        streams[sd] = NULL;
    } else
        exit(2);
}

int main(int argc, char **argv)
{
    struct dagger_host host = {0};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--ca"))
            host.ca_file = argv[i + 1];
        else if (!strcmp(argv[i], "--connect"))
            host.connect_timeout_ms = (int)strtol(argv[i + 1], NULL, 10);
        else if (!strcmp(argv[i], "--idle"))
            host.idle_timeout_ms = (int)strtol(argv[i + 1], NULL, 10);
        else if (!strcmp(argv[i], "--public"))
            host.deny_private = true;
        else if (!strcmp(argv[i], "--deny"))
            denied = argv[i + 1];
    }
    if (denied)
        host.allowed = allowed;
    signal(SIGPIPE, SIG_IGN); /* as the runtime does */
    for (size_t i = 0; i < sizeof pattern; i++)
        pattern[i] = i % PERIOD;
    char *line = malloc(LINE);
    while (line && fgets(line, LINE, stdin)) {
        obey(&host, line);
        fflush(stdout);
    }
    free(line);
    return 0;
}
