#include "wasm2c.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "alloc.h"
#include "diag.h"
#include "run.h"

static const struct wasm2c_version versions[] = {
#define X(patch, trusted) {"1.0." #patch, 1000 + (patch), trusted},
    WASM2C_VERSIONS(X)
#undef X
};
enum { VERSION_COUNT = sizeof versions / sizeof *versions };

/* How a candidate turned out; `reason` is empty when it is good. */
struct verdict {
    bool found; /* there is a program of that name */
    char reason[600];
};

/* "1.0.39", or what a build from the version control says: "1.0.36 (git~1.0.37)", where the tag in
 * parentheses counts. Returns 1039, or 0 for anything else, commits after a tag included. */
static int parse_version(const char *text)
{
    const char *tag = strstr(text, "(git~");
    const char *at = tag != NULL ? tag + 5 : text;
    int major, minor, patch, len = 0;
    if (sscanf(at, "%3d.%3d.%3d%n", &major, &minor, &patch, &len) != 3 || len == 0)
        return 0;
    if (at[len] != 0 && strchr(tag != NULL ? ")" : " \n", at[len]) == NULL)
        return 0;
    return minor == 0 && patch >= 0 ? major * 1000 + patch : 0;
}

static const struct wasm2c_version *judge(const char *text, struct verdict *verdict)
{
    int number = parse_version(text);
    for (size_t i = 0; i < VERSION_COUNT; i++)
        if (versions[i].number == number)
            return &versions[i];
    char escaped[100];
    text_escape(escaped, sizeof escaped, text, strcspn(text, "\n"));
    const char *why = number != 0 && number <= 1032
                          ? "a module's names can become code in what it writes"
                      : number != 0 && number < versions[0].number
                          ? "what it writes needs another runtime interface"
                          : "not known to this daggercc";
    snprintf(verdict->reason, sizeof verdict->reason, "version '%s' is not usable: %s", escaped,
             why);
    return NULL;
}

/* Is it the npm package's, a script for node? */
static bool is_node_script(const char *path)
{
    char line[64] = "";
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    bool is = fgets(line, sizeof line, file) != NULL && strncmp(line, "#!", 2) == 0 &&
              strstr(line, "node") != NULL;
    fclose(file);
    return is;
}

/* Copies the string that `"key": "..."` holds in a package.json; the npm client wrote it, so it is
 * on a line of its own. */
static bool read_json_string(const char *path, const char *key, char *value, size_t cap)
{
    FILE *file = fopen(path, "re");
    char line[512], quoted[64];
    bool found = false;
    if (file == NULL)
        return false;
    snprintf(quoted, sizeof quoted, "\"%s\":", key);
    while (!found && fgets(line, sizeof line, file) != NULL) {
        const char *at = line + strspn(line, " \t");
        if (strncmp(at, quoted, strlen(quoted)) != 0)
            continue;
        at += strlen(quoted);
        at += strspn(at, " \t");
        size_t len = *at == '"' ? strcspn(at + 1, "\"") : 0;
        found = len > 0 && len < cap;
        if (found)
            snprintf(value, cap, "%.*s", (int)len, at + 1);
    }
    fclose(file);
    return found;
}

/* The package's own number: "1.0.36 (git~1.0.37)" is what its wasm2c says for 1.0.37, and starting
 * node to hear that takes longer than translating a small module. */
static bool package_version(const char *script, char *version, size_t cap)
{
    char name[32] = "";
    char *real = realpath(script, NULL); /* node_modules/.bin/wasm2c is a link */
    char *slash = real != NULL ? strrchr(real, '/') : NULL;
    if (slash == NULL) {
        free(real);
        return false;
    }
    *slash = 0;
    char *json = alloc_format("%s/../package.json", real);
    bool found = read_json_string(json, "name", name, sizeof name) && strcmp(name, "wabt") == 0 &&
                 read_json_string(json, "version", version, cap);
    free(json);
    free(real);
    return found;
}

/* Runs "PROGRAM OPTION" and gives what it prints, terminated. */
static bool ask(const char *program, const char *option, char *answer, size_t cap)
{
    struct run_job job = {.name = "wasm2c", .keep_stdout = true, .cpu_seconds = 10};
    args_add(&job.argv, program);
    args_add(&job.argv, option);
    bool good = run_ask(&job) == 0;
    snprintf(answer, cap, "%.*s", good ? (int)job.output_len : 0, good ? job.output : "");
    run_job_release(&job);
    return good;
}

static const struct wasm2c_version *ask_version(const char *path, struct verdict *verdict)
{
    char answer[8192];
    if (!ask(path, "--version", answer, sizeof answer)) {
        snprintf(verdict->reason, sizeof verdict->reason, "it does not tell its version");
        return NULL;
    }
    const struct wasm2c_version *version = judge(answer, verdict);
    /* A tarball of 1.0.37 was released saying 1.0.36; it has an option that 1.0.36 has not. */
    if (version == &versions[0] && ask(path, "--help", answer, sizeof answer) &&
        strstr(answer, "custom-page-sizes") != NULL)
        version = &versions[1];
    return version;
}

