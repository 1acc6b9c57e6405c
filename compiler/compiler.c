/* Which C compiler it is, and what it is like. */
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "compile.h"
#include "diag.h"
#include "run.h"

static int split_variable(struct args *words, const char *name, const char *text)
{
    if (text != NULL && args_add_words(words, text) != 0) {
        diag_error("%s: a quote is not closed", name);
        return -1;
    }
    return 0;
}

static unsigned processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

static void report_no_compiler(const struct compiler *compiler)
{
    const struct target *target = compiler->options->cc == NULL ? compiler->options->target : NULL;
    char shown[400];
    text_escape(shown, sizeof shown, compiler->cc.items[0], strlen(compiler->cc.items[0]));
    diag_error("can't find the C compiler '%s':", shown);
    if (target != NULL)
        diag_note("install it (apt install %s), or name a compiler by --cc", target->packages);
    else
        diag_note("install gcc or clang, or name a compiler by --cc or CC");
}

/* clang compiles for all targets. */
static void tell_target(struct compiler *compiler)
{
    const struct options *options = compiler->options;
    char *version = options->target != NULL ? compiler_ask(compiler, "--version") : NULL;
    if (version != NULL && strstr(version, "clang") != NULL)
        args_add_format(&compiler->cc, "--target=%s", options->target->triple);
    free(version);
}

static int find_compiler(struct compiler *compiler)
{
    const struct target *target = compiler->options->target;
    const char *variable = getenv("CC"), *from = "--cc", *text = compiler->options->cc;
    if (text == NULL && target != NULL) {
        char *own = target_compiler(target);
        args_add(&compiler->cc, own);
        free(own);
    } else if (text == NULL) {
        from = "CC";
        text = variable != NULL && variable[strspn(variable, " \t")] != 0 ? variable : "cc";
    }
    if (split_variable(&compiler->cc, from, text) != 0)
        return -1;
    if (compiler->cc.count == 0) {
        diag_error("%s names no compiler", from);
        return -1;
    }
    char *path = run_find(compiler->cc.items[0]);
    if (path == NULL) {
        report_no_compiler(compiler);
        return -1;
    }
    free(compiler->cc.items[0]);
    compiler->cc.items[0] = path;
    tell_target(compiler);
    return 0;
}

int compiler_init(struct compiler *compiler, const struct options *options,
                  const struct places *places)
{
    *compiler = (struct compiler){
        .options = options,
        .places = places,
        .at_once = options->jobs > 0 ? options->jobs : processors(),
    };
    if (find_compiler(compiler) != 0 ||
        split_variable(&compiler->cflags, "CFLAGS", getenv("CFLAGS")) != 0 ||
        split_variable(&compiler->ldflags, "LDFLAGS", getenv("LDFLAGS")) != 0)
        return -1;
    return 0;
}

void compiler_release(struct compiler *compiler)
{
    args_release(&compiler->cc);
    args_release(&compiler->cflags);
    args_release(&compiler->ldflags);
    args_release(&compiler->guest_flags);
    args_release(&compiler->link_flags);
}

static bool defines(const struct run_job *job, const char *name)
{
    char *line = alloc_format("#define %s ", name);
    bool result = job->output != NULL && memmem(job->output, job->output_len, line, strlen(line));
    free(line);
    return result;
}

/* It must compile for the processor and the C library that the runtime is for. */
static int check_target(const struct compiler *compiler, const struct run_job *job)
{
    const struct target *target = compiler->options->target;
    if (target == NULL)
        return 0;
    char *macro = target_macro(target);
    bool fits = defines(job, macro) && defines(job, "__GLIBC__") != target_is_musl(target);
    free(macro);
    if (fits)
        return 0;
    diag_error("the C compiler %s does not compile for %s", text_shown(compiler->cc.items[0]),
               target->triple);
    diag_note("leave --cc out, or have it name one that does");
    return -1;
}

/* With --target, nothing is taken on trust: it might be the compiler of another one. */
static void report_no_answer(const struct compiler *compiler)
{
    diag_error("the C compiler %s does not say what it compiles for",
               text_shown(compiler->cc.items[0]));
    diag_note("to see why, run it with CFLAGS and -include features.h -dM -E -xc /dev/null");
}

int compiler_identify(struct compiler *compiler)
{
    struct run_job job = {.name = "cc", .keep_stdout = true};
    args_add_all(&job.argv, &compiler->cc);
    args_add_all(&job.argv, &compiler->cflags);
    if (compiler->options->target != NULL) { /* says which C library it is */
        args_add(&job.argv, "-include");
        args_add(&job.argv, "features.h");
    }
    args_add(&job.argv, "-dM");
    args_add(&job.argv, "-E");
    args_add(&job.argv, "-xc");
    args_add(&job.argv, "/dev/null");
    int result = 0;
    if (run_ask(&job) == 0) {
        compiler->is_for_x86_64 = defines(&job, "__x86_64__") && !defines(&job, "__ILP32__");
        compiler->is_gcc = defines(&job, "__GNUC__") && !defines(&job, "__clang__");
        result = check_target(compiler, &job);
    } else if (compiler->options->target != NULL) {
        result = -1;
        if (run_interrupted() == 0)
            report_no_answer(compiler);
    }
    run_job_release(&job);
    return result;
}

char *compiler_ask(const struct compiler *compiler, const char *question)
{
    struct run_job job = {.name = "cc", .keep_stdout = true};
    args_add_all(&job.argv, &compiler->cc);
    args_add(&job.argv, question);
    char *answer = NULL;
    if (run_ask(&job) == 0 && job.output_len > 1) {
        answer = alloc_format("%.*s", (int)job.output_len, job.output);
        answer[strcspn(answer, "\n")] = 0;
    }
    run_job_release(&job);
    return answer;
}
