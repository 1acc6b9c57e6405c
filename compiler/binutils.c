/* What is done with objects by strip, objcopy and ar. */
#include <stdlib.h>

#include "alloc.h"
#include "compile.h"
#include "diag.h"
#include "output.h"
#include "run.h"
#include "temp.h"

/* The compiler's own: another target has others. NULL after a message; allocated. */
static char *find_tool(const struct compiler *compiler, const char *tool, const char *wanted_by)
{
    const struct target *target = compiler->options->target;
    char *own = alloc_format("%s-%s", target != NULL ? target->triple : "", tool);
    char *question = alloc_format("-print-prog-name=%s", tool);
    char *name = compiler_ask(compiler, question);
    char *path = target != NULL ? run_find(own) : NULL;
    if (path == NULL && name != NULL)
        path = run_find(name);
    if (path == NULL)
        path = run_find(tool);
    if (path == NULL) {
        diag_error("%s: can't find the program %s:", wanted_by, tool);
        diag_note("install binutils, or leave %s out", wanted_by);
    }
    free(name);
    free(question);
    free(own);
    return path;
}

/* Runs the tool with what is in `argv`, whose first word it becomes; releases that. */
static int run_tool(const struct compiler *compiler, const char *tool, const char *wanted_by,
                    struct args *more)
{
    struct run_job job = {.name = tool};
    char *path = find_tool(compiler, tool, wanted_by);
    int result = -1;
    if (path != NULL) {
        args_add(&job.argv, path);
        args_add_all(&job.argv, more);
        result = run_jobs(&job, 1, 1, NULL);
        if (result != 0)
            run_report(&job);
    }
    run_job_release(&job);
    args_release(more);
    free(path);
    return result;
}

int compiler_strip(const struct compiler *compiler)
{
    struct args argv = ARGS_EMPTY;
    args_add(&argv, OUT_FILE);
    return run_tool(compiler, "strip", "-s", &argv);
}

static int keep_symbols(const struct compiler *compiler, const char *kept, const char *member)
{
    struct args argv = ARGS_EMPTY;
    args_add_format(&argv, "--keep-global-symbols=%s", kept);
    if (compiler->options->strip)
        args_add(&argv, "--strip-unneeded");
    args_add(&argv, OUT_FILE);
    args_add_format(&argv, "%s.o", member);
    return run_tool(compiler, "objcopy", "--emit=archive", &argv);
}

static int copy_runtime(const struct compiler *compiler)
{
    char *from = alloc_format("%s/libdagger_embed.a", compiler->places->library);
    char *to = temp_path(ARCHIVE_FILE);
    int result = compiler->options->dry_run ? 0 : output_deliver(from, to, false);
    free(to);
    free(from);
    return result;
}

int compiler_archive(const struct compiler *compiler, const char *kept, const char *member)
{
    struct args argv = ARGS_EMPTY;
    if (keep_symbols(compiler, kept, member) != 0 || copy_runtime(compiler) != 0)
        return -1;
    args_add(&argv, "qcsD");
    args_add(&argv, ARCHIVE_FILE);
    args_add_format(&argv, "%s.o", member);
    return run_tool(compiler, "ar", "--emit=archive", &argv);
}
