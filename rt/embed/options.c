/* What an instance's streams are given of struct dagger_options. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "instance.h"
#include "watch.h"

static int out_of_memory(void)
{
    return dagger_result_because(DAGGER_RESULT_FAILED, "out of memory");
}

static int copy_text(const char *text, char **copy)
{
    *copy = text ? strdup(text) : NULL;
    return text && !*copy ? out_of_memory() : 0;
}

/* The pointers, and behind them the text. */
static int copy_list(const char *const *list, const char ***copy)
{
    size_t count = 0, bytes = 0;
    if (!list)
        return 0;
    for (; list[count]; count++)
        bytes += strlen(list[count]) + 1;
    *copy = malloc((count + 1) * sizeof **copy + bytes);
    if (!*copy)
        return out_of_memory();
    char *text = (char *)(*copy + count + 1);
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(list[i]) + 1;
        (*copy)[i] = memcpy(text, list[i], len);
        text += len;
    }
    (*copy)[count] = NULL;
    return 0;
}

/* The host that stream kinds hand on is the process's own, never a copy. The call that asks is in
 * the middle of its work on the instance's streams: should the program call back, they are busy. */
static bool is_allowed(const struct dagger_host *host, const struct dagger_url *url)
{
    struct w2c_dagger *imports =
        (struct w2c_dagger *)((char *)host - offsetof(struct w2c_dagger, process.host));
    const struct dagger_instance *instance = (const struct dagger_instance *)imports;
    char text[DAGGER_URL_MAX + 1];
    size_t len = url->whole.len < sizeof text ? url->whole.len : sizeof text - 1;
    memcpy(text, url->whole.data, len);
    text[len] = '\0';
    uint8_t watched = imports->watched;
    imports->watched = DAGGER_WATCH_BUSY;
    bool allowed = instance->allowed(instance->context, text);
    imports->watched = watched;
    return allowed;
}
_Static_assert(offsetof(struct dagger_instance, runtime) == 0 &&
                   offsetof(struct dagger_state, imports) == 0,
               "an instance is found by its imports");

static int check(const struct dagger_options *options)
{
    struct stat root;
    if (options->root && (stat(options->root, &root) != 0 || !S_ISDIR(root.st_mode)))
        return dagger_result_because(DAGGER_RESULT_FAILED, "the root is not a directory");
    if (options->connect_timeout_ms < 0 || options->idle_timeout_ms < 0)
        return dagger_result_because(DAGGER_RESULT_FAILED, "a timeout is negative");
    for (const char *const *each = options->environment; each && *each; each++)
        if (**each == '=' || !strchr(*each, '='))
            return dagger_result_because(DAGGER_RESULT_FAILED,
                                         "environment: expected NAME=VALUE, found \"%e\"", *each);
    return 0;
}

int dagger_options_take(struct dagger_instance *instance, const struct dagger_options *options,
                        struct dagger_host *host)
{
    int result = check(options);
    if (result == 0)
        result = copy_text(options->root, &instance->root);
    if (result == 0)
        result = copy_text(options->ca_file, &instance->ca_file);
    if (result == 0)
        result = copy_list(options->arguments, &instance->arguments);
    if (result == 0)
        result = copy_list(options->environment, &instance->environment);
    instance->allowed = options->allowed;
    instance->context = options->context;
    *host = (struct dagger_host){
        .root = instance->root,
        .ca_file = instance->ca_file,
        .connect_timeout_ms = options->connect_timeout_ms,
        .idle_timeout_ms = options->idle_timeout_ms,
        .arguments = instance->arguments,
        .environment = instance->environment,
        .allowed = options->allowed ? is_allowed : NULL,
    };
    return result;
}

void dagger_options_drop(struct dagger_instance *instance)
{
    free(instance->root);
    free(instance->ca_file);
    free(instance->arguments);
    free(instance->environment);
}
