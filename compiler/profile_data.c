#include "profile_data.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "diag.h"
#include "temp.h"

enum { HASH_DIGITS = 16 }; /* of a name: MODULE-gcc12-CODE */

static int report_damage(const char *path, const char *what)
{
    diag_error("the profile is damaged: '%s' is %s", text_shown(path), what);
    diag_note("remove it, and run the executable of --profile-generate again");
    return -1;
}

static int note_remedy(void)
{
    diag_note("compile with --profile-generate, everything else the same, and run the executable");
    return -1;
}

/* ---- The folder -------------------------------------------------------------------------------
 */

static bool is_name(const char *name)
{
    static const char digits[] = "0123456789abcdef";
    size_t len = strlen(name);
    return len > 2 * HASH_DIGITS + 2 && strspn(name, digits) == HASH_DIGITS &&
           name[HASH_DIGITS] == '-' && name[len - HASH_DIGITS - 1] == '-' &&
           strspn(name + len - HASH_DIGITS, digits) == HASH_DIGITS;
}

/* Of the profiles that are there, the one most like `name`: the same module, and if there are
 * several the same compiler. Allocated, or NULL. */
static char *find_like(DIR *dir, const char *name)
{
    char *best = NULL;
    size_t best_same = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        size_t same = 0;
        if (!is_name(entry->d_name))
            continue;
        while (name[same] != 0 && name[same] == entry->d_name[same])
            same++;
        if (best != NULL && same <= best_same)
            continue;
        free(best);
        best = alloc_copy_text(entry->d_name);
        best_same = same;
    }
    return best;
}

static void report_other(const char *shown, const char *name, const char *other)
{
    size_t compiler = HASH_DIGITS + 1, len = strcspn(other + compiler, "-");
    if (strncmp(name, other, compiler) != 0)
        diag_error("the profile in '%s' is of another module", shown);
    else if (strncmp(name + compiler, other + compiler, len + 1) != 0)
        diag_error("the profile in '%s' was made with %.*s; this is %.*s", shown, (int)len,
                   other + compiler, (int)strcspn(name + compiler, "-"), name + compiler);
    else
        diag_error("the profile in '%s' was made with other options, or another version of "
                   "daggercc, wasm2c or the C compiler",
                   shown);
}

/* The folder of this program in the one of --profile-use; allocated, or NULL after a message. */
static char *find_folder(const struct profile *profile, const struct options *options)
{
    const char *shown = text_shown(options->profile_use);
    char *top = realpath(options->profile_use, NULL);
    DIR *dir = top != NULL ? opendir(top) : NULL;
    if (dir == NULL) {
        diag_error("can't read the profile '%s':", shown);
        note_remedy();
        free(top);
        return NULL;
    }
    char *path = alloc_format("%s/%s", top, profile->name);
    if (access(path, F_OK) != 0) {
        char *other = find_like(dir, profile->name);
        if (other != NULL)
            report_other(shown, profile->name, other);
        else
            diag_error("there is no profile in '%s'", shown);
        note_remedy();
        free(other);
        free(path);
        path = NULL;
    }
    closedir(dir);
    free(top);
    return path;
}

/* ---- gcc --------------------------------------------------------------------------------------
 */

