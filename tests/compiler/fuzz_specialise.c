/* libFuzzer target: whatever the C is that should be wasm2c's, specialising it ends and stays
 * inside, writes no more than a multiple of it, and either gives up or leaves what it has no reason
 * to change in functions as it was.
 *
 * An input is a byte of settings, the header, '\f', and the source without its top: that is tens of
 * KiB, which one known text or another has to match to the byte, so here a line stands for it.
 * Files are in memory (fuzz_files.h). specialise_corpus.py makes inputs of what wasm2c writes. */
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "fuzz_files.h"
#include "specialise.h"
#include "specialise_work.h"

/* What an object's parts need of a top to be known. */
#define TOP "#define FUNC_TYPE_EXTERN_T(x)\n"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
bool __real_generated_skip_top(struct span file, struct span *rest);
bool __wrap_generated_skip_top(struct span file, struct span *rest);

bool __wrap_generated_skip_top(struct span file, struct span *rest)
{
    if (__real_generated_skip_top(file, rest))
        return true;
    *rest = (struct span){file.at + strlen(TOP), file.end};
    return true;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    FILE *nowhere = fopen("/dev/null", "w");
    diag_output(nowhere);
    return nowhere ? 0 : 1;
}

/* Has a line anything that specialising changes, or that decides whether lines are left out? */
static bool may_change(struct span line)
{
    static const char *const reasons[] = {"instance",
                                          "w2c_guest",
                                          "void",
                                          "offsetof",
                                          "wrap_",
                                          "_default32",
                                          "var_f",
                                          "var_d",
                                          "var_o",
                                          "#",
                                          "wasm_rt_local_memory_"};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (span_contains(line, reasons[i]))
            return true;
    return false;
}

/* The next line of `rest` that is the same; dies if there is none. */
static void find_line(struct span *rest, struct span line)
{
    while (rest->at < rest->end) {
        struct span found = span_line(rest);
        if (span_len(found) == span_len(line) && memcmp(found.at, line.at, span_len(line)) == 0)
            return;
    }
    fprintf(stderr, "not in the output: %.*s", (int)span_len(line), line.at);
    abort();
}

/* The module's functions stand in the parts in order, with all their lines that need not change. */
static void functions_are_left(struct span definitions, struct span parts)
{
    for (;;) {
        struct item item = generated_next(&definitions);
        if (item.kind == ITEM_END)
            return;
        if (item.kind != ITEM_BODY || span_contains(item.text, "#if"))
            continue;
        while (item.text.at < item.text.end) {
            struct span line = span_line(&item.text);
            if (!may_change(line))
                find_line(&parts, line);
        }
    }
}

static struct specialisation settings(uint8_t byte, const struct args *parts)
{
    static const enum memory_mode modes[] = {MEMORY_FIXED, MEMORY_GUARD, MEMORY_CHECKED,
                                             MEMORY_FIXED};
    return (struct specialisation){
        .memory = modes[byte & 3],
        .library = (byte & 4) != 0,
        .single_memory = (byte & 8) == 0,
        .uses_simd = (byte & 16) != 0,
        .relaxed_loads = (byte & 32) != 0,
        .parts = parts,
    };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const uint8_t *text = data + 1, *end = data + size;
    const uint8_t *separator = memchr(text, '\f', (size_t)(end - text));
    const uint8_t *source = separator != NULL ? separator + 1 : end;
    struct args parts = {0};
    for (unsigned i = 0; i <= data[0] >> 6; i++)
        args_add_format(&parts, "part%u", i);
    struct specialisation how = settings(data[0], &parts);

    fuzz_file_set(TRANSLATED ".h", "", text, (size_t)((separator ? separator : end) - text));
    fuzz_file_set(TRANSLATED ".c", TOP, source, (size_t)(end - source));
    int result = specialise(&how);
    if (result < 0 || fuzz_files_size() > parts.count * (64 * size + 65536))
        abort();
    if (result == 0) {
        struct span written = fuzz_files_joined(&parts);
        functions_are_left((struct span){(const char *)source, (const char *)end}, written);
        free((char *)written.at);
    }
    fuzz_files_forget();
    args_release(&parts);
    return 0;
}
