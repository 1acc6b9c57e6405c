#include "watch.h"

#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "calls.h"
#include "fuel.h"
#include "guest_limits.h"
#include "report.h"
#include "runtime.h"

/* Streams that are told apart; those opened later are counted together, as the first. */
enum { STREAMS = 64, URL_SHOWN = 64, DATA_SHOWN = 32, NO_STREAM = -1 };

struct watched_stream {
    int32_t sd;        /* NO_STREAM: closed */
    uint32_t url_len;  /* of what is kept */
    uint64_t bytes[2]; /* read, written */
    char url[URL_SHOWN];
};

static struct {
    const char *engine;
    const uint64_t *instructions;
    uint64_t began; /* microseconds */
    uint64_t calls[DAGGER_CALLS], other_calls;
} watch;

static struct watched_stream streams[STREAMS], *last = streams;

static const char names[DAGGER_CALLS][8] = {"open", "close", "read", "write", "flush"};

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static struct watched_stream *stream_at(int32_t sd)
{
    struct watched_stream *stream = last;
    while (stream > streams && stream->sd != sd)
        stream--;
    return stream;
}

static void count(enum dagger_call call, int32_t sd, int32_t result, const char *url, uint32_t len)
{
    watch.calls[call]++;
    if (result < 0)
        return;
    struct watched_stream *stream = stream_at(sd);
    if (call == DAGGER_OPEN && last < &streams[STREAMS - 1]) {
        stream = ++last;
        stream->sd = result;
        stream->url_len = len < URL_SHOWN ? len : URL_SHOWN;
        memcpy(stream->url, url, stream->url_len);
    } else if (call == DAGGER_CLOSE) {
        stream->sd = NO_STREAM;
    } else if (call == DAGGER_READ || call == DAGGER_WRITE) {
        stream->bytes[call - DAGGER_READ] += (uint32_t)result;
    }
}

/* Ends a line: with the limit that was met, if one was. */
static void tell_limit(struct dagger_report *report)
{
    const char **met = &dagger_runtime.imports.process.limit_met;
    if (*met)
        dagger_report_format(report, " (%s)", *met);
    dagger_report_text(report, "\n");
    *met = NULL;
}

/* write(0, "hello\n", 6) = 6 */
static void trace(enum dagger_call call, uint32_t sd, int32_t result, const char *data,
                  uint32_t data_len, uint32_t len)
{
    struct dagger_report report;
    dagger_report_begin(&report);
    dagger_report_format(&report, call == DAGGER_OPEN ? "%s(" : "%s(%u", names[call], (uint64_t)sd);
    if (call != DAGGER_CLOSE && call != DAGGER_FLUSH) {
        uint32_t shown = data_len < DATA_SHOWN || call == DAGGER_OPEN ? data_len : DATA_SHOWN;
        dagger_report_text(&report, call == DAGGER_OPEN ? "\"" : ", \"");
        dagger_report_escaped(&report, data, shown);
        dagger_report_format(&report, shown < data_len ? "\"..., %u" : "\", %u", (uint64_t)len);
    }
    bool failed = result < 0;
    dagger_report_format(&report, failed ? ") = -%u %s" : ") = %u",
                         failed ? -(uint64_t)result : (uint64_t)result, dagger_error_name(result));
    tell_limit(&report);
    dagger_report_end(&report);
}

uint32_t dagger_watched_call(enum dagger_call call, uint32_t a, uint32_t b, uint32_t c)
{
    struct w2c_dagger *imports = &dagger_runtime.imports;
    uint8_t watched = imports->watched;
    dagger_limits_settle();
    imports->watched = 0;
    int32_t result = dagger_make_call(call, a, b, c);
    imports->watched |= watched;
    dagger_limits_settle();

    dagger_runtime.in_guest = false;
    bool is_open = call == DAGGER_OPEN;
    uint32_t address = is_open ? a : b, wanted = is_open ? b : c;
    size_t len = call == DAGGER_READ && result >= 0 ? (uint32_t)result : wanted;
    uint8_t *data = NULL;
    bool inside = is_open && wanted == 0
                      ? dagger_guest_string(imports->memory, address, DAGGER_URL_MAX,
                                            (const char **)&data, &len)
                      : dagger_guest_range(imports->memory, address, (uint32_t)len, &data);
    if (!inside)
        len = 0;
    count(call, (int32_t)a, result, (const char *)data, (uint32_t)len);
    if (watched & DAGGER_WATCH_TRACE)
        trace(call, a, result, (const char *)data, (uint32_t)len, wanted);
    dagger_runtime.in_guest = true;
    return (uint32_t)result;
}

/* fd_close(3) = 0 SUCCESS */
void dagger_watched_import(const char *name, unsigned count, const uint64_t *arguments,
                           uint32_t result, const char *word)
{
    struct dagger_report report;
    dagger_limits_settle();
    watch.other_calls++;
    if (!(dagger_runtime.imports.watched & DAGGER_WATCH_TRACE))
        return;
    dagger_report_begin(&report);
    dagger_report_text(&report, name);
    for (unsigned i = 0; i < count; i++)
        dagger_report_format(&report, i ? ", %u" : "(%u", arguments[i]);
    dagger_report_text(&report, count ? ")" : "()");
    if (word)
        dagger_report_format(&report, " = %u %s", (uint64_t)result, word);
    tell_limit(&report);
    dagger_report_end(&report);
}

void dagger_watch_begin(void)
{
    watch.began = now();
}

void dagger_watch_engine(const char *name, const uint64_t *instructions)
{
    watch.engine = name;
    watch.instructions = instructions;
}

static uint64_t microseconds(struct timeval time)
{
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

void dagger_watch_end(void)
{
    if (!(dagger_runtime.imports.watched & DAGGER_WATCH_STATS))
        return;
    uint64_t took = now() - watch.began;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    const wasm_rt_memory_t *memory = dagger_runtime.imports.memory;
    struct dagger_report report;
    dagger_report_begin(&report);
    dagger_report_format(&report,
                         "stats: %s\n    calls:", watch.engine ? watch.engine : "compiled");
    for (int i = 0; i < DAGGER_CALLS; i++)
        dagger_report_format(&report, " %s %u", names[i], watch.calls[i]);
    if (watch.other_calls)
        dagger_report_format(&report, " WASI %u", watch.other_calls);
    for (const struct watched_stream *stream = streams; stream <= last; stream++) {
        if (stream > streams) {
            dagger_report_text(&report, "\n    stream \"");
            dagger_report_escaped(&report, stream->url, stream->url_len);
            dagger_report_text(&report, "\"");
        } else if (stream->bytes[0] | stream->bytes[1]) {
            dagger_report_text(&report, "\n    other streams");
        } else {
            continue;
        }
        dagger_report_format(&report, ": read %u, written %u", stream->bytes[0], stream->bytes[1]);
    }
    if (dagger_runtime.fuel.given)
        dagger_report_format(&report, "\n    fuel: %u of %u", dagger_fuel_used(),
                             dagger_runtime.fuel.given);
    else if (watch.instructions)
        dagger_report_format(&report, "\n    instructions: %u", *watch.instructions);
    dagger_report_format(&report,
                         "\n    memory: %u pages\n"
                         "    time: %u us, processor: %u us user, %u us system\n",
                         memory ? memory->pages : 0, took, microseconds(usage.ru_utime),
                         microseconds(usage.ru_stime));
    dagger_report_end(&report);
}
