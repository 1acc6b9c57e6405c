#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "rewrite.h"
#include "specialise_work.h"

/* In guest.data: so that what a guest copies is aligned as it was compiled. */
enum { SEGMENT_ALIGN = 16 };

/* ---- Data -------------------------------------------------------------------------------------
 */

static bool span_same(struct span a, struct span b)
{
    return span_len(a) == span_len(b) && memcmp(a.at, b.at, span_len(a)) == 0;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "0x00, 0x01, ", twelve a line. */
static bool write_bytes(FILE *out, struct span text, uint64_t *len)
{
    enum { WIDTH = 6 };
    *len = 0;
    while (text.at < text.end && !span_starts(text, "};")) {
        if (*text.at == '\n' || *text.at == ' ') {
            text.at++;
            continue;
        }
        if (span_len(text) < WIDTH || text.at[0] != '0' || text.at[1] != 'x' || text.at[4] != ',')
            return false;
        int high = hex_digit(text.at[2]), low = hex_digit(text.at[3]);
        if (high < 0 || low < 0)
            return false;
        putc_unlocked(high << 4 | low, out);
        text.at += WIDTH - 1;
        ++*len;
    }
    return text.at < text.end;
}

bool specialise_add_segment(struct work *work, const struct item *item, FILE *data)
{
    struct segment segment = {.name = item->name};
    if (work->segment_count > 0) {
        const struct segment *last = &work->segments[work->segment_count - 1];
        segment.from = last->from + last->len;
    }
    for (; segment.from % SEGMENT_ALIGN != 0; segment.from++)
        putc_unlocked(0, data);
    if ((work->segment_count & (work->segment_count + 1)) == 0) /* 0, 1, 3, 7 ... */
        work->segments =
            alloc_resize(work->segments, (2 * work->segment_count + 1) * sizeof *work->segments);
    bool known = write_bytes(data, span_after(item->text, "{\n"), &segment.len);
    work->segments[work->segment_count++] = segment;
    return known;
}

const char specialise_data_source[] = "    .section .rodata.guest_data, \"a\"\n"
                                      "    .balign 64\n"
                                      "    .globl guest_data\n"
                                      "    .hidden guest_data\n"
                                      "    .type guest_data, %object\n"
                                      "guest_data:\n"
                                      "    .incbin \"guest.data\"\n"
                                      "    .size guest_data, . - guest_data\n"
                                      "    .section .note.GNU-stack, \"\", %progbits\n";

/* What is active and at a known place is copied in one loop; a line of the function that does. */
struct loads {
    FILE *rows; /* of the loop's table */
    char *text;
    size_t size;
    unsigned count, done;
    struct span memory; /* where those go that are not done */
};

/* What an object has of rt/include/dagger/guest/memory.h. */
static const char library_loop[] =
    "struct guest_segment {\n"
    "  u32 to, len;\n"
    "  u64 from;\n"
    "};\n"
    "static void load_segments(wasm_rt_memory_t* memory, const u8* guest_data,\n"
    "                          const struct guest_segment* segments, size_t count) {\n"
    "  for (size_t i = 0; i < count; i++)\n"
    "    LOAD_DATA((*memory), segments[i].to, guest_data + segments[i].from, segments[i].len);\n"
    "}\n";

static void end_run(const struct work *work, struct loads *loads, FILE *code)
{
    if (loads->count == loads->done)
        return;
    fprintf(code, "  load_segments(&%s%.*s, guest_data, segments + %u, %u);\n",
            work->how->library ? "instance->" : MEMBER, (int)span_len(loads->memory),
            loads->memory.at, loads->done, loads->count - loads->done);
    loads->done = loads->count;
}

/* "  LOAD_DATA(instance->w2c_memory, 100u, data_segment_data_w2c_guest_d0, 6);" */
static bool add_load(const struct work *work, struct loads *loads, struct span line, size_t *next,
                     FILE *code)
{
    struct span rest = span_after(line, "LOAD_DATA(instance->"), memory = span_identifier(rest);
    if (memory.at == memory.end)
        return false;
    rest = span_after(rest, ", ");
    uint64_t to;
    if (!span_number(&rest, &to) || !span_starts(rest, "u, data_segment_data_"))
        return false;
    rest = span_after(rest, "u, ");
    struct span name = span_identifier(rest);
    while (*next < work->segment_count && !span_same(work->segments[*next].name, name))
        ++*next;
    if (*next == work->segment_count)
        return false;
    if (!span_same(memory, loads->memory))
        end_run(work, loads, code);
    loads->memory = memory;
    const struct segment *segment = &work->segments[*next];
    fprintf(loads->rows, "  {%" PRIu64 "u, %" PRIu64 "u, %" PRIu64 "u},\n", to, segment->len,
            segment->from);
    loads->count++;
    return true;
}

bool specialise_write_init_memories(struct work *work, struct span text)
{
    struct loads loads = {0};
    char *code = NULL;
    size_t code_size, next = 0;
    loads.rows = alloc_stream(&loads.text, &loads.size);
    FILE *out = alloc_stream(&code, &code_size);
    bool known = true;
    while (known && text.at < text.end) {
        struct span line = span_line(&text);
        if (span_starts(line, "  LOAD_DATA(instance->") && add_load(work, &loads, line, &next, out))
            continue;
        end_run(work, &loads, out);
        known = specialise_write_code(work, line, out);
        if (span_starts(line, "  wasm_rt_allocate_memory(&instance->") && !work->how->library &&
            work->how->single_memory && work->how->memory != MEMORY_FIXED) {
            struct span name = span_identifier(span_after(line, "&instance->"));
            fprintf(out, "  guest_memory_base = " MEMBER "%.*s.data;\n", (int)span_len(name),
                    name.at);
        }
    }
    alloc_stream_close(loads.rows, &loads.text);
    alloc_stream_close(out, &code);
    if (loads.count > 0 && work->how->library)
        fputs(library_loop, work->out);
    if (loads.count > 0)
        fprintf(work->out, "static const struct guest_segment segments[] = {\n%s};\n", loads.text);
    fputs(code, work->out);
    free(loads.text);
    free(code);
    return known;
}

void specialise_declare_data(const struct work *work, FILE *out)
{
    if (work->segment_count > 0)
        fputs("extern const u8 guest_data[];\n", out);
}

bool specialise_names_segment(struct span code)
{
    return span_contains(code, "data_segment_data_");
}

void specialise_write_segment_names(const struct work *work, FILE *out)
{
    for (size_t i = 0; i < work->segment_count; i++)
        fprintf(out, "#define %.*s (guest_data + %" PRIu64 ")\n",
                (int)span_len(work->segments[i].name), work->segments[i].name.at,
                work->segments[i].from);
}