static int use_node(struct wasm2c *wasm2c, const struct places *places, struct verdict *verdict)
{
    char version[64];
    wasm2c->node = run_find("node");
    wasm2c->runner = alloc_format("%s/wasm2c/wasm2c-node.mjs", places->share);
    if (wasm2c->node == NULL) {
        snprintf(verdict->reason, sizeof verdict->reason, "it needs node, which is not on PATH");
        return -1;
    }
    if (access(wasm2c->runner, R_OK) != 0) {
        snprintf(verdict->reason, sizeof verdict->reason, "its runner '%s' is missing",
                 text_shown(wasm2c->runner));
        return -1;
    }
    wasm2c->version = package_version(wasm2c->path, version, sizeof version)
                          ? judge(version, verdict)
                          : ask_version(wasm2c->path, verdict);
    return wasm2c->version != NULL ? 0 : -1;
}

/* Judges one candidate. Returns 0, or -1 with the reason. */
static int try(struct wasm2c *wasm2c, const char *name, const struct places *places,
               struct verdict *verdict)
{
    *wasm2c = (struct wasm2c){.path = run_find(name)};
    *verdict = (struct verdict){.found = wasm2c->path != NULL};
    int result = -1;
    if (wasm2c->path == NULL) {
        snprintf(verdict->reason, sizeof verdict->reason, "%s", strerror(errno));
    } else if (is_node_script(wasm2c->path)) {
        result = use_node(wasm2c, places, verdict);
    } else {
        wasm2c->version = ask_version(wasm2c->path, verdict);
        result = wasm2c->version != NULL ? 0 : -1;
    }
    if (result != 0)
        wasm2c_release(wasm2c);
    return result;
}

static int refuse(const char *origin, const char *name, const struct verdict *verdict)
{
    if (run_interrupted() != 0)
        return -1;
    diag_error("can't use wasm2c '%s' (%s): %s", text_shown(name), origin, verdict->reason);
    diag_note("supported are %s to %s", versions[0].text, versions[VERSION_COUNT - 1].text);
    return -1;
}

int wasm2c_find(struct wasm2c *wasm2c, const char *wanted, const struct places *places,
                bool verbose)
{
    struct verdict verdict, on_path;
    const char *variable = getenv("DAGGER_WASM2C");
    if (wanted != NULL)
        return try(wasm2c, wanted, places, &verdict) == 0 ? 0
                                                          : refuse("--wasm2c", wanted, &verdict);
    if (variable != NULL && *variable != 0)
        return try(wasm2c, variable, places, &verdict) == 0
                   ? 0
                   : refuse("DAGGER_WASM2C", variable, &verdict);
    if (try(wasm2c, "wasm2c", places, &on_path) == 0)
        return 0;
    char *pinned = alloc_format("%s/wasm2c/node_modules/wabt/bin/wasm2c", places->share);
    int result = try(wasm2c, pinned, places, &verdict);
    if (result == 0 && verbose && on_path.found)
        diag_note("wasm2c on PATH is passed over: %s", on_path.reason);
    if (result != 0 && run_interrupted() == 0) {
        diag_error("no usable wasm2c");
        diag_note("on PATH: %s", on_path.reason);
        diag_note("'%s': %s", text_shown(pinned), verdict.reason);
        diag_note("run 'npm ci' in '%s/wasm2c', or install wabt %s to %s",
                  text_shown(places->share), versions[0].text, versions[VERSION_COUNT - 1].text);
    }
    free(pinned);
    return result;
}

/* How much of the process's stack node may use, in KiB: 60000 where the system's limit leaves room
 * for that and a little more. */
static long node_stack_kib(void)
{
    struct rlimit stack;
    const rlim_t wished = 60000, reserve = 1024;
    if (getrlimit(RLIMIT_STACK, &stack) != 0)
        return 900;
    if (stack.rlim_max == RLIM_INFINITY || stack.rlim_max / 1024 > wished + reserve)
        return (long)wished;
    rlim_t kib = stack.rlim_max / 1024;
    return kib > 2 * reserve ? (long)(kib - reserve) : 900;
}

static void add_program(const struct wasm2c *wasm2c, const char *path, struct args *argv)
{
    if (wasm2c->node != NULL) {
        args_add(argv, wasm2c->node);
        args_add_format(argv, "--stack-size=%ld", node_stack_kib());
        args_add(argv, wasm2c->runner);
    }
    args_add(argv, path);
}

void wasm2c_command(const struct wasm2c *wasm2c, struct args *argv)
{
    add_program(wasm2c, wasm2c->path, argv);
}

int wasm2c_wat2wasm_command(const struct wasm2c *wasm2c, struct args *argv)
{
    char *real = realpath(wasm2c->path, NULL);
    char *slash = real != NULL ? strrchr(real, '/') : NULL;
    char *beside = slash != NULL ? alloc_format("%.*s/wat2wasm", (int)(slash - real), real)
                                 : alloc_copy_text("");
    char *on_path = NULL;
    int result = 0;
    if (access(beside, wasm2c->node != NULL ? R_OK : X_OK) == 0) {
        add_program(wasm2c, beside, argv);
    } else if ((on_path = run_find("wat2wasm")) != NULL) {
        args_add(argv, on_path);
    } else {
        diag_error("the module is in the text format, and wat2wasm is not installed");
        diag_note("install wabt (apt install wabt), or give the module in the binary format");
        result = -1;
    }
    free(on_path);
    free(beside);
    free(real);
    return result;
}

void wasm2c_release(struct wasm2c *wasm2c)
{
    free(wasm2c->path);
    free(wasm2c->node);
    free(wasm2c->runner);
    *wasm2c = (struct wasm2c){0};
}
