#include "about.h"

#include <dagger/about.h>
#include <elf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"
#include "digest.h"
#include "elf_file.h"

/* ---- Making -----------------------------------------------------------------------------------
 */

/* A JSON string in printable ASCII, with U+FFFD for what is no UTF-8. */
static void put_string(const char *text, FILE *out)
{
    const uint8_t *at = (const uint8_t *)text, *end = at + strlen(text);
    fputc('"', out);
    while (at < end) {
        uint32_t c = 0;
        size_t len = text_utf8(at, end, &c);
        c = len > 0 ? c : 0xfffd;
        at += len > 0 ? len : 1;
        if (c >= 0x10000)
            fprintf(out, "\\u%04x\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)),
                    (unsigned)(0xdc00 + ((c - 0x10000) & 0x3ff)));
        else if (c < 0x20 || c >= 0x7f)
            fprintf(out, "\\u%04x", (unsigned)c);
        else
            fprintf(out, c == '"' || c == '\\' ? "\\%c" : "%c", (int)c);
    }
    fputc('"', out);
}

static void put_member(const char *key, const char *value, FILE *out)
{
    fprintf(out, "\"%s\": ", key);
    put_string(value, out);
    fputs(",\n", out);
}

static void put_list(const char *key, const struct args *list, FILE *out)
{
    fprintf(out, "\"%s\": [", key);
    for (size_t i = 0; i < list->count; i++) {
        fputs(i > 0 ? ",\n  " : "\n  ", out);
        put_string(list->items[i], out);
    }
    fputs(list->count > 0 ? "\n]" : "]", out);
}

static void add_if(struct args *list, bool given, const char *option)
{
    if (given)
        args_add(list, option);
}

static void add_words(struct args *list, const char *name, const struct args *words, size_t from)
{
    for (size_t i = from; i < words->count; i++)
        args_add_format(list, "%s%s", name, words->items[i]);
}

/* What was asked for and shows in the code, in an order of its own; nothing that only says where
 * things are. */
static struct args options_of(const struct compiler *compiler)
{
    const struct options *options = compiler->options;
    struct args list = ARGS_EMPTY;
    args_add_format(&list, "-O%s", options->level != NULL ? options->level : "2");
    add_if(&list, options->debug, "-g");
    add_if(&list, options->is_static, "-static");
    add_if(&list, options->strip, "-s");
    if (options->march != NULL)
        args_add_format(&list, "-march=%s", options->march);
    if (options->target != NULL)
        args_add_format(&list, "--target=%s", options->target->triple);
    add_if(&list, options->relaxed_loads, "--relaxed-loads");
    add_if(&list, options->profile_generate, "--profile-generate");
    add_if(&list, options->profile_use != NULL, "--profile-use");
    if (options->entry != NULL)
        args_add_format(&list, options->invoke ? "--invoke=%s" : "--entry=%s", options->entry);
    add_if(&list, options->allow_undefined, "--allow-undefined-imports");
    add_if(&list, options->reproducible, "--reproducible");
    add_words(&list, "--cc: ", &compiler->cc, 1);
    add_words(&list, "CFLAGS: ", &compiler->cflags, 0);
    add_words(&list, "-Wc,", &options->compiler_args, 0);
    add_words(&list, "LDFLAGS: ", &compiler->ldflags, 0);
    add_words(&list, "", &options->linker_args, 0);
    return list;
}

static struct args features_of(const struct module *module)
{
    struct args list = ARGS_EMPTY;
    for (unsigned i = 0; i < FEATURE_COUNT; i++)
        add_if(&list, (module->features >> i & 1) != 0, features[i].name);
    add_if(&list, module->imports_wasi, "WASI");
    return list;
}

static void put_limit(const char *name, uint64_t limit, FILE *out)
{
    if (limit != 0)
        fprintf(out, "\"%s\": %" PRIu64 ",\n", name, limit);
}

/* In seconds, as it is given. */
static void put_limit_time(const char *name, uint64_t limit, FILE *out)
{
    if (limit != 0)
        fprintf(out, "\"%s\": %" PRIu64 ".%03" PRIu64 ",\n", name, limit / 1000, limit % 1000);
}

