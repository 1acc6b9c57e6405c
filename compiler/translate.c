#include "translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"
#include "run.h"
#include "temp.h"

/* Code of one part, bytes. A compiler takes some ten seconds for so much; parts of a module cannot
 * inline each other's functions, so a module that is compiled quickly stays whole. */
enum { PART_SIZE = 256 * 1024, PARTS_MAX = 256 };

unsigned translate_parts(const struct module *module)
{
    uint64_t parts = module->code_size / PART_SIZE;
    return parts < 2 ? 1 : parts > PARTS_MAX ? PARTS_MAX : (unsigned)parts;
}

static int write_clean_copy(const struct translation *translation)
{
    FILE *file = temp_create("guest.wasm");
    if (file == NULL)
        return -1;
    struct module_clean how = {
        .library = translation->library,
        .names = translation->names,
        .numbered = translation->numbered,
        .fuel = translation->fuel,
    };
    int written = module_write_clean(translation->module, &how, file);
    int closed = temp_close(file, "guest.wasm");
    return written == 0 && closed == 0 ? 0 : -1;
}

static void add_feature_flags(struct args *argv, feature_set used)
{
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        bool doubled = i > 0 && features[i].flag != NULL && features[i - 1].flag != NULL &&
                       (used & ((feature_set)1 << (i - 1))) != 0 &&
                       strcmp(features[i].flag, features[i - 1].flag) == 0;
        if ((used & ((feature_set)1 << i)) != 0 && features[i].flag != NULL && !doubled)
            args_add(argv, features[i].flag);
    }
}

int translate(const struct translation *translation)
{
    if (write_clean_copy(translation) != 0)
        return -1;
    struct run_job job = {
        .name = "wasm2c",
        .cpu_seconds = translation->cpu_seconds,
        .data_bytes = translation->data_bytes,
        .deep_stack = true,
    };
    wasm2c_command(translation->wasm2c, &job.argv);
    args_add(&job.argv, "-n");
    args_add(&job.argv, "guest");
    add_feature_flags(&job.argv, translation->module->features);
    if (translation->parts > 1)
        args_add_format(&job.argv, "--num-outputs=%u", translation->parts);
    args_add(&job.argv, "-o");
    args_add_format(&job.argv, "%s.c", translation->base);
    args_add(&job.argv, "guest.wasm");
    int result = run_jobs(&job, 1, 1, "translating");
    if (result != 0)
        run_report(&job);
    run_job_release(&job);
    return result;
}

/* wat2wasm names the file as it was given to it; put the user's own name there instead. */
static void name_input(struct run_job *job, const char *name)
{
    static const char given[] = "module.wat:";
    size_t len = sizeof given - 1;
    if (job->output_len < len || memcmp(job->output, given, len) != 0)
        return;
    char *named = alloc_format("%s:%.*s", name, (int)(job->output_len - len), job->output + len);
    free(job->output);
    job->output = named;
    job->output_len = strlen(named);
}

/* What wat2wasm is to accept beyond its defaults, so that a refusal comes from us, with a remedy.
 * Not
 * --enable-all: with typed function references wat2wasm refuses valid uses of funcref. */
static const char *const text_features[] = {
    "--enable-exceptions",   "--enable-extended-const", "--enable-multi-memory",
    "--enable-relaxed-simd", "--enable-tail-call",      "--enable-threads",
    "--enable-memory64",
};

static int run_wat2wasm(const struct wasm2c *wasm2c, const char *name)
{
    struct run_job job = {
        .name = "wat2wasm", .cpu_seconds = 60, .data_bytes = (uint64_t)4 << 30, .deep_stack = true};
    int result = wasm2c_wat2wasm_command(wasm2c, &job.argv);
    if (result == 0) {
        for (size_t i = 0; i < sizeof text_features / sizeof *text_features; i++)
            args_add(&job.argv, text_features[i]);
        args_add(&job.argv, "--debug-names");
        args_add(&job.argv, "-o");
        args_add(&job.argv, "module.wasm");
        args_add(&job.argv, "module.wat");
        result = run_always(&job);
        if (result != 0) {
            name_input(&job, name);
            run_report(&job);
        }
    }
    run_job_release(&job);
    return result;
}

int translate_text(struct input *input, const char *name, const struct wasm2c *wasm2c)
{
    FILE *file = temp_create("module.wat");
    if (file == NULL)
        return -1;
    fwrite(input->bytes, 1, input->size, file);
    if (temp_close(file, "module.wat") != 0 || run_wat2wasm(wasm2c, name) != 0)
        return -1;
    input_release(input);
    char *path = temp_path("module.wasm");
    int result = input_read(input, path);
    free(path);
    return result;
}
