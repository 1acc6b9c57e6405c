#include "profile.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "diag.h"
#include "profile_data.h"
#include "temp.h"

/* ---- Which program it is of -------------------------------------------------------------------
 */

static const uint64_t hash_start = UINT64_C(0xcbf29ce484222325);

/* FNV-1a: tells mistakes apart, and nothing is trusted for its hash. */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    for (const unsigned char *at = bytes, *end = at + size; at < end; at++)
        hash = (hash ^ *at) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t hash_word(uint64_t hash, const char *word)
{
    return hash_bytes(hash, word, strlen(word) + 1);
}

static int hash_file(uint64_t *hash, const char *name, const char *ending)
{
    char *file = alloc_format("%s%s", name, ending), *path = temp_path(file);
    struct input input = {0};
    int result = access(path, F_OK) == 0 ? input_read(&input, path) : 0;
    if (result == 0)
        *hash = hash_bytes(hash_word(*hash, file), input.bytes, input.size);
    input_release(&input);
    free(path);
    free(file);
    return result;
}

/* What the compiler is asked to do, but for where it is. */
static uint64_t hash_flags(uint64_t hash, const struct compiler *compiler)
{
    struct args flags = ARGS_EMPTY;
    compiler_add_flags(compiler, &flags);
    for (size_t i = 0; i < flags.count; i++)
        hash = hash_word(hash, flags.items[i]);
    for (size_t i = 1; i < compiler->cc.count; i++)
        if (compiler->cc.items[i][0] == '-')
            hash = hash_word(hash, compiler->cc.items[i]);
    args_release(&flags);
    return hash;
}

/* Which compiler it is: "gcc (Debian 12.2.0-14) 12.2.0", the first word being what it was called
 * by; "Debian clang version 14.0.6". */
static int identify_compiler(struct profile *profile, const struct compiler *compiler,
                             uint64_t *hash)
{
    char *whole = compiler_ask(compiler, "--version");
    char *number = compiler_ask(compiler, "-dumpversion");
    char *machine = compiler_ask(compiler, "-dumpmachine");
    int result = whole != NULL && number != NULL && machine != NULL ? 0 : -1;
    if (result == 0) {
        profile->clang = strstr(whole, "clang") != NULL;
        profile->version = (unsigned)strtoul(number, NULL, 10);
        *hash = hash_word(hash_word(*hash, whole + strcspn(whole, " ")), machine);
    } else {
        diag_error("the C compiler does not tell its version, which profiles depend on");
        diag_note("--cc names another one");
    }
    free(machine);
    free(number);
    free(whole);
    return result;
}

static int identify(struct profile *profile, const struct compiler *compiler,
                    const struct input *module, const struct args *parts)
{
    uint64_t code = hash_word(hash_start, DAGGER_VERSION);
    int result = identify_compiler(profile, compiler, &code);
    code = hash_flags(code, compiler);
    if (result == 0 && !compiler->options->dry_run)
        result = hash_file(&code, "guest", ".h");
    for (size_t i = 0; i < parts->count && result == 0 && !compiler->options->dry_run; i++)
        result = hash_file(&code, parts->items[i], ".c");
    profile->name =
        alloc_format("%016llx-%s%u-%016llx",
                     (unsigned long long)hash_bytes(hash_start, module->bytes, module->size),
                     profile->clang ? "clang" : "gcc", profile->version, (unsigned long long)code);
    return result;
}

/* ---- Both options -----------------------------------------------------------------------------
 */

static int prepare_generate(struct profile *profile, struct compiler *compiler)
{
    const char *dir = compiler->options->profile_generate_dir;
    if (dir != NULL && dir[0] == '/') {
        profile->folder = alloc_copy_text(dir);
    } else if (dir != NULL) {
        char *here = getcwd(NULL, 0);
        if (here == NULL) {
            diag_error("--profile-generate=%s: can't tell the working directory:", text_shown(dir));
            return -1;
        }
        profile->folder = alloc_format("%s/%s", here, dir);
        free(here);
    }
    if (profile->clang && profile_check_tool(profile, compiler) != 0)
        return -1;
    args_add(&compiler->guest_flags, "-fprofile-generate");
    /* gcc marks the counts with the time otherwise, and then does not add to those of an executable
     * that was compiled at another. */
    if (!profile->clang)
        args_add(&compiler->guest_flags, "-frandom-seed=guest");
    args_add(&compiler->link_flags, "-fprofile-generate");
    return 0;
}

static int prepare_use(struct profile *profile, struct compiler *compiler, const struct args *parts)
{
    if (profile_fetch(profile, compiler, parts) != 0)
        return -1;
    /* Warnings tell of counts that don't fit. They are not for the user's eyes, and no errors. */
    compiler->guest_warnings = true;
    if (profile->clang) {
        args_add(&compiler->guest_flags, "-fprofile-use=" PROFILE_MERGED);
        args_add(&compiler->guest_flags, "-Wno-everything");
        args_add(&compiler->guest_flags, "-Wbackend-plugin");
    } else {
        args_add(&compiler->guest_flags, "-fprofile-use"); /* PART.gcda, here */
        args_add(&compiler->guest_flags, "-Wmissing-profile");
    }
    args_add(&compiler->guest_flags, "-Wno-error");
    return 0;
}

int profile_prepare(struct profile *profile, struct compiler *compiler, const struct input *module,
                    const struct args *parts)
{
    const struct options *options = compiler->options;
    *profile = (struct profile){0};
    if (!options->profile_generate && options->profile_use == NULL)
        return 0;
    if (identify(profile, compiler, module, parts) != 0)
        return -1;
    return options->profile_generate ? prepare_generate(profile, compiler)
                                     : prepare_use(profile, compiler, parts);
}

void profile_release(struct profile *profile)
{
    free(profile->name);
    free(profile->folder);
}

size_t profile_misfits(const struct run_job *job)
{
    static const char *const marks[] = {"[-Wcoverage-mismatch]", "[-Wmissing-profile]",
                                        "(hash mismatch)"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *at = job->output, *end = at + job->output_len;
        size_t len = strlen(marks[i]);
        while (at != NULL && (at = memmem(at, (size_t)(end - at), marks[i], len)) != NULL) {
            count++;
            at += len;
        }
    }
    return count;
}