static void put_limits(const struct compiler *compiler, FILE *out)
{
    static const char *const modes[] = {
        [MEMORY_FIXED] = "fixed", [MEMORY_GUARD] = "guard", [MEMORY_CHECKED] = "checked"};
    const struct options *options = compiler->options;
    put_member("memory", modes[compiler->memory], out);
    put_limit("max_memory", options->max_memory, out);
    put_limit("max_table", options->limits.table, out);
    put_limit("max_streams", options->limits.streams, out);
    put_limit("max_stream_bytes", options->limits.stream_bytes, out);
    put_limit_time("max_cpu_time", options->limits.cpu_time, out);
    put_limit_time("max_time", options->limits.time, out);
    put_limit("fuel", options->fuel, out);
}

static void put_sandbox(const struct options *options, FILE *out)
{
    static const char *const words[] = {
        [SANDBOX_TRY] = "try", [SANDBOX_REQUIRE] = "require", [SANDBOX_OFF] = "off"};
    if (options->deny_private)
        fprintf(out, "\"deny_private\": true,\n");
    put_member("sandbox", words[options->profile_generate ? SANDBOX_OFF : options->sandbox], out);
}

static void put_policy(const struct policy *policy, FILE *out)
{
    put_member("policy",
               policy->only_allowed     ? "only what is allowed"
               : policy->deny.count > 0 ? "all but what is denied"
                                        : "none",
               out);
    put_list("allow", &policy->allow, out);
    fputs(",\n", out);
    put_list("deny", &policy->deny, out);
    fputs(",\n", out);
}

char *about_make(const struct compiler *compiler, const struct module *module,
                 const struct input *binary, const char *wasm2c)
{
    const struct options *options = compiler->options;
    char *json = NULL, hash[65], *version = compiler_ask(compiler, "--version");
    size_t size;
    FILE *out = alloc_stream(&json, &size);
    struct args given = options_of(compiler), used = features_of(module);
    digest_sha256(binary->bytes, binary->size, hash);
    fputs("{\n", out);
    put_member("module_sha256", hash, out);
    put_member("daggercc", DAGGER_VERSION, out);
    put_member("wasm2c", wasm2c, out);
    put_member("cc", version != NULL ? version : "unknown", out);
    put_list("options", &given, out);
    fputs(",\n", out);
    put_list("features", &used, out);
    fputs(",\n", out);
    put_limits(compiler, out);
    put_sandbox(options, out);
    put_policy(&options->policy, out);
    put_list("directories", &options->directories, out);
    fputs(",\n", out);
    put_list("environment", &options->environment, out);
    fputs("\n}\n", out);
    alloc_stream_close(out, &json);
    args_release(&given);
    args_release(&used);
    free(version);
    return json;
}

/* ---- Showing ----------------------------------------------------------------------------------
 */

/* The file may be anybody's: only what is_about() lets pass is printed. */
static bool is_about(const uint8_t *bytes, size_t size)
{
    if (size < 3 || bytes[0] != '{' || bytes[size - 1] != 0)
        return false;
    for (size_t i = 0; i + 1 < size; i++)
        if (bytes[i] != '\n' && (bytes[i] < 0x20 || bytes[i] >= 0x7f))
            return false;
    return true;
}

int about_print(const char *path, bool json)
{
    struct elf_file elf;
    if (elf_open_to_read(&elf, path) != 0)
        return -1;
    const Elf64_Shdr *section = elf_find_section(&elf, DAGGER_ABOUT_SECTION);
    int result = -1;
    if (section == NULL) {
        diag_error("'%s' tells nothing about itself: daggercc did not make it, or an older one did",
                   text_shown(path));
    } else if (!is_about(elf.bytes + section->sh_offset, section->sh_size)) {
        diag_error("'%s': its section " DAGGER_ABOUT_SECTION " is damaged", text_shown(path));
    } else {
        const char *about = (const char *)elf.bytes + section->sh_offset;
        char *text = alloc_zeroed(section->sh_size);
        if (!json)
            dagger_about_text(about, text);
        fputs(json ? about : text, stdout);
        free(text);
        result = 0;
    }
    return elf_close(&elf) == 0 ? result : -1;
}
