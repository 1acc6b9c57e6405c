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

#include "rt/process.h"

enum { LINE = 1 << 20, CHUNK = 1 << 20, PERIOD = 251 };

static struct dagger_process process;
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

static void do_open(const char *url)
{
    reply(dagger_process_open(&process, url, strlen(url)), 0);
}

static void do_write(uint32_t sd, const char *hex)
{
    uint8_t *data = malloc(strlen(hex) / 2 + 1);
    size_t len = 0;
    for (unsigned byte; data && sscanf(hex + 2 * len, "%2x", &byte) == 1; len++)
        data[len] = (uint8_t)byte;
    reply(dagger_process_write(&process, sd, data, len), 0);
    free(data);
}

static void do_read(uint32_t sd, size_t len)
{
    uint8_t *data = malloc(len + 1);
    int64_t count = dagger_process_read(&process, sd, data, len);
    printf("%lld ", (long long)count);
    for (int64_t i = 0; i < count; i++)
        printf("%02x", data[i]);
    printf("\n");
    free(data);
}

static void do_fill(uint32_t sd, int64_t total, size_t chunk)
{
    int64_t done = 0, count = 0;
    while (done < total) {
        size_t len = total - done < (int64_t)chunk ? (size_t)(total - done) : chunk;
        count = dagger_process_write(&process, sd, pattern + done % PERIOD, len);
        if (count < 0)
            break;
        done += count;
    }
    reply(count < 0 ? count : 0, done);
}

static void do_sink(uint32_t sd, size_t chunk)
{
    static uint8_t data[CHUNK];
    int64_t done = 0, count;
    bool same = true;
    while ((count = dagger_process_read(&process, sd, data, chunk)) > 0) {
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

static void obey(char *line)
{
    uint32_t sd = 0;
    int at = 0;
    long long first = 0, second = 0;
    line[strcspn(line, "\n")] = '\0';
    if (!strncmp(line, "open ", 5)) {
        do_open(line + 5);
        return;
    }
    if (!strcmp(line, "memory")) {
        do_memory();
        return;
    }
    char *argument = strchr(line, ' ');
    if (!argument || sscanf(argument, "%u%n", &sd, &at) != 1)
        exit(2);
    argument += at;
    sscanf(argument, "%lld %lld", &first, &second);
    if (!strncmp(line, "write ", 6))
        do_write(sd, argument + strspn(argument, " "));
    else if (!strncmp(line, "read ", 5))
        do_read(sd, (size_t)first);
    else if (!strncmp(line, "fill ", 5))
        do_fill(sd, first, (size_t)second);
    else if (!strncmp(line, "sink ", 5))
        do_sink(sd, (size_t)first);
    else if (!strncmp(line, "flush ", 6))
        reply(dagger_process_flush(&process, sd), 0);
    else if (!strncmp(line, "close ", 6))
        reply(dagger_process_close(&process, sd), 0);
    else
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
    dagger_process_init(&process, &host);
    signal(SIGPIPE, SIG_IGN); /* as the runtime does */
    for (size_t i = 0; i < sizeof pattern; i++)
        pattern[i] = i % PERIOD;
    char *line = malloc(LINE);
    while (line && fgets(line, LINE, stdin)) {
        obey(line);
        fflush(stdout);
    }
    free(line);
    return 0;
}