static uint32_t word_at(const struct input *file, size_t at)
{
    const uint8_t *bytes = file->bytes + at;
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* gcov-io.h: magic, version, stamp and since gcc 12 a checksum; then records of a tag and a length
 * (since gcc 12 in bytes, before in words; negative where all counts are 0) to the file's end,
 * which a tag of 0 may mark. */
static bool is_whole(const struct input *file, unsigned version)
{
    enum { MAGIC = 0x67636461, LETTERS_AT = 6 };
    bool in_bytes = version >= 12;
    size_t at = in_bytes ? 16 : 12;
    if (file->size < at || file->size % 4 != 0 || word_at(file, 0) != MAGIC ||
        file->bytes[LETTERS_AT] != '0' + version % 10 ||
        file->bytes[LETTERS_AT + 1] != 'A' + version / 10)
        return false;
    while (at < file->size && word_at(file, at) != 0) {
        if (file->size - at < 8)
            return false;
        int32_t len = (int32_t)word_at(file, at + 4);
        uint64_t bytes = len < 0 ? 0 : (uint64_t)len * (in_bytes ? 1 : 4);
        at += 8;
        if (bytes % 4 != 0 || bytes > file->size - at)
            return false;
        at += bytes;
    }
    return at == file->size || at + 4 == file->size;
}

/* In the temporary folder gcc finds it without being told a name, which would be in the output. */
static int copy_part(const char *path, const char *name, unsigned version)
{
    struct input file = {0};
    int result = input_read(&file, path);
    if (result == 0 && !is_whole(&file, version))
        result = report_damage(path, "not what this gcc writes");
    FILE *out = result == 0 ? temp_create(name) : NULL;
    if (out != NULL)
        fwrite(file.bytes, 1, file.size, out);
    result = out != NULL ? temp_close(out, name) : -1;
    input_release(&file);
    return result;
}

static int fetch_gcc(const char *folder, unsigned version, const struct args *parts)
{
    int result = 0;
    for (size_t i = 0; i < parts->count && result == 0; i++) {
        char *name = alloc_format("%s.gcda", parts->items[i]);
        char *path = alloc_format("%s/%s", folder, name);
        if (access(path, F_OK) == 0) {
            result = copy_part(path, name, version);
        } else {
            diag_error("the profile is not complete: can't read '%s':", text_shown(path));
            result = note_remedy();
        }
        free(path);
        free(name);
    }
    return result;
}

/* ---- clang ------------------------------------------------------------------------------------
 */

/* The one beside clang, which reads what that clang's runtime writes; allocated, or NULL. */
static char *find_tool(const struct profile *profile, const struct compiler *compiler)
{
    char *name = compiler_ask(compiler, "-print-prog-name=llvm-profdata");
    char *versioned = alloc_format("llvm-profdata-%u", profile->version), *path = NULL;
    if (name != NULL && strchr(name, '/') != NULL)
        path = run_find(name);
    if (path == NULL)
        path = run_find(versioned);
    if (path == NULL)
        path = run_find("llvm-profdata");
    free(versioned);
    free(name);
    return path;
}

static int report_no_tool(const struct profile *profile)
{
    diag_error("can't find llvm-profdata, which reads the profiles of clang %u", profile->version);
    diag_note("install it (apt install llvm-%u), or use gcc for both compilations",
              profile->version);
    return -1;
}

int profile_check_tool(const struct profile *profile, const struct compiler *compiler)
{
    char *path = find_tool(profile, compiler);
    free(path);
    return path != NULL ? 0 : report_no_tool(profile);
}

static int is_raw(const struct dirent *entry)
{
    static const char ending[] = ".profraw";
    size_t len = strlen(entry->d_name), end = sizeof ending - 1;
    return len > end && strcmp(entry->d_name + len - end, ending) == 0;
}

/* Adds the files of the folder, in the order of their names. llvm-profdata takes an empty one,
 * which a run that was killed may leave, for one without counts. */
static int add_files(struct args *argv, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_raw, alphasort), result = 0;
    for (int i = 0; i < count; i++) {
        struct stat status;
        char *path = alloc_format("%s/%s", folder, entries[i]->d_name);
        if (result == 0 && (stat(path, &status) != 0 || status.st_size == 0))
            result = report_damage(path, "empty");
        args_add(argv, path);
        free(path);
        free(entries[i]);
    }
    free(entries);
    if (count > 0)
        return result;
    diag_error("the profile is not complete: '%s' has no file of clang's", text_shown(folder));
    return note_remedy();
}

static int fetch_clang(const char *folder, const struct profile *profile,
                       const struct compiler *compiler)
{
    struct run_job job = {.name = "llvm-profdata"};
    char *tool = find_tool(profile, compiler);
    if (tool == NULL)
        return report_no_tool(profile);
    args_add(&job.argv, tool);
    free(tool);
    args_add(&job.argv, "merge");
    args_add(&job.argv, "-o");
    args_add(&job.argv, PROFILE_MERGED);
    int result = compiler->options->dry_run ? 0 : add_files(&job.argv, folder);
    if (result == 0 && run_jobs(&job, 1, 1, NULL) != 0) {
        run_report(&job);
        diag_error("the profile is damaged, or this llvm-profdata is not of clang %u",
                   profile->version);
        diag_note(
            "install llvm-%u, or remove '%s' and run the executable of --profile-generate again",
            profile->version, text_shown(folder));
        result = -1;
    }
    run_job_release(&job);
    return result;
}

int profile_fetch(const struct profile *profile, const struct compiler *compiler,
                  const struct args *parts)
{
    bool dry_run = compiler->options->dry_run;
    char *folder = dry_run ? alloc_copy_text("") : find_folder(profile, compiler->options);
    if (folder == NULL)
        return -1;
    int result = 0;
    if (profile->clang)
        result = fetch_clang(folder, profile, compiler);
    else if (!dry_run)
        result = fetch_gcc(folder, profile->version, parts);
    free(folder);
    return result;
}
